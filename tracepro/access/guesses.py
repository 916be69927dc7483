"""A limit on guessing: so many wrong passwords or codes for one account within a few minutes.

Accounts are counted, not addresses, because terminals share those. The counts are in the database, so
that several servers count together.
"""

from __future__ import annotations

from functools import partial
from typing import Any

from tracepro.access.errors import Throttled
from tracepro.database import Insert, Statement, p
from tracepro.database.core_models import Guess

MINUTE = 60_000_000

RECENT = Statement(
    lambda: (
        Guess.select(Guess.tm)
        .where((Guess.account == p("account")) & (Guess.tm > p("since")))
        .order_by(Guess.tm.desc())
        .limit(p("most"))
    )
)
FORGET = Statement(lambda: Guess.delete().where((Guess.account == p("account")) & (Guess.tm <= p("since"))))
NEW = Insert(Guess)


def check(call: Any, account: str) -> None:
    """Refuses another guess for an account that had too many wrong ones lately.

    ``account`` names what is guessed at, such as ``user:chief`` or ``worker:32``. To be asked before the
    guess is judged. Raises Throttled (-32003).
    """
    span, most = _span(call), call.parameter("api", "guesses")
    recent = call.db.rows(RECENT, account=account, since=call.now - span, most=most)
    if len(recent) >= most:
        wait = (recent[-1][0] + span - call.now) / 1_000_000
        raise Throttled(
            f"There were {most} wrong guesses for this account; wait {wait:.0f} s and try again.", wait
        )


def wrong(call: Any, account: str) -> None:
    """Counts a wrong guess once the call is refused, in a transaction of its own."""
    call.after_refusal(partial(_count, account))


def _count(account: str, call: Any) -> None:
    call.db.run(FORGET, account=account, since=call.now - _span(call))
    call.db.insert(NEW, account=account, tm=call.now)


def _span(call: Any) -> int:
    return call.parameter("api", "guess_minutes") * MINUTE
