"""The hook specifications, one file per kind of hook."""

from tracepro_hookspecs.specs import apply, check, collect, decide, notify, register

KINDS = {
    "register": register,
    "check": check,
    "collect": collect,
    "decide": decide,
    "apply": apply,
    "notify": notify,
}

SITE_WIDE = frozenset(
    (
        "tracepro_apply_cancellation",
        "tracepro_apply_marks",
        "tracepro_authenticate_user",
        "tracepro_background",
        "tracepro_check_routing",
        "tracepro_item_extra",
        "tracepro_item_whereabouts",
        "tracepro_line_names",
        "tracepro_line_of",
        "tracepro_operation_material",
        "tracepro_order_changed",
        "tracepro_order_exists",
        "tracepro_order_progress",
        "tracepro_pages_of_code",
    )
)
"""Hooks that are asked in the site's set on every line: what they are about belongs to no line."""

__all__ = ["KINDS", "SITE_WIDE", "apply", "check", "collect", "decide", "notify", "register"]
