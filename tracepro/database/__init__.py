"""The database: tables, statements written once, sessions and stores, the same on SQLite and on PostgreSQL."""

from tracepro.database.commit_order import CommitOrder, in_order, later, running_elsewhere, settled
from tracepro.database.connect import open_store
from tracepro.database.fields import (
    Amount,
    Bytes,
    Flag,
    Instant,
    Integer,
    Json,
    Key,
    LongText,
    Model,
    ShortText,
)
from tracepro.database.insert import Insert
from tracepro.database.json_object import JsonObject
from tracepro.database.lists import check_length, list_rows, narrowed_by
from tracepro.database.session import Session
from tracepro.database.statement import Statement, p, statement
from tracepro.database.store import Limits, Store

__all__ = [
    "Amount",
    "Bytes",
    "CommitOrder",
    "Flag",
    "Insert",
    "Instant",
    "Integer",
    "Json",
    "JsonObject",
    "Key",
    "Limits",
    "LongText",
    "Model",
    "Session",
    "ShortText",
    "Statement",
    "Store",
    "check_length",
    "in_order",
    "later",
    "list_rows",
    "narrowed_by",
    "open_store",
    "p",
    "running_elsewhere",
    "settled",
    "statement",
]
