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

__all__ = ["KINDS", "apply", "check", "collect", "decide", "notify", "register"]
