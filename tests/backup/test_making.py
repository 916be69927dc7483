"""A backup is a whole SQLite file of one moment, or there is none; nobody who books notices it."""

import os
import resource
import sqlite3
import stat
from contextlib import closing, contextmanager
from unittest.mock import patch

import pytest

from tracepro.backup import BackupError, making
from tracepro.database import open_store
from tracepro.plugin.contributions import Registered
from tracepro.testing.server import Server, write_ini
from tracepro_hookspecs import BackupProbe


@pytest.fixture
def open_umask():
    before = os.umask(0)
    yield
    os.umask(before)


def files_of(folder):
    return {file.name for file in folder.iterdir() if "backup" in file.name}


def one(file, sql):
    with closing(sqlite3.connect(file)) as connection:
        return connection.execute(sql).fetchone()[0]


def test_a_backup_is_one_file_of_its_owner_that_shows_one_moment_and_can_be_served(
    plant, back_up, database, tmp_path, open_umask
):
    booked = []

    def book(word, done, total):
        booked.append(plant.call("makebox", "", 0, f"LATE-{len(booked)}")["id"])

    file, proof = back_up(plant, progress=book)
    assert files_of(tmp_path) == {file.name} and stat.S_IMODE(file.stat().st_mode) == 0o600
    assert proof.tables["items_unit"].rows == proof.probed["genealogies"] == 6
    assert len(booked) > 20 and proof.tables["boxes_box"].rows == 3
    assert one(file, "SELECT count(*) FROM boxes_box") == 3
    folder = tmp_path / "drill"
    folder.mkdir()
    write_ini(folder / "plugins.ini", {"plugins": {"enabled": plant.site.settings.enabled}})
    write_ini(folder / "parameters.ini", {})
    said = Server(folder, f"sqlite:///{file}").command("check")
    assert said.returncode == 0, said.stderr


def test_a_file_that_is_there_is_replaced_only_when_told(plant, back_up, tmp_path):
    file, _ = back_up(plant)
    before = file.stat().st_ino
    with pytest.raises(BackupError, match="is there already; name another file, or add --overwrite"):
        back_up(plant)
    assert file.stat().st_ino == before
    back_up(plant, overwrite=True)
    assert file.stat().st_ino != before and files_of(tmp_path) == {file.name}
    with pytest.raises(BackupError, match="is the database itself"):
        making.make_backup(plant.site, plant.site.store.path, overwrite=True, progress=print)
    with pytest.raises(BackupError, match="make the folder"):
        back_up(plant, "nowhere/x.backup")
    with pytest.raises(BackupError, match="is a folder or a device; name a file"):
        making.make_backup(plant.site, tmp_path, overwrite=True, progress=print)


def test_a_file_that_is_made_meanwhile_is_not_replaced(plant, back_up, tmp_path):
    other = tmp_path / "plant.backup"
    with pytest.raises(BackupError, match="is there already"):
        back_up(plant, progress=lambda *_: other.write_text("of another run"))
    assert other.read_text() == "of another run" and files_of(tmp_path) == {other.name}


def test_a_link_is_followed(plant, back_up, tmp_path):
    (tmp_path / "latest").symlink_to("plant.backup")
    back_up(plant, "latest")
    assert (tmp_path / "latest").is_symlink() and one(
        tmp_path / "plant.backup", "SELECT count(*) FROM items_unit"
    )


def test_a_database_without_tables_is_no_plant_to_back_up(plant, tmp_path):
    plant.site.store.close()
    with (
        patch.object(plant.site, "store", open_store(f"sqlite:///{tmp_path}/mistyped.db")),
        pytest.raises(BackupError, match="nothing to back up: the database has no tables; correct"),
    ):
        making.make_backup(plant.site, tmp_path / "plant.backup", overwrite=False, progress=print)
    assert files_of(tmp_path) == set()


def changed(sql):
    """Change the copy before it is compared."""
    return lambda site: patch.object(making, "require_whole", lambda db, what: db.define(sql))


@contextmanager
def damaged(site):
    """Spoil a page of the copy, as a bad disk would, after it was copied."""
    whole = making.require_whole

    def spoil(db, what):
        (_, _, file) = db.raw_rows("PRAGMA database_list")[0]
        size = os.path.getsize(file)
        with open(file, "r+b") as raw:
            raw.seek(size // 2)
            raw.write(b"\xff" * (size // 4))
        whole(db, what)

    with patch.object(making, "require_whole", spoil):
        yield


def probed(read):
    """Have a plugin read something odd."""
    probe = Registered("shelves", BackupProbe("shelves", lambda call, count: [7], read))
    return lambda site: patch.object(site.contributions, "backup_probes", {"shelves": probe})


@contextmanager
def full_disk(site):
    """Let files grow to 100 kB only."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


FAULTS = [
    (
        changed("UPDATE items_unit SET barcode = 'X' WHERE id = 1"),
        "items_unit has 6 rows as it should, but not",
    ),
    (changed("DELETE FROM material_move WHERE id = 1"), "table material_move has . rows, not"),
    (changed("DROP TABLE erp_overrun"), "table erp_overrun is missing"),
    (probed(lambda call, number: str(id(call))), "of the shelves, 7 reads differently"),
    (probed(lambda call, number: 1 // 0), "Plugin shelves can't read its shelves .ZeroDivision"),
    (damaged, "damaged|can't be written or read"),
    (full_disk, "plant.backup.*can't be written"),
]


def test_a_copy_that_is_not_whole_and_the_same_is_no_backup(plant, back_up, database, tmp_path):
    for fault, said in FAULTS:
        with fault(plant.site), pytest.raises(BackupError, match=said):
            back_up(plant)
        assert files_of(tmp_path) == set()


def test_tables_that_nothing_here_can_make_are_named(make_filled, back_up):
    plant = make_filled(database="postgresql")
    row = "INSERT INTO core_migration (plugin, name, checksum, applied) VALUES ('ghost', '0001_first', '', 0)"
    plant.write(lambda call: call.db.define(row))
    try:
        with pytest.raises(
            BackupError, match="the migrations ghost/0001_first, which nothing that is installed"
        ):
            back_up(plant)
    finally:
        plant.write(lambda call: call.db.define("DELETE FROM core_migration WHERE plugin = 'ghost'"))
