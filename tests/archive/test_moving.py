"""How rows move: whatever ends a run, each row is in the database or in one finished file, never in both or in none."""

import errno
import gzip
import json
import os
import re
from contextlib import suppress
from pathlib import Path

import pytest

from tracepro.archive import files, moving, records, selection
from tracepro.database import statement
from tracepro.database.core_models import ArchiveFile, Audit
from tracepro.testing.clock import PlantClock

WORKPLACE = {"id": 100, "name": "AOI", "erp_ref": "", "esd": False, "acts": []}
LOG = "workers_log"


@pytest.fixture
def shop(make_plant, monkeypatch):
    """A plant with one workplace, whose worker log is moved in small pieces."""
    monkeypatch.setattr(moving, "ROWS_AT_ONCE", 2)
    monkeypatch.setattr(moving, "DELETES_BETWEEN_CHECKPOINTS", 1)
    monkeypatch.setattr(moving, "ROWS_OF_FILE", 3)
    monkeypatch.setattr(selection, "PAGE_ROWS", 3)
    return make_plant(("workplaces", "workers"), {"workplaces": [WORKPLACE]}, clock=PlantClock())


def log(shop, rows):
    """Write rows of the worker log now, then let two days pass."""
    for number in range(rows):
        shop.call(
            "blockworkplace" if number % 2 == 0 else "unblockworkplace",
            *([100, "dust"] if number % 2 == 0 else [100]),
        )
    shop.clock.advance(hours=48)


def ids_here(shop, table=LOG):
    model = shop.site.contributions.models[table].declaration
    every = statement(lambda: model.select(model.id).order_by(model.id))
    return [row_id for (row_id,) in shop.site.store.read(lambda db: db.rows(every))]


def ids_in(folder):
    return sorted(row["id"] for path in folder.glob(f"*{files.LINES}") for row in files.read(path))


def notes(shop):
    file = ArchiveFile
    every = statement(lambda: file.select(file.path, file.cleared).order_by(file.id))
    return shop.site.store.read(lambda db: db.rows(every))


def test_rows_move_into_files_with_a_manifest_that_only_their_owner_reads(shop, tmp_path, database):
    log(shop, 4)
    log(shop, 2)
    shop.clock.advance(hours=-24)
    before = ids_here(shop)
    assert shop.archive(tmp_path / "archive", days=2) == {LOG: 4}
    assert (ids_in(tmp_path / "archive"), ids_here(shop)) == (before[:4], before[4:])
    names = {path.name for path in (tmp_path / "archive").iterdir()}
    assert names == {f"{LOG}-1-3.jsonl.gz", f"{LOG}-1-3.json", f"{LOG}-4-4.jsonl.gz", f"{LOG}-4-4.json"}
    assert {path.stat().st_mode & 0o777 for path in (tmp_path / "archive").iterdir()} == {0o600}
    assert (tmp_path / "archive").stat().st_mode & 0o777 == 0o700
    told = json.loads((tmp_path / "archive" / f"{LOG}-1-3.json").read_text())
    assert told["sha256"] == files.digest(tmp_path / "archive" / f"{LOG}-1-3.jsonl.gz")
    assert (told["schema_version"], told["plugin"]) == ("0004_one_time_codes", shop.site.plugins[1].source)
    assert (told["table"], told["rows"]) == (LOG, 3)
    assert told["oldest"] == told["newest"] == "2026-11-20T10:00:00.000000Z"
    assert [cleared is not None for _, cleared in notes(shop)] == [True, True]


def test_the_audit_keeps_what_was_moved_where(shop, tmp_path):
    log(shop, 2)
    shop.archive(tmp_path, days=1)
    manifest = json.loads((tmp_path / f"{LOG}-1-2.json").read_text())
    latest = statement(
        lambda: Audit.select(Audit.method, Audit.caller, Audit.params).order_by(Audit.id.desc()).limit(1)
    )
    method, caller, params = shop.site.store.read(lambda db: db.one(latest))
    assert (method, caller) == ("tracepro archive", "tracepro")
    assert json.loads(params) == {
        "table": LOG,
        "rows": 2,
        "file": str(tmp_path / f"{LOG}-1-2.jsonl.gz"),
        "oldest": manifest["oldest"],
        "newest": manifest["newest"],
        "sha256": manifest["sha256"],
    }


class Killed(BaseException):
    """The process is gone: nothing that it would do afterwards happens."""


class Kill:
    """Ends a run before or behind one of its steps on the disk and in the database."""

    def __init__(self, monkeypatch, store):
        self.left, self.dead = None, False
        for owner, name in (
            (os, "fsync"),
            (Path, "rename"),
            (Path, "unlink"),
            (store, "write_inline"),
        ):
            monkeypatch.setattr(owner, name, self.step(getattr(owner, name)))

    def step(self, function):
        def run(*args, **kwargs):
            self.pass_by()
            result = function(*args, **kwargs)
            self.pass_by()
            return result

        return run

    def pass_by(self):
        if self.dead:
            raise Killed
        if self.left is not None:
            self.left -= 1
            if self.left < 0:
                self.dead = True
                raise Killed

    def after(self, steps):
        self.left, self.dead = steps, False

    def never(self):
        self.left, self.dead = None, False


def test_a_run_that_is_killed_anywhere_loses_nothing_and_doubles_nothing(
    shop, tmp_path, monkeypatch, database
):
    kill = Kill(monkeypatch, shop.site.store)
    log(shop, 4)
    steps, died = 0, True
    while died:
        log(shop, 2)
        kill.after(steps)
        with suppress(Killed):
            shop.archive(tmp_path / "archive", days=1)
        died = kill.dead
        kill.never()
        moved, here = ids_in(tmp_path / "archive"), ids_here(shop)
        highest = max(moved + here)
        assert len(moved) == len(set(moved))
        assert set(moved) | set(here) == set(range(1, highest + 1)), f"killed at step {steps}"
        shop.archive(tmp_path / "archive", days=1)
        assert (ids_in(tmp_path / "archive"), ids_here(shop)) == (list(range(1, highest + 1)), [])
        assert all(cleared for _, cleared in notes(shop))
        steps += 1
    assert steps > 20


