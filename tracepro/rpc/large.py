"""Explaining what is wrong with a very large value: only its first bad part is looked at.

jsonschema collects an error for each of a list's items; a megabyte of wrong ones would cost minutes.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import orjson

from tracepro_hookspecs import InvalidParams

LARGE = 4_000
Fits = Callable[[Any], bool]
Explain = Callable[[Mapping[str, Any]], InvalidParams | None]


def is_large(value: Any) -> bool:
    """Tells whether a value, written as JSON, is more than jsonschema should be asked about."""
    return (
        isinstance(value, (list, dict)) and len(orjson.dumps(value, option=orjson.OPT_NON_STR_KEYS)) > LARGE
    )


def large_refused(name: str, value: Any, fits: Fits, explain: Explain) -> InvalidParams:
    """Returns the refusal of a large value that doesn't fit."""
    if isinstance(value, list) and value:
        place = _first_bad(value, fits)
        one = value[place]
        refusal = None if is_large(one) else explain({name: [one]})
        if refusal is not None:
            told = refusal.info.replace(f"{name}[0]", f"{name}[{place}]", 1)
            told = told.replace("not a list of 1.", f"not a list of {len(value)}.")
            return InvalidParams(name, told, rule=refusal.data["rule"])
    kind = f"list of {len(value)}" if isinstance(value, list) else "object"
    info = f"Parameter {name} is not what its schema in rpc.discover asks for: it is a large {kind} with an error in it."
    return InvalidParams(name, info, rule="schema")


def _first_bad(items: list[Any], fits: Fits) -> int:
    """Finds the first item that spoils the list, by halving: what fits costs next to nothing to check."""
    good, bad = 0, len(items)
    while bad - good > 1:
        middle = (good + bad) // 2
        if fits(items[:middle]):
            good = middle
        else:
            bad = middle
    return bad - 1
