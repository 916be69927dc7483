"""A limit on guessing: so many wrong passwords or codes for one account within a few minutes.

Accounts are counted, not addresses, because terminals share those. The counts are in the database, so
that several servers count together.
"""

from __future__ import annotations

from functools import partial

from peewee import Query

from tracepro.access.errors import Throttled
from tracepro.database import Insert, p, statement
from tracepro.database.core_models import Guess
from tracepro_hookspecs import Call

MINUTE = 60_000_000

NEW = Insert(Guess)


@statement
def recent_guesses() -> Query:
    """The latest wrong guesses for an account, newest first."""
    here = (Guess.account == p("account")) & (Guess.tm > p("since"))
    return Guess.select(Guess.tm).where(here).order_by(Guess.tm.desc()).limit(p("most"))


@statement
def forget_guesses() -> Query:
    """The guesses for an account that no longer count, gone."""
    return Guess.delete().where((Guess.account == p("account")) & (Guess.tm <= p("since")))


def check(call: Call, account: str) -> None:
    """Refuse another guess for an account that had too many wrong ones lately.

    ``account`` names what is guessed at, such as ``user:chief`` or ``worker:32``. To be asked before the
    guess is judged. Raises Throttled (-32003).
    """
    span, most = _span(call), call.parameter("api", "guesses")
    recent = call.db.rows(recent_guesses, account=account, since=call.now - span, most=most)
    if len(recent) >= most:
        wait = (recent[-1][0] + span - call.now) / 1_000_000
        raise Throttled(
            f"There were {most} wrong guesses for this account; wait {wait:.0f} s and try again.", wait
        )


def count_wrong(call: Call, account: str) -> None:
    """Count a wrong guess once the call is refused, in a transaction of its own."""
    call.after_refusal(partial(_count, account))


def _count(account: str, call: Call) -> None:
    call.db.run(forget_guesses, account=account, since=call.now - _span(call))
    call.db.insert(NEW, account=account, tm=call.now)


def _span(call: Call) -> int:
    minutes: int = call.parameter("api", "guess_minutes")
    return minutes * MINUTE
