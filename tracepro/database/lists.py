"""Lists: an answer gathers at most ``[api] list_rows`` rows of one kind; a longer list is refused, never cut.

Which parameter to narrow is said where the method is: its handler has ``@narrowed_by``.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, ParamSpec, TypeVar, cast

from tracepro.database.session import Session
from tracepro.database.statement import Statement
from tracepro_hookspecs import Call, InvalidParams, Row

Given = ParamSpec("Given")
Answer = TypeVar("Answer")
LONG_TEXTS = 16_000_000
"""Characters of long texts and JSON in the rows of one list."""


class ListTooLong(InvalidParams):
    """A list has more than ``most`` rows, or its texts are too long; ``parameter`` is what can be narrowed."""

    def __init__(
        self, most: int, parameter: str = "", instead: str = "ask for less", long: bool = False
    ) -> None:
        self.most = most
        self.long = long
        too_long = f"{LONG_TEXTS // 1_000_000} MB of text" if long else f"{most} rows"
        raised = "" if long else ", or have [api] list_rows raised"
        info = f"The answer would have more than {too_long}; {instead}{raised}."
        super().__init__(parameter, info, rule="list_rows", most=most)


def list_rows(call: Call, statement: Statement, /, **values: Any) -> list[Row]:
    """Return the rows of a list; of more than it may have, the database hands over one too many and no further.

    Nor are long texts read beyond what an answer may have. A call that writes gets every row, for what it reads is what it works on. Raises ListTooLong.
    """
    if call.db.writable:
        return call.db.rows(statement, **values)
    most = call.parameter("api", "list_rows")
    rows = cast(Session, call.db).rows_within(statement.limited(most + 1), LONG_TEXTS, **values)
    if rows is None or len(rows) > most:
        raise ListTooLong(most, long=rows is None)
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
                raise ListTooLong(error.most, parameter, instead, error.long) from None

        return answer

    return mark
