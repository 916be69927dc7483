"""Who a worker is: what a terminal sends as a number or a text."""

from __future__ import annotations

from tracepro.access.attempts import Attempts
from tracepro_hookspecs import Call
from tracepro_hookspecs.records import Worker, Workplace
from tracepro_workers import one_time_codes, totp
from tracepro_workers.workers import find_by_text, workers


def identify(attempts: Attempts, call: Call, ident: int | str, workplace: Workplace | None) -> Worker | None:
    """Return whom an identification at a workplace means, or None for nobody: a number is an id.

    A text is a card, else a login code, else a one-time code, else an id with the code of an authenticator app
    (``32:123456``), else an id. No text has the shape of two of the last three. Codes are used up, unless the call is
    refused; ``attempts`` are the wrong ones of the site.
    """
    if not isinstance(ident, str):
        return _by_id(call, int(ident))
    return find_by_text(call, ident) or _by_id(call, _redeemed(attempts, call, ident, workplace))


def _by_id(call: Call, worker_id: int | None) -> Worker | None:
    return None if worker_id is None else next(iter(workers(call, [worker_id])), None)


def _redeemed(attempts: Attempts, call: Call, text: str, workplace: Workplace | None) -> int | None:
    if one_time_codes.SHAPE.fullmatch(text):
        return one_time_codes.redeem(attempts, call, text, workplace)
    with_app = totp.SHAPE.fullmatch(text)
    if with_app and int(with_app[1]) < 2**63:
        return totp.redeem(attempts, call, int(with_app[1]), with_app[2])
    return None
