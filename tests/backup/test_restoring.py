"""A restore puts a whole backup in the place of a database, or leaves what was there."""

import os
import shutil
import signal
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from tracepro.backup import BackupError, restore
from tracepro.database import open_store
from tracepro.database.lock_file import LockFile

OTHER = {"sqlite": "postgresql", "postgresql": "sqlite"}


def put_back(plant, file, *, replace=True, progress=lambda word, done, total: None):
    """Restore into a plant's database when all connections to it are closed, as if its server was stopped."""
    plant.site.store.close()
    return restore(plant.site, file, replace=replace, progress=progress)


def known(plant):
    """What the plant knows: its units with everything, and what waits for the ERP."""
    return [plant.call("getitemdetails", unit) for unit in plant.units], waiting(plant)


def waiting(plant):
    return [row["id"] for row in plant.call("erpqueue", 0, 100)["rows"]]


def late(plant):
    """The units that were made after the backup."""
    return [item["id"] for item in plant.call("getitembybarcode", "LATE")]


@pytest.fixture
def filled(make_filled, back_up):
    """A plant, its backup, what it knew then, and the id of a unit that was made afterwards.

    Its transactions had higher numbers than any other database has given so far.
    """
    plant = make_filled()
    plant.write(lambda call: call.db.define(f"UPDATE erp_entry SET place = {10**15}"))
    file, _ = back_up(plant)
    before = known(plant)
    return plant, file, before, plant.call("getitem", plant.order, "LATE", 1)["id"]


def test_a_plant_is_as_it_was_and_goes_on_with_ids_that_were_never_given(filled, database):
    plant, file, before, last = filled
    restored = put_back(plant, file)
    assert known(plant) == before and late(plant) == []
    assert restored.lacking == [] and restored.proof.probed == {"genealogies": 6}
    audit = "SELECT method, params FROM core_audit ORDER BY id DESC LIMIT 1"
    ((method, params),) = plant.site.store.read(lambda db: db.raw_rows(audit))
    assert method == "tracepro restore" and file.name in params
    assert plant.call("getitem", plant.order, "NEW", 1)["id"] > last
    plant.call("addop", item_id=plant.units[0], op=20, act=2, wp_id=100, workers=[32])
    assert before[1] and waiting(plant)[: len(before[1])] == before[1] != waiting(plant)
    for change in ("UPDATE core_audit SET caller = 'me'", "DELETE FROM core_audit"):
        with pytest.raises(Exception, match="only ever added to"):
            plant.write(lambda call, change=change: call.db.define(change))
    if database == "sqlite":
        assert oct(plant.site.store.path.stat().st_mode)[-3:] == "600"
        with closing(sqlite3.connect(restored.aside)) as former:
            assert former.execute("SELECT count(*) FROM items_unit").fetchone() == (7,)


def test_a_plant_moves_to_a_database_of_the_other_kind(filled, database, make_plant):
    plant, file, before, _ = filled
    moved = make_plant(database=OTHER[database], alone=True)
    assert put_back(moved, file, replace=False).aside is None
    moved.units = plant.units
    assert known(moved) == before
    assert moved.call("getitem", plant.order, "NEW", 1)["id"] > max(plant.units)


def test_a_database_without_tables_gets_those_of_the_backup(filled, bare_postgresql):
    plant, file, _, _ = filled
    plant.site.store.close()
    plant.site.store = open_store(bare_postgresql)
    assert put_back(plant, file, replace=False).lacking == []
    assert plant.site.store.read(lambda db: db.raw_rows("SELECT count(*) FROM items_unit")) == [(6,)]


