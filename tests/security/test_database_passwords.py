"""However somebody writes the database's password, no sentence quotes it, nor a part of it."""

import pytest

from tracepro.config.ini import read_ini
from tracepro.config.settings import Settings
from tracepro.findings import Findings, StartError
from tracepro.site import open_site

SECRET = ("SEKRET", "PART2")
URLS = [
    "postgresql://tp:SEKRET@127.0.0.1:1/plant",
    "postgresql://tp:SEKRET@PART2@127.0.0.1:1/plant",
    "postgresql://tp:SEKRET/PART2@127.0.0.1:1/plant",
    "postgresql://localhost:12345/SEKRET@127.0.0.1:1/plant",
    "postgresql://tp:SEKRET?PART2@127.0.0.1:1/plant",
    "postgresql://tp:SEKRET#PART2@127.0.0.1:1/plant",
    "postgresql://tp:[SEKRET]PART2@127.0.0.1:1/plant",
    "postgresql://tp:SEKRET\uff20PART2@127.0.0.1:1/plant",
    "postgresql://tp:SEKRET\u2100PART2@127.0.0.1:1/plant",
    "postgresql://tp:SEKRET PART2@127.0.0.1:1/plant",
    "postgresql://tp:SEKRET%PART2@127.0.0.1:1/plant",
    "postgresql://tp:SEKRET%40PART2@127.0.0.1:1/plant",
    "postgresql://tp@127.0.0.1:1/plant?password=SEKRET",
    "postgres://tp:SEKRET@127.0.0.1:port/plant",
    "host=127.0.0.1 user=tp password=SEKRET dbname=plant",
    "mysql://tp:SEKRET@127.0.0.1/plant",
    "mysql:tp:SEKRET",
    "tp:SEKRET@127.0.0.1/plant",
]
INI = [
    "url = postgresql://tp:SEKRET@127.0.0.1/plant\n[database]\n",
    "[database]\nSEKRET\n",
    "[database]\nurl\nSEKRET PART2\n",
    "[database]\nurl = SEKRET\nurl = PART2\n",
    "[database]\nurl = SEKRET\n[database]\nurl = PART2\n",
    "[database\nurl = SEKRET\n",
]


@pytest.mark.parametrize("url", URLS)
def test_no_sentence_about_a_database_url_has_a_part_of_the_password(url):
    with pytest.raises(StartError) as refused:
        open_site(Settings.of((), database=url))
    assert not [part for part in (*SECRET, "12345") if part in str(refused.value)]


@pytest.mark.parametrize("text", INI)
def test_no_sentence_about_an_ini_file_quotes_a_line(tmp_path, text):
    file = tmp_path / "parameters.ini"
    file.write_text(text)
    findings = Findings()
    assert read_ini(file, findings) == {}
    (finding,) = findings.errors
    assert str(file) in finding.info and any(char.isdigit() for char in finding.info.replace(str(file), ""))
    assert not [part for part in SECRET if part in finding.info]
