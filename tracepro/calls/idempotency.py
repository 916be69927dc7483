"""Exactly once: the answer of a keyed write is kept with its effect, and given again to whoever sends it again."""

from __future__ import annotations

import logging
import re
import threading
from concurrent.futures import Future
from hashlib import blake2b
from typing import Any

import orjson
from peewee import Expression, Query

from tracepro import clock
from tracepro.calls.errors import KeyInProgress, KeyReused
from tracepro.calls.invocation import Invocation
from tracepro.calls.site import Site
from tracepro.database import Insert, Session, Store, p, statement
from tracepro.database.core_models import Idempotency
from tracepro_hookspecs import InvalidParams

LOG = logging.getLogger("tracepro.calls")
_KEY = re.compile(r"[A-Za-z0-9._:-]{8,128}\Z")
_LOCK_TIMEOUT = "55P03"
PURGED_AT_ONCE = 500

TAKE = Insert(Idempotency, ignore=True)


@statement
def known_key() -> Query:
    """What is kept of a key: the fingerprint of its call, and the answer once there is one."""
    return Idempotency.select(Idempotency.fingerprint, Idempotency.answer).where(_is_the_key())


@statement
def keep_answer() -> Query:
    """The answer beside its key."""
    return Idempotency.update(answer=p("answer")).where(_is_the_key())


@statement
def forget_key() -> Query:
    """A key and its answer, gone."""
    return Idempotency.delete().where(_is_the_key())


def _is_the_key() -> Expression:
    return (Idempotency.caller == p("caller")) & (Idempotency.key == p("key"))


def checked_key(offered: str) -> str:
    """Return the key of an ``Idempotency-Key`` header, with or without quotes. Raises InvalidParams."""
    key = offered[1:-1] if len(offered) > 1 and offered[0] == offered[-1] == '"' else offered
    if not _KEY.match(key):
        info = "The Idempotency-Key must be 8 to 128 letters, digits or one of . _ : - and nothing else."
        raise InvalidParams("Idempotency-Key", info, rule="syntax")
    return key


def fingerprint(secret: bytes, *parts: Any) -> str:
    """Return a keyed hash of JSON values, so that stored rows tell nothing about what was sent."""
    text = orjson.dumps(parts, option=orjson.OPT_SORT_KEYS)
    return blake2b(text, key=secret[:64], digest_size=24).hexdigest()


def begin(db: Session, invocation: Invocation, key: str, now: int) -> bytes | None:
    """Take the key in this transaction; return the stored answer when the call was done before.

    On PostgreSQL it waits for another transaction that has taken the key and not ended. Raises KeyReused,
    KeyInProgress.
    """
    who = {"caller": invocation.caller.key_space, "key": key}
    if _taken(db, who, invocation.fingerprint, now):
        return None
    known, answer = db.one(known_key, **who) or (invocation.fingerprint, None)
    if known != invocation.fingerprint:
        raise KeyReused(key)
    if answer is None:
        raise KeyInProgress(key)
    return str(answer).encode()


def _taken(db: Session, who: dict[str, str], fingerprint: str, now: int) -> bool:
    try:
        return db.insert_or_ignore(TAKE, **who, fingerprint=fingerprint, answer=None, created=now) > 0
    except BaseException as error:
        if _waited_in_vain(error):
            raise KeyInProgress(who["key"]) from error
        raise


def _waited_in_vain(error: BaseException) -> bool:
    """Tell whether PostgreSQL's lock timeout is what an error of the database means."""
    carried = (error, getattr(error, "error", None), error.__cause__)
    return any(getattr(cause, "sqlstate", None) == _LOCK_TIMEOUT for cause in carried)


def finish(db: Session, invocation: Invocation, answer: bytes) -> None:
    """Keep the answer with the key, in the transaction of the effect."""
    db.defer(keep_answer, caller=invocation.caller.key_space, key=invocation.key, answer=answer.decode())


def purge(store: Store, before: int) -> None:
    """Delete keys older than ``before`` (microseconds), a few in each transaction; nobody waits for it."""

    def go_on(written: Future[int]) -> None:
        if written.exception() is not None:
            LOG.warning(
                "Old idempotency keys could not be deleted: %s They are tried again later.",
                written.exception(),
            )
        elif written.result():
            purge(store, before)

    store.write(lambda db: _purge_some(db, before)).add_done_callback(go_on)


def _purge_some(db: Session, before: int) -> int:
    old = Idempotency.select(Idempotency.caller, Idempotency.key).where(Idempotency.created < before)
    rows = db.rows(old.order_by(Idempotency.created).limit(PURGED_AT_ONCE))
    db.many(forget_key, [{"caller": caller, "key": key} for caller, key in rows])
    return len(rows)


class Purge:
    """Has old keys forgotten about once an hour, as long as keyed calls come."""

    def __init__(self, site: Site) -> None:
        self._site = site
        self._keep = site.parameter("api", "idempotency_days") * clock.DAY
        self._due = 0
        self._lock = threading.Lock()

    def run_if_due(self, now: int) -> None:
        """Begin a purge when one is due."""
        if not self._is_due(now) or not self._lock.acquire(blocking=False):
            return
        try:
            if self._is_due(now):
                self._due = now + clock.HOUR
                purge(self._site.store, now - self._keep)
        finally:
            self._lock.release()

    def _is_due(self, now: int) -> bool:
        """Tell whether an hour has passed, or the clock was set back since."""
        return not self._due - clock.HOUR <= now < self._due
