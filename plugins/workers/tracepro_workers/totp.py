"""Codes of an authenticator app (TOTP, RFC 6238): six digits, another each 30 seconds, each good once."""

from __future__ import annotations

import base64
import binascii
import re

import pyotp
from peewee import Query

from tracepro import clock
from tracepro.access.attempts import Attempts
from tracepro.database import p, statement
from tracepro.secret import equal
from tracepro_hookspecs import Call
from tracepro_workers import models as m

SHAPE = re.compile(r"([1-9][0-9]{0,18}):([0-9]{6})")
"""A worker's id and a code."""
INTERVAL = 30 * clock.SECOND
DRIFT = 1
"""Steps that a phone's clock may be before or behind the server's."""
SHORTEST = 10
LONGEST = 128
"""Bytes of a secret."""
NOBODYS = pyotp.random_base32()
"""Tried where there is no secret, so that the time it takes doesn't tell who has one."""


class _Totp(pyotp.TOTP):
    """The app's code, for the secrets of 80 bits too that many tools and tokens come with."""

    min_secret_length_bits = SHORTEST * 8


@statement
def secret_of_worker() -> Query:
    """The secret of a worker's authenticator app."""
    return m.Worker.select(m.Worker.totp_secret).where(m.Worker.id == p("worker_id"))


@statement
def use_step() -> Query:
    """Use up a step, and those before it, unless that was done already.

    One that was used while the clock was wrong, later than ``latest``, keeps nobody out until the clock gets there.
    """
    used = m.Worker.totp_step
    fresh = used.is_null() | (used < p("step")) | (used > p("latest"))
    return m.Worker.update(totp_step=p("step")).where((m.Worker.id == p("worker_id")) & fresh)


@statement
def update_secret() -> Query:
    """Change the secret of a worker; null is none. What was used with the one before says nothing about it."""
    changed = m.Worker.update(totp_secret=p("secret"), totp_step=None)
    return changed.where(m.Worker.id == p("worker_id"))


def redeem(attempts: Attempts, call: Call, worker_id: int, code: str) -> int | None:
    """Use up a code and return the worker's id; None for a wrong or used code, and where there is no secret.

    Of two logins with one code one uses it up. Raises Throttled (-32003) when there were too many wrong codes for
    the worker, TryAgain while as many are being judged.
    """
    account = f"worker:{worker_id}"
    with attempts.judging(call, account):
        known = call.db.one(secret_of_worker, worker_id=worker_id)
        (secret,) = known or (None,)
        now = call.now // INTERVAL
        step = _step_of(secret or NOBODYS, code, now)
        used = {"worker_id": worker_id, "step": step, "latest": now + DRIFT}
        if secret and step is not None and call.db.run(use_step, **used):
            return worker_id
        if known is not None:  # there are as many counts as workers, however many ids are tried
            attempts.count_wrong(call, account)
    return None


def set_secret(call: Call, worker_id: int, secret: str | None) -> None:
    """Give a worker a secret, or take it away; the same one again changes nothing, and revives no code that was used."""
    before = call.db.value(secret_of_worker, worker_id=worker_id)
    if before != secret:
        call.db.run(update_secret, worker_id=worker_id, secret=secret)
        call.changed(f"worker {worker_id}", "totp_secret", before, secret, hidden=True)


def parse_secret(text: str) -> str:
    """Return a secret as it is stored: base32 in capitals, without blanks and padding. Raises ValueError with a sentence."""
    secret = text.replace(" ", "").rstrip("=").upper()
    try:
        length = len(base64.b32decode(secret + "=" * (-len(secret) % 8)))
    except (binascii.Error, ValueError):
        length = 0
    if not SHORTEST <= length <= LONGEST:
        raise ValueError(
            f"must be base32 (A-Z, 2-7) of {SHORTEST} to {LONGEST} bytes, which are 16 letters or more"
        )
    return secret


def _step_of(secret: str, code: str, now: int) -> int | None:
    """Return the step whose code it is, the latest of several; all are compared, whichever fits."""
    totp = _Totp(secret)
    fitting = [step for step in range(now - DRIFT, now + DRIFT + 1) if equal(totp.generate_otp(step), code)]
    return max(fitting, default=None)
