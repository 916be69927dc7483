"""What a site hears of rows that wait for their seal too long."""

from __future__ import annotations

from tracepro import clock
from tracepro.inspection import next_audit_tm
from tracepro_hookspecs import Call, Session
from tracepro_seal import blocks

LATE_SECONDS = 600
"""How long beyond ``[seal] seconds`` a row may wait until that is told."""


def late(db: Session, seconds: int, now: int) -> str | None:
    """Return the sentence that sealing has fallen behind; None when it hasn't."""
    last = blocks.last(db)
    oldest = next_audit_tm(db, last.last_id if last else blocks.BEFORE_ALL)
    if oldest is None or now - oldest <= (seconds + LATE_SECONDS) * clock.SECOND:
        return None
    if last is None:
        return (
            f"nothing is sealed yet, and the audit begins with a row of {clock.text(oldest)}; see that a server runs with seal enabled, "
            "and what its log says."
        )
    return (
        f"a row of {clock.text(oldest)} is not sealed yet, so sealing has fallen behind; see that a server runs with seal enabled, "
        "and what its log says."
    )


def waiting(call: Call) -> dict[str, str]:
    """Return what is to be said of the site."""
    sentence = late(call.db, call.parameter("seal", "seconds"), call.now)
    return {} if sentence is None else {"the seal of the audit": sentence}
