"""What a hook may answer where a caller builds on its form; an answer of another form is the plugin's failure."""

from __future__ import annotations

from typing import Any, NotRequired, TypedDict

from tracepro_hookspecs.records import OpMat


class Label(TypedDict):
    """What is read from a barcode; ``amount`` in millionths."""

    mat_item: NotRequired[str | None]
    mat_lot: NotRequired[str | None]
    name: NotRequired[str | None]
    amount: NotRequired[int]


class User(TypedDict):
    """Who a user is."""

    username: str
    fullname: str
    groups: list[str]


CLOSED = frozenset(("tracepro_authenticate_user", "tracepro_parse_material_barcode"))
"""Hooks whose answers have no members but those of their type."""
ANSWERS: dict[str, Any] = {
    "tracepro_alert_form": dict[str, Any] | None,
    "tracepro_apply_alert": int | None,
    "tracepro_authenticate_user": User | None,
    "tracepro_item_whereabouts": dict[int, dict[str, Any]],
    "tracepro_line_names": list[str] | None,
    "tracepro_line_of": str | None,
    "tracepro_operation_material": dict[int, list[OpMat]],
    "tracepro_order_exists": bool | None,
    "tracepro_order_progress": dict[int, int],
    "tracepro_parse_material_barcode": Label | None,
    "tracepro_parse_tool_barcode": Label | None,
    "tracepro_site_findings": dict[str, str] | None,
}
"""The type of the answer, by hook; those that are missing are judged by their kind alone."""
