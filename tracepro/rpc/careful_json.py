"""The careful half of strict JSON: slow, and sure of every rule; it also words the refusals."""

from __future__ import annotations

import json
from typing import Any

MAX_DEPTH = 64
INT64_MIN, INT64_MAX = -(2**63), 2**63 - 1
_INT_DIGITS = 20
_BEYOND = 2**64


class BadJson(ValueError):
    """The text is no JSON (``grammar``), or JSON with something in it that this server doesn't take."""

    def __init__(self, info: str, *, grammar: bool) -> None:
        super().__init__(info)
        self.info = info
        self.grammar = grammar


class _Reader:
    """Notes what the standard parser would let pass; grammar errors must win, so nothing is raised midway."""

    def __init__(self) -> None:
        self.wrong = ""

    def members(self, pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        members = dict(pairs)
        if len(members) != len(pairs):
            seen: set[str] = set()
            twice = next(name for name, _ in pairs if name in seen or seen.add(name))
            self.wrong = self.wrong or f"The member {twice[:60]!r} stands twice in one object; send it once."
        return members

    def real(self, text: str) -> float:
        number = float(text)
        if number in (float("inf"), float("-inf")):
            self.wrong = self.wrong or f"The number {text[:40]} is too large for a double."
        return number


def _whole(text: str) -> int:
    return int(text) if len(text) <= _INT_DIGITS else _BEYOND


def _constant(name: str) -> Any:
    raise ValueError(f"{name} is no JSON number")


def parse(body: bytes) -> Any:
    """Reads a JSON text with every rule but NUL and int64, which :func:`flaw` finds. Raises BadJson."""
    reader = _Reader()
    try:
        value = json.loads(
            body.decode("utf-8"),
            object_pairs_hook=reader.members,
            parse_float=reader.real,
            parse_int=_whole,
            parse_constant=_constant,
        )
    except UnicodeDecodeError as error:
        raise BadJson(f"The body is not UTF-8 (byte {error.start}); send UTF-8.", grammar=True) from None
    except RecursionError:
        raise _too_deep() from None
    except ValueError as error:
        raise BadJson(f"The body is not JSON: {error}.", grammar=True) from None
    _judge(value, reader.wrong)
    return value


def _judge(value: Any, wrong: str) -> None:
    if depth_over(value, MAX_DEPTH):
        raise _too_deep()
    if wrong:
        raise BadJson(wrong, grammar=False)
    try:
        json.dumps(value, ensure_ascii=False).encode("utf-8")
    except UnicodeEncodeError:
        sentence = "A text has half of a surrogate pair (\\ud800 to \\udfff alone); send whole characters."
        raise BadJson(sentence, grammar=False) from None


def _too_deep() -> BadJson:
    return BadJson(f"The body is nested more than {MAX_DEPTH} deep; send it flatter.", grammar=False)


def depth_over(value: Any, limit: int) -> bool:
    """Tells whether objects and lists are nested more than ``limit`` deep, without recursion."""
    level = [value] if isinstance(value, (dict, list)) else []
    for _ in range(limit):
        if not level:
            return False
        level = [inner for outer in level for inner in _inside(outer) if isinstance(inner, (dict, list))]
    return bool(level)


def _inside(outer: Any) -> Any:
    return outer.values() if isinstance(outer, dict) else outer


def flaw(value: Any) -> str | None:
    """Says what in a parsed value no database takes: NUL in a text, an integer beyond 64 bits; None for nothing."""
    waiting = [value]
    while waiting:
        one = waiting.pop()
        if isinstance(one, str):
            if "\0" in one:
                return "a text has a NUL character in it; send it without"
        elif isinstance(one, dict):
            waiting.extend(one)
            waiting.extend(one.values())
        elif isinstance(one, list):
            waiting.extend(one)
        elif isinstance(one, int) and not INT64_MIN <= one <= INT64_MAX:
            return "an integer is beyond 64 bits; send one from -2^63 to 2^63-1"
    return None
