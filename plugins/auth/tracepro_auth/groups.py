"""Groups: what their users may do, as ``[groups]`` of parameters.ini says."""

from __future__ import annotations

from collections.abc import Iterable

from tracepro_hookspecs import Call, Parameter

PARAMETERS = [
    Parameter(
        "groups",
        "*",
        {},
        "The scopes of the users of a group, divided by blanks, such as planner = read write.",
        list,
        parse=frozenset,
        grants=True,
    )
]


def scopes_of(call: Call, groups: Iterable[str]) -> frozenset[str]:
    """Return what users of these groups may do; a group that ``[groups]`` doesn't name gives nothing."""
    scopes: dict[str, frozenset[str]] = call.parameter("groups", "*")
    return frozenset().union(*(scopes.get(group, ()) for group in groups))
