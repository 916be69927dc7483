"""What plugins answer, judged and put together."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import msgspec

from tracepro.calls.invocation import encode_json
from tracepro_hookspecs import Reason


def reasons_of(answer: Any, plugin: str) -> list[Reason]:
    """Return the reasons of a check's answer under its plugin's name. Raises TypeError for what is not a list of them."""
    if not isinstance(answer, (list, tuple)):
        raise TypeError(f"a check answers None or a list of Reason, not {type(answer).__name__}")
    for reason in answer:
        if type(reason) is not Reason:
            raise TypeError(f"a check answers a list of Reason, not of {type(reason).__name__}")
    checked = msgspec.json.decode(encode_json(answer), type=list[Reason]) if answer else []
    return [
        reason if reason.plugin is not None else msgspec.structs.replace(reason, plugin=plugin)
        for reason in checked
    ]


def require_json(answer: Any) -> None:
    """Raise TypeError or ValueError for an answer that is not a JSON object."""
    if not isinstance(answer, dict):
        raise TypeError(f"a dict is collected, not {type(answer).__name__}")
    encode_json(answer)


def is_json(value: Any) -> bool:
    """Tell whether a value can be answered."""
    try:
        encode_json(value)
    except Exception:
        return False
    return True


def merge(merged: dict[Any, Any], answer: Mapping[Any, Any]) -> None:
    """Add an answer to those of others: dicts and lists under one key are joined, of other values the last counts."""
    if not merged:
        merged.update(answer)
        return
    for key, value in answer.items():
        known = merged.get(key)
        if isinstance(known, dict) and isinstance(value, dict):
            merged[key] = {**known, **value}
        elif isinstance(known, list) and isinstance(value, list):
            merged[key] = [*known, *value]
        else:
            merged[key] = value
