"""``tracepro new-plugin``: what it refuses, and that it writes a whole plugin or nothing. tests/packaging installs and runs what it writes."""

import errno
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tracepro.cli.main import main

ROOT = Path(__file__).parents[2]
SHORT, LONG = "a", "z2345678901234567890"


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    return tmp_path


def sentence(capsys, *words):
    """Return the one line that a refused command says."""
    assert main(["new-plugin", *words]) == 1
    said = capsys.readouterr()
    assert said.out == "" and said.err.count("\n") == 1
    return said.err


@pytest.mark.parametrize(
    ("name", "why"),
    [
        *(
            (name, "is not")
            for name in ("", "Torque", "2d", "my-plugin", "my_plugin", "../x", "é", f"{LONG}1")
        ),
        *((name, "of Python") for name in ("class", "json")),
        *((name, "of TracePRO itself") for name in ("boxes", "hookspecs", "schemas")),
        ("ovens", "installed already, by tracepro-ovens"),
    ],
)
def test_a_name_that_is_none_or_is_taken_is_refused(folder, capsys, name, why):
    assert why in sentence(capsys, name)
    assert os.listdir(folder) == []


def test_a_folder_that_is_there_is_left_alone(folder, capsys):
    (folder / "tracepro-scales").mkdir()
    assert "there already" in sentence(capsys, "scales")
    assert os.listdir(folder) == ["tracepro-scales"] and os.listdir(folder / "tracepro-scales") == []


def test_a_folder_below_one_that_is_not_there_is_refused(folder, capsys):
    assert "make it first" in sentence(capsys, "scales", "plugins/scales")
    assert os.listdir(folder) == []


def test_a_full_disk_leaves_nothing_half_written(folder, capsys, monkeypatch):
    written = []

    def write_text(file, text, encoding):
        written.append(file)
        if len(written) == 5:
            raise OSError(errno.ENOSPC, "No space left on device", str(file))

    monkeypatch.setattr(Path, "write_text", write_text)
    assert "No space left on device" in sentence(capsys, "scales")
    assert len(written) == 5 and os.listdir(folder) == []


def test_the_folder_may_be_named_and_nothing_in_it_is_left_to_fill_in(folder, capsys):
    assert main(["new-plugin", "scales", "made here"]) == 0
    assert "cd 'made here'" in capsys.readouterr().out
    assert os.listdir(folder) == ["made here"]
    files = [file for file in Path("made here").rglob("*") if file.is_file()]
    assert len(files) > 14
    assert not [file for file in files if "NAME" in f"{file}{file.read_text('utf-8')}"]


@pytest.mark.parametrize("name", [SHORT, LONG])
def test_what_is_written_is_as_the_linter_wants_it_whatever_the_name(folder, name):
    assert main(["new-plugin", name]) == 0
    for words in (("check",), ("format", "--check")):
        command = [
            Path(sys.executable).parent / "ruff",
            *words,
            "--config",
            ROOT / "ruff.toml",
            "--no-cache",
            ".",
        ]
        done = subprocess.run(command, capture_output=True, text=True, timeout=60)
        assert done.returncode == 0, done.stdout + done.stderr