def test_a_run_that_broke_off_is_ended_where_its_file_lies(shop, tmp_path, monkeypatch):
    log(shop, 3)
    kill = Kill(monkeypatch, shop.site.store)
    monkeypatch.setattr(moving, "_delete", lambda *args: kill.after(0) or kill.pass_by())
    with pytest.raises(Killed):
        shop.archive(tmp_path / "first", days=1)
    monkeypatch.undo()
    log(shop, 1)
    assert shop.archive(tmp_path / "second", days=1) == {LOG: 4}
    assert (ids_in(tmp_path / "first"), ids_in(tmp_path / "second")) == ([1, 2, 3], [4])


def test_a_file_that_is_torn_or_gone_deletes_nothing(shop, tmp_path, monkeypatch):
    log(shop, 3)
    monkeypatch.setattr(files, "finish", lambda *args: (_ for _ in ()).throw(Killed))
    with pytest.raises(Killed):
        shop.archive(tmp_path, days=1)
    monkeypatch.undo()
    part = tmp_path / f"{LOG}.part"
    whole = part.read_bytes()
    part.write_bytes(whole[:-9])
    with pytest.raises(ValueError, match="is not what its manifest says"):
        shop.archive(tmp_path, days=1)
    part.unlink()
    with pytest.raises(ValueError, match="is not there.*put it back and archive again"):
        shop.archive(tmp_path, days=1)
    assert ids_here(shop) == [1, 2, 3]
    part.write_bytes(whole)
    shop.archive(tmp_path, days=1)
    assert (ids_in(tmp_path), ids_here(shop)) == ([1, 2, 3], [])


@pytest.mark.faults("a full disk")
def test_a_full_disk_is_told_and_nothing_is_deleted(shop, tmp_path, monkeypatch):
    log(shop, 3)

    def full(handle):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(
        ValueError, match=r"can't be written to .*No space left on device.*still in the database"
    ):
        shop.archive(tmp_path / "archive", days=1)
    assert (ids_here(shop), list((tmp_path / "archive").iterdir()), notes(shop)) == ([1, 2, 3], [], [])


@pytest.mark.faults("a race")
def test_two_runs_at_once_move_nothing_twice(shop, tmp_path, monkeypatch, database):
    """Another run reads, writes, deletes and ends while this one has read and not noted its file yet."""
    log(shop, 3)
    note = records.note

    def other_first(*args):
        monkeypatch.undo()
        shop.archive(tmp_path / "other", days=1)
        return note(*args)

    monkeypatch.setattr(records, "note", other_first)
    with pytest.raises(ValueError, match="Another archive moves rows of workers_log"):
        shop.archive(tmp_path / "archive", days=1)
    assert (ids_in(tmp_path / "other"), ids_in(tmp_path / "archive"), ids_here(shop)) == ([1, 2, 3], [], [])


def test_one_folder_takes_one_run_at_a_time(shop, tmp_path):
    with files.locked(tmp_path), pytest.raises(ValueError, match="Another archive is being made in"):
        shop.archive(tmp_path, 1)


def test_a_file_that_the_database_does_not_know_is_not_overwritten(shop, tmp_path):
    log(shop, 3)
    stranger = tmp_path / f"{LOG}-1-3.jsonl.gz"
    stranger.write_bytes(b"of a database that was restored")
    with pytest.raises(ValueError, match="is there already and this database, perhaps restored since"):
        shop.archive(tmp_path, days=1)
    assert (stranger.read_bytes(), ids_here(shop)) == (b"of a database that was restored", [1, 2, 3])


def test_a_page_of_young_rows_ends_the_reading(shop, tmp_path):
    log(shop, 1)
    log(shop, 7)
    shop.clock.advance(hours=-24)
    log_archive = shop.site.contributions.archives[LOG].declaration
    chosen = selection.Selection(log_archive, shop.clock() - 48 * 3_600_000_000)
    pages = list(chosen.pages(shop.site.store))
    assert [len(page) for page in pages] == [1, 0]
    assert moving.count(shop.site.store, chosen).rows == 1


def test_lines_that_end_too_soon_are_told(tmp_path):
    path = tmp_path / "torn.jsonl.gz"
    path.write_bytes(gzip.compress(b'{"id": 1}\n' * 999)[:-12])
    with pytest.raises(ValueError, match=re.escape(f"{path} is torn")):
        list(files.read(path))


def test_a_folder_that_is_made_lies_on_the_disk_before_rows_go(tmp_path, monkeypatch):
    flushed = []
    monkeypatch.setattr(files, "sync", flushed.append)
    with files.locked(tmp_path / "archive"):
        assert flushed == [tmp_path]


def test_a_search_that_can_find_nothing_says_so(shop, tmp_path):
    folder = tmp_path / "archive"
    for place in (folder, tmp_path, tmp_path / f"gone{files.LINES}"):
        with pytest.raises(
            ValueError, match=re.escape(f"{place} is neither a {files.LINES} of `tracepro archive`")
        ):
            list(files.find(place, "wp_id", "100"))
    log(shop, 1)
    shop.archive(folder, days=1)
    assert len(list(files.find(folder, "wp_id", "100"))) == 1
    with pytest.raises(ValueError, match="has a column wp; choose from .*wp_id"):
        list(files.find(folder, "wp", "100"))
