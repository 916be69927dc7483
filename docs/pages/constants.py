"""docs/constants.md: the constants of the API with what each stands for, as tracepro_schemas.defs tells it."""

from __future__ import annotations

from collections.abc import Iterator

from pages import assigned
from pages.markdown import MADE, table
from tracepro_schemas import defs

INTRODUCTION = """\
Numbers that stand for something in parameters, answers and plant files. `getdefs` answers them by name; plugins and programs in Python
have them as `tracepro_schemas.defs`. None ever changes its value. Flags (`_F_`) are bits: the sum of several says all of them.
"""
GROUPS = {
    "ITEM_TP": "What a unit is: `tp`",
    "ITEM_BAD": "Whether a unit is good: `bad`",
    "ORDER_ST": "How far an order is: `status`",
    "ORDER_F": "Flags of an order: `flags`",
    "STEP_F": "Flags of a step: `flags`",
    "RESULT": "How an operation ended: `result`",
    "DATA_TP": "What a row of data is: `tp`",
    "MPTP": "How boards of a panel are told apart: `mptp`",
    "WWL": "What a worker did: `action`",
    "SEVERITY": "How bad an alert is: `severity`",
    "BOX_ST": "How far a box is: `status`",
}
"""What the constants with a prefix are about."""


def page() -> str:
    """Return the page."""
    tables = [f"## {GROUPS[group]}\n\n{_table(group)}" for group in GROUPS]
    return "\n".join(["# Constants and flags\n", MADE, INTRODUCTION, *tables])


def _table(group: str) -> str:
    rows = ((f"`{name}`", value, assigned.doc_of(defs.__name__, name)) for name, value in members(group))
    return table(("name", "value", "meaning"), rows)


def members(group: str) -> Iterator[tuple[str, int]]:
    """Yield the constants whose name begins so, with their values."""
    for name, value in defs.constants().items():
        if name.startswith(f"{group}_"):
            yield name, value
