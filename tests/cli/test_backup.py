"""``tracepro backup`` and ``restore``: what they say, and what follows a database that is behind its plugins."""

import re
import sqlite3
import sys
from contextlib import closing

import pytest

from tracepro.backup.file import opened
from tracepro.backup.schema import rebuild
from tracepro.cli.progress import Bars
from tracepro.cli.site import unchecked_site
from tracepro.database import migrating
from tracepro.database.tables import tables

LATER = """
def migrate(schema):
    schema.define("CREATE TABLE shelves_board (id INTEGER PRIMARY KEY)")
    schema.define("INSERT INTO shelves_board VALUES (7)")
"""
SHELVES = {"shelves": [{"name": "A"}, {"name": "B"}]}


@pytest.fixture
def backup(run, plant_file, tmp_path):
    """A plant of two shelves and its backup."""
    assert run("import", plant_file(SHELVES))[0] == 0
    file = tmp_path / "plant.backup"
    code, out, err = run("backup", str(file))
    assert (code, err) == (0, "")
    first, second = out.splitlines()
    size = file.stat().st_size
    assert re.fullmatch(rf"{file} has all \d+ tables with \d+ rows, in {size} bytes\.", first)
    assert second.endswith(
        "compared with the database of the moment it shows: the rows of each table are the same."
    )
    return str(file)


def test_a_backup_that_is_there_is_refused_with_a_sentence(run, backup):
    assert run("backup", backup) == (
        1,
        "",
        f"{backup} is there already; name another file, or add --overwrite.",
    )
    assert run("backup", backup, "--overwrite")[0] == 0


def test_a_check_tells_when_the_last_backup_is_too_old(run, backup, plant, tmp_path):
    assert "No backup was made" not in run("check")[2]
    with closing(sqlite3.connect(plant / "tracepro.db")) as database, database:
        assert database.execute("SELECT path FROM core_backup_file").fetchall() == [(backup,)]
        database.execute("UPDATE core_backup_file SET tm = tm - 691200000000")
    assert ", 8 days ago; run tracepro backup, or set [database] backup_days" in run("check")[2]
    assert run("backup", str(tmp_path / "again"))[0] == 0
    assert "No backup was made" not in run("check")[2]


def test_a_restore_says_what_it_did(run, backup, count, plant_file, plant):
    assert run("import", plant_file({"shelves": [{"name": "C"}]}))[0] == 0
    code, out, err = run("restore", backup)
    assert (code, out) == (1, "") and err.endswith("or restore into another file.")
    code, out, err = run("restore", backup, "--replace")
    assert (code, err) == (0, "") and count() == 2
    assert out.splitlines()[0].startswith("The database is as it was at 20")
    assert f"What was there before is kept in {plant / 'tracepro.db'}.before-" in out
    assert run("check")[0] == 0
    assert '"method": "tracepro restore"' in run("audit", "export")[1]


def test_before_a_migration_a_backup_is_made_and_restored_all_the_same(run, backup, shelf, tmp_path, count):
    (shelf.folder / "tracepro_shelves_pkg" / "migrations" / "0002_boards.py").write_text(LATER)
    behind = "the rows of each table are the same; the plugins can't read them before `tracepro migrate`"
    code, out, _ = run("backup", str(tmp_path / "behind.backup"))
    assert code == 0 and behind in out
    code, out, _ = run("restore", backup, "--replace")
    assert code == 0 and behind in out
    assert "It lacks the migrations shelves/0002_boards: run `tracepro migrate` before you start" in out
    assert run("migrate")[:2] == (0, "applied shelves/0002_boards") and count() == 2


def test_tables_that_are_made_for_rows_have_none_of_their_own(run, backup, shelf, tmp_path):
    (shelf.folder / "tracepro_shelves_pkg" / "migrations" / "0002_boards.py").write_text(LATER)
    assert run("migrate")[0] == 0
    with unchecked_site() as site, opened(tmp_path / "empty") as db:
        rebuild(site, db, site.store.read(migrating.applied))
        assert {table.name: table.count(db) for table in tables(db, [("shelves", "")])} == {
            "shelves_board": 0,
            "shelves_shelf": 0,
        }


def test_a_bar_is_shown_on_a_terminal_only(capsys, monkeypatch):
    for terminal in (False, True):
        monkeypatch.setattr(sys.stderr, "isatty", lambda terminal=terminal: terminal, raising=False)
        bars = Bars()
        for done in (1, 2):
            bars("pages", done, 2)
        bars("rows", 3, 3)
        bars.close()
        said = capsys.readouterr().err
        assert ("pages" in said and "rows" in said) == terminal
