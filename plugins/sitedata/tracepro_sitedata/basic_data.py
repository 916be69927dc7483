"""Basic data: what a plant seldom changes, in kinds that the plugins bring."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from tracepro.database import check_length
from tracepro_hookspecs import BasicData, Call
from tracepro_sitedata import reasons


def rows(call: Call, name: str) -> Sequence[Any]:
    """Return the objects of a kind. Raises ``basicdata-not-found``, and ListTooLong for more than a list may have."""
    found = _kind(call, name).rows(call)
    check_length(call, len(found))
    return found


def change(call: Call, name: str, number: int, key: str, value: Any) -> Any:
    """Change a property of an object and return the object.

    Raises ``basicdata-not-found`` for an unknown kind, ``basicdata-readonly`` for what its plugin doesn't let be set, and
    what the plugin says of an unknown id or a value of the wrong type.
    """
    kind = _kind(call, name)
    if kind.set is None or key not in kind.keys:
        raise reasons.basicdata_readonly(name, key)
    return kind.set(call, number, key, value)


def _kind(call: Call, name: str) -> BasicData:
    kind = call.basic_data(name)
    if kind is None:
        raise reasons.basicdata_not_found(name)
    return kind
