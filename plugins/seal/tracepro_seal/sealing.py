"""Sealing: in the background of a server, in small transactions of its own, which no call waits for."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from functools import partial
from weakref import WeakKeyDictionary

from tracepro.inspection import WholeAuditRow, audit_rows, newest_audit_id, settled_audit
from tracepro_hookspecs import Session, Site, Store
from tracepro_seal import blocks
from tracepro_seal.blocks import Block, Entry

LOG = logging.getLogger("tracepro.seal")
ROWS = 1000
"""Rows of a block at most."""
SLICE_ROWS = 100
PAUSE = 4
"""After so many rows others have PAUSE times as long as they took: all calls share the interpreter with the seal."""
BUDGET_SECONDS = 0.5
"""How long one piece of work takes, most of it pauses; what is left waits for the next."""
REST_SECONDS = 30.0
"""How long a process leaves sealing to another that was faster."""
Write = Callable[[Callable[[Session], bool]], bool]
"""Runs a function in a transaction of its own and returns what it returns."""


class Sealer:
    """Seals what was recorded, on one site in one process; others may do the same, and the fastest adds the block.

    A block is added once there are ROWS rows for it, or ``seconds`` after the first was seen.
    """

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self._settled = settled_audit()
        self._seen: float | None = None
        self._rests_until = 0.0

    def work(self, site: Site, write: Write) -> Block | None:
        """Seal for a moment what is due, and return the last block that was added; None for none."""
        if time.monotonic() < self._rests_until:
            return None
        ends = time.monotonic() + BUDGET_SECONDS
        done = None
        while (added := self._seal_next(site, write)) is not None:
            done = added
            if time.monotonic() >= ends:
                break
        if done is not None:
            LOG.info(
                "The audit is sealed up to row %d: block %d, hash %s.", done.last_id, done.number, done.hash
            )
        return done

    def _seal_next(self, site: Site, write: Write) -> Block | None:
        """Add the next block if it is due and nobody else has."""
        before, newest = site.store.read(_look)
        if not self._is_due(newest - max(before.last_id if before else 0, 0)):
            return None
        listed = self._list(site.store, before.last_id if before else blocks.BEFORE_ALL)
        if not listed:
            return None
        tops = site.store.read(partial(_peaks, before.number if before else 0))
        new = blocks.following(before, tops, listed, site.clock())
        self._seen = None
        if not write(partial(_add, new, listed)):
            self._rests_until = time.monotonic() + REST_SECONDS
            return None
        return new

    def _list(self, store: Store, after: int) -> list[Entry]:
        """List the rows of the next block, as far as they are settled."""
        upto = self._settled.upto(store)
        listed: list[Entry] = []
        while len(listed) < ROWS and upto > after:
            limit = min(SLICE_ROWS, ROWS - len(listed))
            began = time.monotonic()
            page = store.read(partial(_page, after, upto, limit))
            listed += blocks.entries_of(page)
            if len(page) < limit:
                break
            after = page[-1].id
            time.sleep(PAUSE * (time.monotonic() - began))
        return listed

    def _is_due(self, waiting: int) -> bool:
        """Tell whether so many rows, or as many ids, are to be sealed now."""
        if waiting <= 0:
            self._seen = None
            return False
        now = time.monotonic()
        if self._seen is None:
            self._seen = now
        return waiting >= ROWS or now - self._seen >= self._seconds


def _look(db: Session) -> tuple[Block | None, int]:
    return blocks.last(db), newest_audit_id(db)


def _page(after: int, upto: int, limit: int, db: Session) -> list[WholeAuditRow]:
    return audit_rows(db, after, limit, upto)


def _peaks(size: int, db: Session) -> list[bytes]:
    return blocks.peaks(db, size)


def _add(new: Block, listed: list[Entry], db: Session) -> bool:
    return blocks.add(db, new, listed)


def _write_behind_calls(site: Site, add: Callable[[Session], bool]) -> bool:
    return site.store.write(add).result()


_sealers: WeakKeyDictionary[Site, Sealer] = WeakKeyDictionary()


def work(site: Site) -> None:
    """Seal for a moment what is due on a site."""
    if site not in _sealers:
        _sealers[site] = Sealer(site.parameter("seal", "seconds"))
    _sealers[site].work(site, partial(_write_behind_calls, site))
