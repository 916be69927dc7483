"""What a plugin author needs: the hook marker, the declarations, the records and the errors."""

from tracepro_hookspecs.bounds import at_least, between
from tracepro_hookspecs.call import Call, Caller, Hooks, Row, Session
from tracepro_hookspecs.declare import (
    BasicData,
    Command,
    Method,
    Option,
    Parameter,
    PlantSection,
    Route,
    RowKey,
    row_keys,
)
from tracepro_hookspecs.errors import (
    CallError,
    Conflict,
    Forbidden,
    InvalidParams,
    NotFound,
    PluginOff,
    Refused,
    TryAgain,
)
from tracepro_hookspecs.markers import hookimpl
from tracepro_hookspecs.records import Reason
from tracepro_hookspecs.request import Reply, Request
from tracepro_hookspecs.site import Site, Store

__all__ = [
    "BasicData",
    "Call",
    "CallError",
    "Caller",
    "Command",
    "Conflict",
    "Forbidden",
    "Hooks",
    "InvalidParams",
    "Method",
    "NotFound",
    "Option",
    "Parameter",
    "PlantSection",
    "PluginOff",
    "Reason",
    "Refused",
    "Reply",
    "Request",
    "Route",
    "Row",
    "RowKey",
    "Session",
    "Site",
    "Store",
    "TryAgain",
    "at_least",
    "between",
    "hookimpl",
    "row_keys",
]
