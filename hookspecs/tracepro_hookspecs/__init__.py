"""What a plugin author needs: the hook marker, the declarations, the records and the errors."""

from tracepro_hookspecs.call import Call, Caller, Hooks, Row, Session
from tracepro_hookspecs.declare import (
    BasicData,
    Command,
    Method,
    Option,
    Parameter,
    PlantSection,
    Route,
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
    "Route",
    "Row",
    "Session",
    "TryAgain",
    "hookimpl",
]
