"""A limit on guessing: so many wrong passwords or codes for one account within a few minutes.

Accounts are counted, not addresses, because terminals share those. The counts are in the database, so
that several servers count together. Who judges guesses uses ``Attempts`` of ``tracepro.access.attempts``, which counts with
these functions, and those that are being judged too.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from peewee import Query

from tracepro import clock
from tracepro.access.errors import Throttled
from tracepro.database import Insert, p, statement
from tracepro.database.core_models import Guess
from tracepro_hookspecs import Call

__all__ = ["count_wrong", "counted_between", "recent", "refuse_more"]

OLDEST = 20
"""How many guesses are looked at to be forgotten, for each that is counted."""

NEW = Insert(Guess)


@statement
def recent_guesses() -> Query:
    """The latest wrong guesses for an account, newest first."""
    here = (Guess.account == p("account")) & (Guess.tm > p("since")) & (Guess.tm <= p("until"))
    return Guess.select(Guess.tm).where(here).order_by(Guess.tm.desc()).limit(p("most"))


@statement
def forget_guesses() -> Query:
    """The guesses for an account that don't count, gone."""
    out = (Guess.tm <= p("since")) | (Guess.tm > p("until"))
    return Guess.delete().where((Guess.account == p("account")) & out)


@statement
def forget_oldest() -> Query:
    """Some of the oldest guesses for any account, gone: whoever guesses at ever new names fills no table."""
    oldest = Guess.select(Guess.id).order_by(Guess.id).limit(OLDEST)
    return Guess.delete().where(Guess.id.in_(oldest) & (Guess.tm <= p("since")))


def recent(call: Call, account: str) -> list[int]:
    """Return when the last wrong guesses for an account were, of those that still count, newest first.

    ``account`` names what is guessed at, such as ``user:chief`` or ``worker:32``.
    """
    most = call.parameter("api", "guesses")
    since, until = counted_between(call)
    rows = call.db.rows(recent_guesses, account=account, since=since, until=until, most=most)
    return [tm for (tm,) in rows]


def refuse_more(call: Call, times: Sequence[int]) -> None:
    """Refuse another guess after wrong ones at these times, newest first. Raises Throttled."""
    most = call.parameter("api", "guesses")
    if len(times) >= most:
        wait = (times[most - 1] - counted_between(call)[0]) / clock.SECOND
        raise Throttled(
            f"There were {most} wrong guesses for this account; wait {wait:.0f} s and try again.", wait
        )


def count_wrong(call: Call, account: str) -> None:
    """Count a wrong guess once the call is refused, in a transaction of its own."""
    call.after_refusal(partial(_count, account))


def _count(account: str, call: Call) -> None:
    since, until = counted_between(call)
    call.db.run(forget_guesses, account=account, since=since, until=until)
    call.db.run(forget_oldest, since=since)
    call.db.insert(NEW, account=account, tm=call.now)


def counted_between(call: Call) -> tuple[int, int]:
    """Return the times between which wrong guesses count.

    What is later than another server's clock may be ahead was counted before this clock was set back: it keeps nobody out
    until the clock gets there.
    """
    span = int(call.parameter("api", "guess_minutes") * clock.MINUTE)
    return call.now - span, call.now + span
