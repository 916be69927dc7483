"""JSON read strictly and fast: a quick parser reads, and only what looks suspicious is read again with care.

No stock parser refuses all that protocol and databases can't take. orjson refuses bad UTF-8, a BOM, NaN,
lone surrogates and 1e400; it lets duplicate names, long integers and depth through. Those are found
by comparing counts, which costs less than parsing again; any doubt goes to the careful parser, which is slow,
sure of every rule, and words the refusals. How many values a body has and how deep they lie is told from its bytes,
so that nothing is made of a body of millions.
"""

from __future__ import annotations

import json
import threading
from contextlib import nullcontext
from typing import Any, Never

import orjson

MAX_DEPTH = 64
MAX_VALUES = 400_000
"""Values and members of a body, at any depth. A batch of 1000 bookings with 20 rows of data each has 90 000."""
LARGE = 64 * 1024
"""Bytes from which on bodies are read with care one after the other: several at once would leave the loop no time."""
INT64_MIN, INT64_MAX = -(2**63), 2**63 - 1
_INT_DIGITS = 20
_BEYOND = 2**64
_DIGITS = bytes(ord("0") if chr(n).isdigit() and n < 128 else n for n in range(256))
_LONG = b"0" * 19
_OTHER = bytes(n for n in range(256) if n not in b"[]{},")
_LISTS = bytes.maketrans(b"{}", b"[]")


_lane = threading.Lock()


class BadJson(ValueError):
    """The text is not JSON (``grammar``), or JSON with something in it that this server doesn't take."""

    def __init__(self, info: str, *, grammar: bool) -> None:
        super().__init__(info)
        self.info = info
        self.grammar = grammar


def loads(body: bytes) -> Any:
    """Read a JSON text of any size. Raises BadJson: ``grammar`` tells whether it is not JSON at all or JSON we don't take."""
    value, careful = parse(body, max_values=len(body))
    if careful and (sentence := flaw(value)):
        raise BadJson(sentence, grammar=False)
    return value


def parse(body: bytes, max_values: int = MAX_VALUES) -> tuple[Any, bool]:
    """Read a JSON text; True beside it when NUL or long integers may be inside, for :func:`flaw` to judge.

    Those two end one call and not the whole body, so they are not refused here.
    """
    opened = body.count(b"[") + body.count(b"{")
    if len(body) >= max_values and opened + body.count(b",") >= max_values:
        _refuse_too_many(body, max_values)
    try:
        value = orjson.loads(body)
        lost = body.count(b":") != orjson.dumps(value).count(b":")
    except orjson.JSONDecodeError:
        return parse_carefully(body), True
    except orjson.JSONEncodeError:
        lost = True
    if opened > MAX_DEPTH and _too_deep(_structure(body)):
        raise _deep()
    if lost or (b"\\" in body and _escaped(body)) or _LONG in body.translate(_DIGITS):
        return parse_carefully(body), True
    return value, False


def _refuse_too_many(body: bytes, limit: int) -> None:
    """Refuse a body with more values than ``limit``: each follows a comma or is the first in its list or object."""
    structure = _structure(body)
    if structure.count(b",") + structure.count(b"[") + structure.count(b"{") >= limit:
        raise BadJson(f"The body has more than {limit} values in it; send several.", grammar=False)


def _structure(body: bytes) -> bytes:
    """Return the commas and brackets of a JSON text, without those inside its texts."""
    if b"\\" in body:
        body = body.replace(b"\\\\", b"").replace(b'\\"', b"")
    return b"".join(body.split(b'"')[::2]).translate(None, _OTHER)


def _too_deep(structure: bytes) -> bool:
    """Tell whether brackets that fit together are nested too deep: each round takes the innermost pairs away."""
    brackets = structure.translate(_LISTS, b",")
    for _ in range(MAX_DEPTH):
        if not brackets:
            return False
        brackets = brackets.replace(b"[]", b"")
    return bool(brackets)


def _escaped(body: bytes) -> bool:
    """Tell whether NUL or a colon may be written as an escape.

    Colons are what duplicates are found by: every member has one, and texts have the same before and after,
    unless one was written as an escape; so fewer of them after parsing means that a member was lost.
    """
    return b"\\u00" in body and (b"\\u0000" in body or b"\\u003" in body)


class _Reader:
    """Notes what the standard parser would let pass; grammar errors must win, so nothing is raised midway."""

    def __init__(self) -> None:
        self.wrong = ""

    def members(self, pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        members = dict(pairs)
        if len(members) != len(pairs) and not self.wrong:
            self.wrong = f"The member {_first_twice(pairs)[:60]!r} stands twice in one object; send it once."
        return members

    def real(self, text: str) -> float:
        number = float(text)
        if number in (float("inf"), float("-inf")):
            self.wrong = self.wrong or f"The number {text[:40]} is too large for a double."
        return number


def _first_twice(pairs: list[tuple[str, Any]]) -> str:
    seen: set[str] = set()
    for name, _ in pairs:
        if name in seen:
            break
        seen.add(name)
    return name


def _whole(text: str) -> int:
    return int(text) if len(text) <= _INT_DIGITS else _BEYOND


def _constant(name: str) -> Never:
    raise ValueError(f"{name} is not a JSON number")


def parse_carefully(body: bytes) -> Any:
    """Read a JSON text with every rule but NUL and int64, which :func:`flaw` finds. Raises BadJson."""
    with _lane if len(body) > LARGE else nullcontext():
        return _parse_carefully(body)


def _parse_carefully(body: bytes) -> Any:
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
        raise _deep() from None
    except ValueError as error:
        raise BadJson(f"The body is not JSON: {error}.", grammar=True) from None
    if _too_deep(_structure(body)):
        raise _deep()
    if reader.wrong:
        raise BadJson(reader.wrong, grammar=False)
    _refuse_halves(value)
    return value


def _refuse_halves(value: Any) -> None:
    try:
        json.dumps(value, ensure_ascii=False).encode("utf-8")
    except UnicodeEncodeError:
        sentence = "A text has half of a surrogate pair (\\ud800 to \\udfff alone); send whole characters."
        raise BadJson(sentence, grammar=False) from None


def _deep() -> BadJson:
    return BadJson(f"The body is nested more than {MAX_DEPTH} deep; send it flatter.", grammar=False)


def flaw(value: Any) -> str | None:
    """Say what in a parsed value no database takes: NUL in a text, an integer beyond 64 bits; None for nothing."""
    waiting = [value]
    while waiting:
        found = waiting.pop()
        if isinstance(found, str):
            if "\0" in found:
                return "a text has a NUL character in it; send it without"
        elif isinstance(found, dict):
            waiting.extend(found)
            waiting.extend(found.values())
        elif isinstance(found, list):
            waiting.extend(found)
        elif isinstance(found, int) and not INT64_MIN <= found <= INT64_MAX:
            return "an integer is beyond 64 bits; send one from -2^63 to 2^63-1"
    return None
