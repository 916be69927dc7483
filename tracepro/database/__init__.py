"""The database: tables, statements written once, sessions and stores, the same on SQLite and on PostgreSQL.

What ``__all__`` doesn't name is the core's: a plugin is given its session.
"""

from tracepro.database.archived import archived_before
from tracepro.database.commit_order import CommitOrder, in_order, later, running_elsewhere, settled
from tracepro.database.connect import open_store as open_store
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
from tracepro.database.lists import ListTooLong, check_length, list_rows, narrowed_by
from tracepro.database.schema import Schema
from tracepro.database.session import Session as Session
from tracepro.database.settled_ids import SettledIds
from tracepro.database.statement import Statement, p, statement
from tracepro.database.store import Limits as Limits
from tracepro.database.store import Store as Store

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
    "ListTooLong",
    "LongText",
    "Model",
    "Schema",
    "SettledIds",
    "ShortText",
    "Statement",
    "archived_before",
    "check_length",
    "in_order",
    "later",
    "list_rows",
    "narrowed_by",
    "p",
    "running_elsewhere",
    "settled",
    "statement",
]
