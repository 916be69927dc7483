"""What checkproc shows about steps: the entries of all plugins, none behind another's back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from tracepro_hookspecs import Call
from tracepro_hookspecs.records import Order, Step, Worker, Workplace

Entry = dict[str, Any]
HOOK = "tracepro_op_info"


def collect(
    call: Call, order: Order, steps: Sequence[Step], workplace: Workplace, workers: Sequence[Worker]
) -> dict[str, Entry]:
    """Return what plugins show about steps of an order, by the step's number as text.

    The first plugin's first entry of a step gives its keys. Where that is not all, because several plugins
    answered or one answered a list, ``entries`` has every entry.
    """
    answers = call.hooks.collect_each(
        HOOK, order=order, steps=tuple(steps), workplace=workplace, workers=tuple(workers)
    )
    ops = dict.fromkeys(op for answer in answers.values() for op in answer)
    shown = {op: _merged([answer[op] for answer in answers.values() if op in answer]) for op in ops}
    return {op: entry for op, entry in shown.items() if entry}


def _merged(answers: Sequence[Entry | Sequence[Entry]]) -> Entry:
    lists = [answer if isinstance(answer, Sequence) else [answer] for answer in answers]
    entries = [entry for each in lists for entry in each if isinstance(entry, Mapping)]
    if len(answers) == 1 and isinstance(answers[0], Mapping):
        return dict(answers[0])
    return {**entries[0], "entries": entries} if entries else {}
