"""JSON read strictly and fast: a quick parser reads, and only what looks suspicious is read again with care.

No stock parser refuses all that protocol and databases can't take. orjson refuses bad UTF-8, a BOM, NaN,
lone surrogates and 1e400; it lets duplicate names, long integers and depth through. Those are found
by comparing counts, which costs less than parsing again; any doubt goes to the careful parser.
"""

from __future__ import annotations

from typing import Any

import orjson

from tracepro.rpc import careful_json
from tracepro.rpc.careful_json import BadJson

__all__ = ["MAX_DEPTH", "BadJson", "flaw", "loads", "parse"]

MAX_DEPTH = careful_json.MAX_DEPTH
flaw = careful_json.flaw

_DIGITS = bytes(ord("0") if chr(n).isdigit() and n < 128 else n for n in range(256))
_LONG = b"0" * 19


def loads(body: bytes) -> Any:
    """Reads a JSON text. Raises BadJson: ``grammar`` tells whether it is no JSON at all or JSON we don't take."""
    value, careful = parse(body)
    if careful and (sentence := flaw(value)):
        raise BadJson(sentence, grammar=False)
    return value


def parse(body: bytes) -> tuple[Any, bool]:
    """Reads a JSON text; True beside it when NUL or long integers may be inside, for :func:`flaw` to judge.

    Those two end one call and not the whole body, so they are not refused here.
    """
    try:
        value = orjson.loads(body)
        lost = body.count(b":") != orjson.dumps(value).count(b":")
    except orjson.JSONDecodeError:
        return careful_json.parse(body), True
    except orjson.JSONEncodeError:
        lost = True
    if (
        lost
        or (b"\\" in body and _escaped(body))
        or _LONG in body.translate(_DIGITS)
        or (body.count(b"[") + body.count(b"{") > MAX_DEPTH and careful_json.depth_over(value, MAX_DEPTH))
    ):
        return careful_json.parse(body), True
    return value, False


def _escaped(body: bytes) -> bool:
    """Tells whether NUL or a colon may be written as an escape.

    Colons are what duplicates are found by: every member has one, and texts have the same before and after,
    unless one was written as an escape; so fewer of them after parsing means that a member was lost.
    """
    return b"\\u00" in body and (b"\\u0000" in body or b"\\u003" in body)
