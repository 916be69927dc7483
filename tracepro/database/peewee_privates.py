"""The two private names of peewee that statements can't do without; setup.cfg pins peewee narrowly for them."""

from __future__ import annotations

from typing import Any

from peewee import Context, Update


def replace_last(ctx: Context, before: str, after: str) -> bool:
    """Replace the last word written if it is ``before``; tell whether it was.

    A value that is written after ``IN`` has no public way to write another operator.
    """
    words: list[str] = ctx._sql  # type: ignore[attr-defined]
    if words[-1] != before:
        return False
    words[-1] = after
    return True


def updated(query: Update) -> dict[Any, Any]:
    """Return the columns that an update sets, with their values; no public name gives them."""
    columns: dict[Any, Any] = query._update  # type: ignore[attr-defined]
    return columns
