"""Who a worker is: what a terminal sends as a number or a text."""

from __future__ import annotations

from tracepro_hookspecs import Call
from tracepro_hookspecs.records import Worker, Workplace
from tracepro_workers.workers import find_by_text, workers


def identify(call: Call, ident: int | str, workplace: Workplace | None) -> Worker | None:
    """Return whom an identification at a workplace means, or None: a number is an id, a text a card, a code or an id."""
    if not isinstance(ident, str):
        return next(iter(workers(call, [int(ident)])), None)
    return find_by_text(call, ident)
