"""When a token was last used: noted at most once a minute, never in the way of the call."""

from __future__ import annotations

from concurrent.futures import Future

from tracepro import clock
from tracepro.access.tokens import mark_used
from tracepro.database import Store


class LastUsed:
    """Queues one small write a minute for each token in use; whether it succeeds is nobody's business."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._noted: dict[int, int] = {}

    def note(self, token_id: int, stored: int | None, now: int) -> None:
        """Note that a token is used now, unless that was noted less than a minute ago."""
        if now - max(stored or 0, self._noted.get(token_id, 0)) < clock.MINUTE:
            return
        self._noted[token_id] = now
        written = self._store.write(
            lambda db: db.run(mark_used, id=token_id, now=now, before=now - clock.MINUTE)
        )
        written.add_done_callback(_take_outcome)


def _take_outcome(future: Future[int]) -> None:
    future.exception()
