"""The two files and the environment become settings; what means nothing there is refused with file and section."""

from pathlib import Path

import pytest

from tracepro.config.database_url import database_url
from tracepro.config.ini import read_ini
from tracepro.config.settings import Settings
from tracepro.findings import Findings


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    return tmp_path


def read(environ=None):
    findings = Findings()
    return Settings.read(findings, environ or {}), findings


def test_the_example_of_the_documentation(folder):
    (folder / "plugins.ini").write_text(
        "[plugins]\nenabled = workplaces workers\n  boxes\n\n; a comment\n[line:SMT-1]\nplugins = workplaces, boxes\n"
        "[plugin:boxes]\ndefault_size = 40\n[plugin:boxes@PACK-2]\ndefault_size = 60\n"
    )
    settings, findings = read()
    assert not findings
    assert settings.enabled == ("workplaces", "workers", "boxes")
    assert settings.lines == {"SMT-1": ("workplaces", "boxes")}
    assert settings.options == {
        ("boxes", None): {"default_size": "40"},
        ("boxes", "PACK-2"): {"default_size": "60"},
    }
    assert settings.parameters == {}


def test_the_environment_names_the_files_and_the_database(folder):
    (folder / "p.ini").write_text("[plugins]\nenabled = a\n")
    (folder / "q.ini").write_text("[site]\ntimezone = Europe/Prague\n")
    environ = {
        "TRACEPRO_PLUGINS": "p.ini",
        "TRACEPRO_PARAMETERS": "q.ini",
        "TRACEPRO_DATABASE": "sqlite:///x.db",
    }
    settings, findings = read(environ)
    assert not findings
    assert settings.parameters == {"site": {"timezone": "Europe/Prague"}}
    assert settings.database == "sqlite:///x.db"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (None, "There is no "),
        ("[line:A]\nplugins=\n", "has no section [plugins]"),
        ("", "has no section [plugins]"),
        ("; nothing yet\n", "has no section [plugins]"),
        ("[plugins]\nenabled =\n", "enables no plugin"),
        ("[plugins]\nenabled = ,\n[line:A]\nplugins =\n", "enables no plugin"),
        ("[plugins]\nenabled = a a b\n", "[plugins] enabled has a twice"),
        ("[plugins]\nenabled = a\nenabeld = b\n", "[plugins] has a key enabeld"),
        ("[plugins]\nenabled = a\n[line:X]\n", "[line:X] has no key plugins"),
        ("[plugins]\nenabled = a\n[lines]\n", "a section [lines] that means nothing"),
        ("enabled = a\n", "is not an ini file"),
        ("[plugins]\nenabled = a\nenabled = b\n", "is not an ini file"),
    ],
)
def test_what_is_wrong_with_plugins_ini_is_one_sentence(folder, text, said):
    if text is not None:
        (folder / "plugins.ini").write_text(text)
    _, findings = read()
    assert len(findings) == 1
    assert said in findings[0].info and "plugins.ini" in findings[0].info
    assert "\n" not in findings[0].info


def test_a_named_parameters_file_must_be_there(folder):
    (folder / "plugins.ini").write_text("[plugins]\nenabled=\n")
    _, findings = read({"TRACEPRO_PARAMETERS": "nowhere.ini"})
    assert "nowhere.ini can't be read" in findings[0].info


def test_a_file_that_is_not_utf8_is_told(folder):
    (folder / "x.ini").write_bytes(b"[site]\nname = \xff\n")
    findings = Findings()
    read_ini(folder / "x.ini", findings)
    assert "is not UTF-8" in findings[0].info


def test_keys_keep_their_case_and_percent_signs(folder):
    (folder / "x.ini").write_text("[stddocs]\nPI10 = 100 %(a)s\n")
    assert read_ini(folder / "x.ini", Findings()) == {"stddocs": {"PI10": "100 %(a)s"}}


@pytest.mark.parametrize(
    ("environment", "written", "url"),
    [
        (None, "", "sqlite:////plant/tracepro.db"),
        (None, "sqlite:///data/x.db", "sqlite:////plant/data/x.db"),
        (None, "sqlite:////var/x.db", "sqlite:////var/x.db"),
        (None, "postgresql://host/x", "postgresql://host/x"),
        ("postgresql://host/y", "sqlite:///x.db", "postgresql://host/y"),
        ("sqlite:///y.db", "sqlite:///x.db", "sqlite:///{cwd}/y.db"),
    ],
)
def test_the_database_is_the_environments_else_the_files_else_beside_it(folder, environment, written, url):
    settings = Settings(database=environment, parameters_file=Path("/plant/parameters.ini"))
    assert database_url(settings, written) == url.format(cwd=folder)
