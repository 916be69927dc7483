"""Moving old rows: into a file, then noted in the database, then deleted; each step can be done again.

Rows are deleted only of a file that is whole on the disk and noted, and by the ids that stand in it. So whatever ends a
run, each row is in the database or in a finished file, and the next run goes on: it first ends what was noted.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator
from functools import partial
from importlib.metadata import version
from itertools import islice
from pathlib import Path

from tracepro.archive import files, records
from tracepro.archive.files import Manifest
from tracepro.archive.records import Noted
from tracepro.archive.selection import OldRow, Selection, instant
from tracepro.database import Session, Statement, Store, p, statement
from tracepro.database.migration_files import files as migration_files
from tracepro.durable import sync
from tracepro.plugin.contributions import Registered
from tracepro.site import Site
from tracepro_hookspecs import Archive, TryAgain

ROWS_OF_FILE = 1_000_000
ROWS_AT_ONCE = 200
"""How many rows one transaction deletes: few, for on SQLite every booking waits for it."""
DELETES_BETWEEN_CHECKPOINTS = 20
PAUSE = 5
"""Who waits for SQLite asks again after ever longer times; were it free half the time only, some would wait for long."""
TRIES = 10
Advance = Callable[[int], object]


class Extent:
    """How many rows go, from which id to which, and when the oldest and the newest are from."""

    def __init__(self) -> None:
        self.rows = self.first_id = self.last_id = 0
        self.oldest: int | None = None
        self.newest: int | None = None

    def add(self, page: list[OldRow]) -> None:
        """Count the rows of a page."""
        times = [row.tm for row in page]
        self.rows += len(page)
        self.first_id, self.last_id = self.first_id or page[0].id, page[-1].id
        self.oldest = min(times if self.oldest is None else (self.oldest, *times))
        self.newest = max(times if self.newest is None else (self.newest, *times))

    def lines(self, pages: Iterable[list[OldRow]], advance: Advance) -> Iterator[bytes]:
        """Count pages and yield their lines, as many as belong into one file."""
        for page in filter(None, pages):
            self.add(page)
            yield b"".join(row.line + b"\n" for row in page)
            advance(len(page))
            if self.rows >= ROWS_OF_FILE:
                return


def count(store: Store, selection: Selection) -> Extent:
    """Return what of a table would go."""
    extent = Extent()
    for page in filter(None, selection.pages(store)):
        extent.add(page)
    return extent


def move(
    site: Site, folder: Path, registered: Registered[Archive], before: int, advance: Advance
) -> Iterator[Manifest]:
    """Move what is older than ``before`` of a table into files of a folder that is locked; yield each manifest at its end.

    A file of a run that broke off is ended first, where it lies. ``advance(n)`` is told of rows written, and of rows
    deleted. Raises ValueError where a file can't be written or is torn.
    """
    archive, after = registered.declaration, 0
    if broken_off := records.uncleared(site.store, archive.table):
        yield _end(site, archive, broken_off, advance)
    while noted := _write(site, folder, registered, before, after, advance):
        yield _end(site, archive, noted, advance)
        after = noted.manifest.last_id


def _end(site: Site, archive: Archive, noted: Noted, advance: Advance) -> Manifest:
    """Delete the rows of a noted file, when it is finished; what was done before is done again without harm."""
    files.finish(noted.path, noted.manifest)
    _delete(site.store, archive, noted, advance)
    records.clear(site.store, noted, site.clock())
    return noted.manifest


def _write(
    site: Site, folder: Path, registered: Registered[Archive], before: int, after: int, advance: Advance
) -> Noted | None:
    """Write a file and note it; None when nothing goes any more."""
    table = registered.declaration.table
    seen = records.latest(site.store, table)
    selection, extent = Selection(registered.declaration, before), Extent()
    part = files.part_of(folder, table)
    with files.told(folder):
        files.write(part, extent.lines(selection.pages(site.store, after), advance), packed=True)
        if not extent.rows:
            part.unlink()
            return None
        manifest = _manifest(site, registered, selection, extent, files.digest(part))
        sync(folder)
    path = folder / files.name_of(manifest)
    if path.exists():
        raise ValueError(
            f"{path} is there already and this database, perhaps restored since, doesn't know it; archive into another folder."
        )
    return records.note(site, path, manifest, before, seen)


def _manifest(
    site: Site, registered: Registered[Archive], selection: Selection, extent: Extent, sha256: str
) -> Manifest:
    plugin = next(plugin for plugin in site.plugins if plugin.name == registered.plugin)
    migrations = migration_files({plugin.name: plugin.migrations} if plugin.migrations else {})
    assert extent.oldest is not None and extent.newest is not None
    return Manifest(
        format=files.FORMAT,
        table=registered.declaration.table,
        plugin=plugin.source,
        schema_version=migrations[-1].name,
        core_version=version("tracepro"),
        columns=selection.columns,
        rows=extent.rows,
        first_id=extent.first_id,
        last_id=extent.last_id,
        oldest=instant(extent.oldest),
        newest=instant(extent.newest),
        before=instant(selection.before),
        created=instant(site.clock()),
        sha256=sha256,
    )


def _delete(store: Store, archive: Archive, noted: Noted, advance: Advance) -> None:
    """Delete the rows of a finished file; between two transactions others have PAUSE times as long as the first took."""
    key = archive.key
    rows = files.read(noted.path)
    delete: Statement = statement(lambda: archive.model.delete().where(key.in_(p.integers("ids"))))
    for number in range(1, 1 + -(-noted.manifest.rows // ROWS_AT_ONCE)):
        ids = [row[key.column_name] for row in islice(rows, ROWS_AT_ONCE)]
        began = time.monotonic()
        _persist(store, partial(_delete_some, delete, ids))
        if not number % DELETES_BETWEEN_CHECKPOINTS:
            store.checkpoint()
        time.sleep(PAUSE * (time.monotonic() - began))
        advance(len(ids))


def _delete_some(delete: Statement, ids: list[int], db: Session) -> int:
    return db.run(delete, ids=ids)


def _persist(store: Store, delete: Callable[[Session], int]) -> None:
    """Try again while the database is busy: to delete a second time does no harm."""
    for tries_left in reversed(range(TRIES)):
        try:
            store.write_inline(delete)
            return
        except TryAgain:
            if not tries_left:
                raise
