"""The proof of a copy: it is whole, each table has the same rows, and objects picked at random read the same."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from hashlib import blake2b
from typing import Any

import msgspec

from tracepro.access.caller import SYSTEM
from tracepro.backup.errors import BackupError
from tracepro.backup.schema import lacking
from tracepro.calls.call import Call
from tracepro.database import Session
from tracepro.database.tables import StoredTable
from tracepro.plugin.contributions import Registered
from tracepro.site import Site
from tracepro_hookspecs import BackupProbe, CallError, Row

PICKED = 100
"""How many objects of each probe are compared."""
DIGEST_BYTES = 16
Progress = Callable[[str, int, int], object]
"""What is told of what is going on: the word for it, how far it is, and of how many."""
TakePage = Callable[[StoredTable, Sequence[Row]], object]
_encode_row = msgspec.json.Encoder().encode
_encode_answer = msgspec.json.Encoder(order="deterministic").encode


class Steps:
    """Counts what is done of a whole, for a bar."""

    def __init__(self, progress: Progress, word: str, total: int) -> None:
        self._progress = progress
        self._word = word
        self._total = total
        self._done = 0

    def __call__(self, count: int) -> None:
        self._done += count
        self._progress(self._word, self._done, self._total)


@dataclass(frozen=True)
class Contents:
    """What is in a table: how many rows, and the sum of their hashes, which is the same in any order."""

    rows: int
    digest: str


@dataclass(frozen=True)
class Proof:
    """What was found equal: the contents of each table, and how many objects of each probe; ``made`` is the moment it shows.

    ``probed`` is None when the database lacks migrations of the plugins, which then can't read it.
    """

    tables: Mapping[str, Contents]
    probed: Mapping[str, int] | None
    made: int

    @property
    def rows(self) -> int:
        """The rows of all tables."""
        return rows_in(self.tables)


def rows_in(tables: Mapping[str, Contents]) -> int:
    """Return how many rows tables have together."""
    return sum(table.rows for table in tables.values())


def read_contents(
    db: Session,
    tables: Iterable[StoredTable],
    progress: Callable[[int], object],
    take: TakePage | None = None,
) -> dict[str, Contents]:
    """Read tables and return what is in each; ``take`` is given every page, ``progress`` its number of rows."""
    return {table.name: _contents_of(db, table, progress, take) for table in tables}


def _contents_of(
    db: Session, table: StoredTable, progress: Callable[[int], object], take: TakePage | None
) -> Contents:
    count = total = 0
    for page in table.pages(db):
        if take is not None:
            take(table, page)
        count += len(page)
        total += sum(map(_hash, page))
        progress(len(page))
    return Contents(count, f"{total % 256**DIGEST_BYTES:0{2 * DIGEST_BYTES}x}")


def _hash(row: Row) -> int:
    return int.from_bytes(blake2b(_encode_row(row), digest_size=DIGEST_BYTES).digest(), "big")


def require_whole(db: Session, what: str) -> None:
    """Refuse a SQLite file in which SQLite finds a fault; ``what`` names it in the sentence. Raises BackupError."""
    found = db.raw_rows("PRAGMA integrity_check(1)")
    if found != [("ok",)]:
        raise BackupError(f"{what} is damaged: {found[0][0]}; look at its disk, and take another one.")


def require_equal(original: Mapping[str, Contents], copy: Mapping[str, Contents], what: str) -> None:
    """Refuse a copy whose tables have other rows; ``what`` names it in the sentence. Raises BackupError."""
    for name in sorted(original.keys() | copy.keys()):
        before, after = original.get(name), copy.get(name)
        if before != after:
            raise BackupError(f"{what}: table {name} {_difference(before, after)}.")


def _difference(before: Contents | None, after: Contents | None) -> str:
    if before is None or after is None:
        return "is missing in one of the two"
    if before.rows != after.rows:
        return f"has {after.rows} rows, not {before.rows}"
    return f"has {after.rows} rows as it should, but not the same ones"


def probed(site: Site, original: Session, copy: Session, progress: Progress) -> dict[str, int] | None:
    """Return what :func:`compare_probes` does, None where the plugins can't read yet, or no more, what is stored."""
    if lacking(site, copy):
        return None
    return compare_probes(site, original, copy, progress)


def compare_probes(site: Site, original: Session, copy: Session, progress: Progress) -> dict[str, int]:
    """Read objects picked at random from both and return how many of each probe. Raises BackupError where they differ."""
    now = site.clock()
    calls = [Call(site, db, SYSTEM, now=now) for db in (original, copy)]
    probes = site.contributions.backup_probes
    return {name: _compare_probe(registered, calls, progress) for name, registered in probes.items()}


def _compare_probe(registered: Registered[BackupProbe], calls: Sequence[Call], progress: Progress) -> int:
    probe = registered.declaration
    try:
        ids = probe.pick(calls[0], PICKED)
        for number, object_id in enumerate(ids, 1):
            before, after = (_answer(probe, call, object_id) for call in calls)
            if before != after:
                raise BackupError(
                    f"The copy is not the same: of the {probe.name}, {object_id} reads differently."
                )
            progress(probe.name, number, len(ids))
    except (BackupError, CallError):
        raise
    except Exception as error:
        raise BackupError(
            f"Plugin {registered.plugin} can't read its {probe.name} ({error!r}), so nothing proves the copy; mend the plugin."
        ) from error
    return len(ids)


def _answer(probe: BackupProbe, call: Call, object_id: int) -> Any:
    try:
        return _encode_answer(probe.read(call, object_id))
    except CallError as refusal:
        return refusal.info
