"""One-time codes: a foreman lets somebody log in once whose card is at home; kept as hashes only."""

from __future__ import annotations

import re
import secrets
from typing import Any

from peewee import Query

from tracepro import clock
from tracepro.access.attempts import Attempts
from tracepro.database import Insert, p, statement
from tracepro.secret import hashed
from tracepro_hookspecs import Call, Refused
from tracepro_hookspecs.records import Workplace
from tracepro_schemas import defs
from tracepro_workers import models as m
from tracepro_workers.reasons import worker_inactive
from tracepro_workers.worker_log import log_action
from tracepro_workers.workers import find_by_text, worker

LETTERS = "BCDFGHJKLMNPQRSTVWXZ"
"""Consonants: they make no words, and no two of them are taken for each other or for a digit."""
LENGTH = 12
"""Twelve letters of twenty: 4e15 codes, hopeless to guess within the minutes they hold, even from their hashes."""
SHAPE = re.compile(r"[A-Z]{12}")

NEW = Insert(m.OneTimeCode)


@statement
def code_by_hash() -> Query:
    """Whom a code lets in that holds still and isn't bound to another workplace."""
    code = m.OneTimeCode
    here = code.wp_id.is_null() | (code.wp_id == p("wp_id"))
    usable = (code.hash == p("hash")) & (code.expires > p("now")) & here
    return code.select(code.id, code.worker).where(usable)


@statement
def delete_code() -> Query:
    """Use a code up."""
    return m.OneTimeCode.delete().where(m.OneTimeCode.id == p("id"))


@statement
def delete_expired_codes() -> Query:
    """Forget the codes that nobody used in time."""
    return m.OneTimeCode.delete().where(m.OneTimeCode.expires <= p("now"))


def issue(call: Call, worker_id: int, wp_id: int | None, valid_seconds: int) -> dict[str, Any]:
    """Return a new code for a worker and when it expires, and log that there is one; codes that expired go.

    Raises ``worker-not-found``, and Refused for a worker who is not active.
    """
    known = worker(call, worker_id)
    if not known.active:
        raise Refused([worker_inactive(known)])
    call.db.run(delete_expired_codes, now=call.now)
    code, expires = _new_code(call), call.now + valid_seconds * clock.SECOND
    call.db.insert(NEW, hash=hashed(code), worker=worker_id, wp_id=wp_id, expires=expires)
    until = clock.text(expires)
    log_action(call, worker_id, wp_id, defs.WWL_NOTE, f"one-time code issued, valid until {until}")
    return {"code": code, "expires": until}


def redeem(attempts: Attempts, call: Call, code: str, workplace: Workplace | None) -> int | None:
    """Use up a code and return the id of the worker whom it lets in at the workplace; None when it lets nobody in.

    Of two logins with one code one uses it up. A wrong code names no account; it is counted for the terminal, by its
    token and address. Raises Throttled (-32003) when that had too many, TryAgain while as many are being judged.
    """
    account = f"one-time codes:{call.caller.name}:{call.caller.address}"
    wp_id = workplace.id if workplace else None
    with attempts.judging(call, account):
        found = call.db.one(code_by_hash, hash=hashed(code), now=call.now, wp_id=wp_id)
        if found is not None and call.db.run(delete_code, id=found[0]):
            worker_id: int = found[1]
            return worker_id
        attempts.count_wrong(call, account)
    return None


def _new_code(call: Call) -> str:
    """Return a code that is nobody's card or login code, which would be meant before it."""
    while True:
        code = "".join(secrets.choice(LETTERS) for _ in range(LENGTH))
        if find_by_text(call, code) is None:
            return code
