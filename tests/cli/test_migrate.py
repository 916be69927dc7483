"""``tracepro migrate``: what it would do, how far it is, and what it refuses."""

import re

import pytest

from tracepro.cli.progress import Lines
from tracepro.database.lock_file import LockFile

LATER = '''
"""Gives shelves a height."""
from tracepro.database import Key, Model

class Shelf(Model):
    id = Key()

    class Meta:
        table_name = "shelves_shelf"

def migrate(schema):
    schema.define("ALTER TABLE shelves_shelf ADD COLUMN height INTEGER NOT NULL DEFAULT 0")
    for done, (number,) in enumerate(schema.db.rows(Shelf.select(Shelf.id)), 1):
        schema.progress(done, 2)
'''


@pytest.fixture
def later(plant, shelf, run, plant_file):
    """Bring a new version of the plugin, to a plant with two shelves; it can be taken back."""
    run("import", plant_file({"shelves": [{"name": "A"}, {"name": "B"}]}))
    file = shelf.folder / "tracepro_shelves_pkg" / "migrations" / "0002_height.py"
    file.write_text(LATER)
    return file


def test_the_plan_says_what_would_be_done_and_does_nothing(run, later):
    for _ in range(2):
        code, out, err = run("migrate", "--plan")
        assert (code, err) == (0, "")
        assert out.splitlines() == [
            "shelves/0002_height: Gives shelves a height",
            "    goes through shelves_shelf (2 rows)",
            "1 to apply, 2 rows to go through. Nothing was changed.",
        ]
    assert run("migrate") == (0, "applied shelves/0002_height", "")
    assert run("migrate", "--plan") == (0, "The database is up to date.", "")


COMMANDS = (
    ["check"],
    ["migrate"],
    ["migrate", "--plan"],
    ["import", "plant.json"],
    ["token", "list"],
    ["token", "create", "a", "--scope", "read"],
    ["audit", "export"],
    ["backup", "copy.db"],
    ["archive", "old", "--older-than", "400", "--plan"],
    ["plugins", "release", "shelves"],
    ["shelves", "hello"],
)
"""What works with the database."""


def test_every_command_of_an_older_version_refuses_newer_tables_in_one_sentence(
    plant, run, later, monkeypatch
):
    assert run("migrate")[0] == 0
    later.unlink()
    (plant / "plant.json").write_text('{"shelves": []}')
    for words in COMMANDS:
        code, out, err = run(*words)
        assert (code, out) == (1, ""), words
        assert len(err.splitlines()) == 1 and "has the migrations shelves/0002_height" in err, words
        assert "nothing was changed. Install the version that migrated it, or a newer one." in err


def test_no_command_but_migrate_makes_a_database(plant, run, monkeypatch):
    monkeypatch.setenv("TRACEPRO_DATABASE", f"sqlite:///{plant}/mistyped.db")
    (plant / "plant.json").write_text('{"shelves": []}')
    for words in COMMANDS:
        if words != ["migrate"]:
            code, _, err = run(*words)
            assert code == 1 and re.search(r"There is no database .*/mistyped\.db; correct", err), words
    assert run("plugins")[0] == 0
    assert [file.name for file in plant.iterdir() if "mistyped" in file.name] == []
    assert run("migrate")[0] == 0 and (plant / "mistyped.db").exists()


def test_nothing_is_migrated_under_a_running_server(plant, run, later):
    server = LockFile(plant / "tracepro.db.writer")
    assert server.try_take()
    code, out, err = run("migrate")
    assert (code, out) == (1, "") and "stop it first. Nothing was changed." in err
    assert run("migrate", "--plan")[0] == 0, "a plan may be asked for at any time"
    server.release()
    assert run("migrate")[0] == 0


def test_tables_of_a_plugin_that_is_new_trouble_no_server(plant, run, later, monkeypatch):
    monkeypatch.setenv("TRACEPRO_DATABASE", f"sqlite:///{plant}/other.db")
    server = LockFile(plant / "other.db.writer")
    assert server.try_take()
    assert run("migrate")[0] == 0
    server.release()


def test_where_nobody_watches_long_ones_write_a_line_now_and_then(capsys):
    often, seldom = Lines(0.0), Lines(3600.0)
    for lines in (often, seldom):
        lines("items/0005_trimmed_codes", 0, 0)
        lines("items/0005_trimmed_codes", 1000, 2000)
    assert capsys.readouterr().err.splitlines() == [
        "items/0005_trimmed_codes begins",
        "items/0005_trimmed_codes: 1000 of 2000 rows",
    ]


def test_a_terminal_gets_a_bar(run, later, capsys, monkeypatch):
    monkeypatch.setattr("sys.stderr.isatty", lambda: True, raising=False)
    _, _, err = run("migrate")
    assert "shelves/0002_height: 100%" in err and "2.00/2.00" in err
