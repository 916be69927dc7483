"""Lists: an answer gathers at most ``[api] list_rows`` rows of one kind; a longer list is refused, never cut.

Which parameter to narrow is said where the method is: its handler has ``@narrowed_by``.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, ParamSpec, TypeVar

from tracepro.database.statement import Statement
from tracepro_hookspecs import Call, InvalidParams, Row

Given = ParamSpec("Given")
Answer = TypeVar("Answer")


class ListTooLong(InvalidParams):
    """A list has more than ``most`` rows; ``parameter`` can be narrowed, or is what asks for so much."""

    def __init__(self, most: int, parameter: str = "", instead: str = "ask for less") -> None:
        info = f"The answer would have more than {most} rows; {instead}, or have [api] list_rows raised."
        super().__init__(parameter, info, rule="list_rows", most=most)


def list_rows(call: Call, statement: Statement, /, **values: Any) -> list[Row]:
    """Return the rows of a list; of more than it may have, the database hands over one too many and no further.

    A call that writes gets every row, for what it reads is what it works on. Raises ListTooLong.
    """
    if call.db.writable:
        return call.db.rows(statement, **values)
    most = call.parameter("api", "list_rows")
    rows = call.db.rows(statement.limited(most + 1), **values)
    if len(rows) > most:
        raise ListTooLong(most)
    return rows


def check_length(call: Call, number: int) -> None:
    """Refuse a list of so many rows that was put together from several, in a read. Raises ListTooLong."""
    most = call.parameter("api", "list_rows")
    if number > most and not call.db.writable:
        raise ListTooLong(most)


def narrowed_by(parameter: str, instead: str) -> Callable[[Callable[Given, Answer]], Callable[Given, Answer]]:
    """Mark a handler with the parameter that makes its list long and, as part of a sentence, what to do instead."""

    def mark(handler: Callable[Given, Answer]) -> Callable[Given, Answer]:
        @wraps(handler)
        def answer(*args: Given.args, **params: Given.kwargs) -> Answer:
            try:
                return handler(*args, **params)
            except ListTooLong as error:
                raise ListTooLong(error.data["most"], parameter, instead) from None

        return answer

    return mark