def truncated(file):
    os.truncate(file, file.stat().st_size // 2)


def overwritten(file):
    """Change one letter of a name, as a bad disk would."""
    content = file.read_bytes()
    assert b"J. Novak" in content
    file.write_bytes(content.replace(b"J. Novak", b"J. Nowak"))


def of_something_else(file):
    file.write_bytes(b"%PDF-1.7" * 1000)


def of_a_newer_version(file):
    with closing(sqlite3.connect(file, isolation_level=None)) as connection:
        connection.execute("INSERT INTO core_migration VALUES ('items', '9999_later', '', 0)")


SPOILED = [
    (truncated, "damaged|not a whole file|can't be written or read"),
    (overwritten, "is damaged: table workers_worker has 1 rows as it should, but not"),
    (of_something_else, "not a whole file|can't be written or read"),
    (of_a_newer_version, "has the migrations items/9999_later, which this version does not know"),
]


def test_a_file_that_is_no_good_changes_nothing(filled, database):
    plant, file, _, last = filled
    for spoil, said in SPOILED:
        spoiled = file.with_name(spoil.__name__)
        shutil.copy(file, spoiled)
        spoil(spoiled)
        with pytest.raises(BackupError, match=said):
            put_back(plant, spoiled)
        assert late(plant) == [last]


def test_nothing_is_restored_over_data_without_being_told_nor_under_a_server(filled, database, monkeypatch):
    plant, file, _, last = filled
    monkeypatch.setattr("tracepro.database.alone.LEAVING_SECONDS", 0.1)
    with pytest.raises(BackupError, match="has data; add --replace"):
        put_back(plant, file, replace=False)
    with under_a_server(plant, database), pytest.raises(BackupError, match="stop it first"):
        put_back(plant, file)
    assert late(plant) == [last]


def under_a_server(plant, database):
    """Do what a server does by which it is known."""
    store = plant.site.store
    if database == "sqlite":
        lock = LockFile(store.lock_file.path)
        assert lock.try_take()
        return closing(Closed(lock.release))
    other = open_store(store.url)
    other.ping()
    return closing(other)


class Closed:
    def __init__(self, close):
        self.close = close


def restored_in_child(plant, file, progress):
    """Restore in a process that may be killed, and return its exit code."""
    plant.site.store.close()
    child = os.fork()
    if not child:
        store = plant.site.store
        plant.site.store = open_store(
            store.url if store.dialect == "postgresql" else f"sqlite:///{store.path}"
        )
        try:
            restore(plant.site, file, replace=True, progress=progress)
        finally:
            os._exit(0)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


@pytest.mark.faults("a command killed")
def test_a_killed_restore_leaves_what_was_there(filled, database):
    plant, file, _, last = filled
    for word, count in (("rows", 1), ("rows", 12), ("genealogies", 3)):
        calls = []

        def kill(now, done, total, word=word, count=count, calls=calls):
            calls.append(now)
            if calls.count(word) == count:
                os.kill(os.getpid(), signal.SIGKILL)

        assert restored_in_child(plant, file, kill) == -signal.SIGKILL
        assert late(plant) == [last]
    put_back(plant, file)
    assert late(plant) == []


@pytest.mark.faults("a command killed")
def test_a_restore_that_is_killed_as_the_file_takes_its_place_leaves_the_old_or_the_new(filled, monkeypatch):
    plant, file, _, last = filled
    replace = os.replace

    def kill_before(source, target):
        os.kill(os.getpid(), signal.SIGKILL)

    def kill_after(source, target):
        replace(source, target)
        os.kill(os.getpid(), signal.SIGKILL)

    for killed, left in ((kill_before, [last]), (kill_after, [])):
        monkeypatch.setattr(os, "replace", killed)
        assert restored_in_child(plant, file, lambda *_: None) == -signal.SIGKILL
        assert late(plant) == left


def test_a_former_file_that_cannot_be_read_is_kept_too(filled):
    plant, file, before, _ = filled
    plant.site.store.close()
    place = Path(plant.site.store.path)
    place.write_bytes(b"broken" * 1000)
    place.with_name(place.name + "-wal").write_bytes(b"of the broken one")
    with pytest.raises(BackupError, match="has data"):
        put_back(plant, file, replace=False)
    aside = put_back(plant, file).aside
    assert known(plant) == before
    assert aside.read_bytes()[:6] == b"broken" and aside.with_name(aside.name + "-wal").exists()


def test_what_is_left_beside_a_file_that_is_gone_is_not_taken_for_that_of_the_new_one(filled):
    plant, file, before, _ = filled
    plant.site.store.close()
    place = plant.site.store.path
    wal = place.with_name(place.name + "-wal")
    with closing(sqlite3.connect(place, isolation_level=None)) as connection:
        connection.execute("UPDATE workers_worker SET name = 'Nobody'")
        shutil.copy(wal, file.with_name("wal"))
    place.unlink()
    shutil.copy(file.with_name("wal"), wal)
    assert put_back(plant, file, replace=False).aside is None
    assert known(plant) == before
    assert plant.site.store.read(lambda db: db.raw_rows("SELECT name FROM workers_worker")) == [("J. Novak",)]


def test_nothing_is_restored_over_a_file_that_another_program_has_open(filled):
    plant, file, _, last = filled
    plant.site.store.close()
    with closing(sqlite3.connect(plant.site.store.path)) as other:
        other.execute("SELECT count(*) FROM items_unit").fetchall()
        with pytest.raises(BackupError, match="is open in another program; end that first"):
            put_back(plant, file)
    assert late(plant) == [last]


def test_nothing_is_restored_over_a_file_that_another_program_opens_meanwhile(filled):
    plant, file, _, last = filled
    with closing(sqlite3.connect(plant.site.store.path)) as other:

        def write(word, done, total):
            other.execute("PRAGMA journal_mode = WAL")
            other.execute("UPDATE workers_worker SET name = 'Somebody'")
            other.commit()

        with pytest.raises(BackupError, match="is open in another program; end that first"):
            put_back(plant, file, progress=write)
    assert late(plant) == [last]
    assert plant.site.store.read(lambda db: db.raw_rows("SELECT name FROM workers_worker")) == [("Somebody",)]


def test_a_database_that_is_called_by_a_link_is_restored_where_it_lies(filled, tmp_path):
    plant, file, before, _ = filled
    real = plant.site.store.path
    link = tmp_path / "linked" / "tracepro.db"
    link.parent.mkdir()
    link.symlink_to(real)
    plant.site.store.close()
    plant.site.store = open_store(f"sqlite:///{link}")
    aside = put_back(plant, file).aside
    assert known(plant) == before
    assert list(link.parent.iterdir()) == [link] and link.is_symlink()
    assert (
        aside.parent == real.parent and not aside.is_symlink() and aside.stat().st_ino != real.stat().st_ino
    )


def test_an_older_backup_is_put_in_order_and_noted_too(make_filled, back_up, bare_postgresql):
    plant = make_filled(database="sqlite")
    plant.write(lambda call: call.db.define(f"UPDATE erp_entry SET place = {10**15}"))
    plant.write(lambda call: call.db.define("DELETE FROM core_migration WHERE plugin = 'boxes'"))
    file, _ = back_up(plant)
    plant.site.store.close()
    plant.site.store = open_store(bare_postgresql)
    assert put_back(plant, file, replace=False).lacking == ["boxes/0001_first"]
    read = plant.site.store.read
    assert read(lambda db: db.raw_rows("SELECT DISTINCT place FROM erp_entry")) == [(0,)]
    audit = "SELECT method FROM core_audit ORDER BY id DESC LIMIT 1"
    assert read(lambda db: db.raw_rows(audit)) == [("tracepro restore",)]


def test_tables_of_another_version_are_not_filled(make_filled, back_up):
    plant = make_filled(database="postgresql")
    file, _ = back_up(plant)
    row = "INSERT INTO core_migration (plugin, name, checksum, applied) VALUES ('ghost', '0001_first', '', 0)"
    plant.write(lambda call: call.db.define(row))
    try:
        with pytest.raises(BackupError, match=r"not of the backup's version \(migrations ghost/0001_first"):
            put_back(plant, file)
    finally:
        plant.write(lambda call: call.db.define("DELETE FROM core_migration WHERE plugin = 'ghost'"))
