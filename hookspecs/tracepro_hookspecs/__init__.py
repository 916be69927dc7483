"""What a plugin author needs: the hook marker, the declarations, the records and the errors."""

from tracepro_hookspecs.archive import Archive
from tracepro_hookspecs.bounds import at_least, between
from tracepro_hookspecs.call import Call, Caller, Hooks, Row, Session
from tracepro_hookspecs.declare import (
    Access,
    BackupProbe,
    BasicData,
    Command,
    Handler,
    LineFrom,
    Method,
    Option,
    Parameter,
    PlantSection,
    Route,
    RouteHandler,
    RowKey,
    RowKeys,
    Rows,
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
from tracepro_hookspecs.pages import Layout, Page, PageOf, Renderer, segment
from tracepro_hookspecs.records import Reason
from tracepro_hookspecs.request import Reply, Request
from tracepro_hookspecs.site import Site, Store

API_VERSION = 1
"""The first number of the distribution's version: it rises only when something public has gone or means something else."""

__all__ = [
    "API_VERSION",
    "Access",
    "Archive",
    "BackupProbe",
    "BasicData",
    "Call",
    "CallError",
    "Caller",
    "Command",
    "Conflict",
    "Forbidden",
    "Handler",
    "Hooks",
    "InvalidParams",
    "Layout",
    "LineFrom",
    "Method",
    "NotFound",
    "Option",
    "Page",
    "PageOf",
    "Parameter",
    "PlantSection",
    "PluginOff",
    "Reason",
    "Refused",
    "Renderer",
    "Reply",
    "Request",
    "Route",
    "RouteHandler",
    "Row",
    "RowKey",
    "RowKeys",
    "Rows",
    "Session",
    "Site",
    "Store",
    "TryAgain",
    "at_least",
    "between",
    "hookimpl",
    "row_keys",
    "segment",
]
