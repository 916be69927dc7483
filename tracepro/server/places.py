"""The places a worker has for connections: in all, for each peer, and a few more that answer probes and say no."""

from __future__ import annotations

import logging
import resource
from collections import Counter
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tracepro.server.connection import Connection

LOG = logging.getLogger("tracepro.server")
SURPLUS = 16
"""How many connections without a place may be open: who asks ``/healthz`` there is answered, others are told to come again."""
GRACE_SECONDS = 1.0
"""How long a connection may wait for its headers, or between two requests, before a newer one may have its place."""
FEWEST = 8


class Places:
    """Who has a place, of ``total``; ``per_peer`` 0 is no limit of its own.

    A connection that finds none takes that of the one whose headers have been missing longest, else of the one that has
    been idle longest between two requests; its peer's if the peer has too many. Where all are in use it is surplus.
    """

    def __init__(self, total: int, per_peer: int) -> None:
        self.total = total
        self._per_peer = per_peer
        self._taken: dict[Connection, str] = {}  # the oldest first
        self._of_peer: Counter[str] = Counter()
        self._surplus: dict[Connection, None] = {}

    def take(self, connection: Connection, peer: str) -> bool:
        """Give a connection a place; False when it is surplus."""
        if self._is_free(peer) or self._make_free(peer):
            self._taken[connection] = peer
            self._of_peer[peer] += 1
            return True
        self._surplus[connection] = None
        if len(self._surplus) > SURPLUS:
            self._end(next(iter(self._surplus)))
        return False

    def leave(self, connection: Connection) -> None:
        """Give the place back; a second time does nothing."""
        self._surplus.pop(connection, None)
        peer = self._taken.pop(connection, None)
        if peer is not None:
            self._of_peer[peer] -= 1
            if not self._of_peer[peer]:
                del self._of_peer[peer]

    def _is_free(self, peer: str) -> bool:
        return len(self._taken) < self.total and not self._has_too_many(peer)

    def _has_too_many(self, peer: str) -> bool:
        return 0 < self._per_peer <= self._of_peer[peer]

    def _make_free(self, peer: str) -> bool:
        """End the connection that has kept us waiting longest; False when none has."""
        own = self._has_too_many(peer)
        open_ = [connection for connection, other in self._taken.items() if not own or other == peer]
        waited = max(open_, key=lambda each: each.headers_missing_for(), default=None)
        if waited is None or waited.headers_missing_for() < GRACE_SECONDS:
            waited = max(open_, key=lambda each: each.idle_for(), default=None)
            if waited is None or waited.idle_for() < GRACE_SECONDS:
                return False
        self._end(waited)
        return self._is_free(peer)

    def _end(self, connection: Connection) -> None:
        self.leave(connection)
        connection.end_now()


def places_for(total: int, per_peer: int, workers: int, reserved: int) -> Places:
    """Return the places of one of ``workers`` processes: its share of ``total``, less when descriptors are few.

    ``reserved`` descriptors are kept for other things. Says in a warning when the limit of open files is too low; no peer
    gets more than half of the places then, unless ``per_peer`` is 0.
    """
    share = -(-total // workers)
    limit = resource.getrlimit(resource.RLIMIT_NOFILE)[0]
    if limit == resource.RLIM_INFINITY or share + reserved <= limit:
        return Places(share, per_peer)
    places = max(FEWEST, limit - reserved)
    LOG.warning(
        "The limit of open files (ulimit -n) is %d, so this process serves %d connections at once; [api] connections = %d "
        "needs %d: raise the limit (LimitNOFILE= under systemd), or lower the option.",
        limit,
        places,
        total,
        share + reserved,
    )
    return Places(places, min(per_peer, places // 2))
