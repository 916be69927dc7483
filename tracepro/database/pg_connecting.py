"""How a connection to PostgreSQL is made: with which timeouts, and how numbers go and come."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import psycopg
from psycopg.adapt import Loader
from psycopg.types.numeric import Int8Dumper

from tracepro.database.store import Limits


def settings_of(limits: Limits, statement_seconds: float) -> dict[str, Any]:
    """Return the parameters of a connection whose waits for locks, statements and the network have an end."""
    timeouts = f"-c lock_timeout={_ms(limits.lock_seconds)} -c statement_timeout={_ms(statement_seconds)}"
    return {
        "application_name": "tracepro",
        "client_encoding": "UTF8",
        "connect_timeout": 2,
        "tcp_user_timeout": _ms(limits.statement_seconds),
        "keepalives_idle": 10,
        "keepalives_interval": 2,
        "keepalives_count": 3,
        "options": f"{timeouts} -c idle_in_transaction_session_timeout=60000 -c timezone=UTC -c plan_cache_mode=force_generic_plan",
    }


def connected(url: str, settings: Mapping[str, Any]) -> psycopg.Connection[Any]:
    """Connect. Raises psycopg.OperationalError."""
    connection = psycopg.connect(url, autocommit=True, **settings)
    connection.adapters.register_dumper(int, Int8Dumper)
    connection.adapters.register_loader("numeric", _WholeNumber)
    return connection


def _ms(seconds: float) -> int:
    return int(seconds * 1000)


class _WholeNumber(Loader):
    """Sums of whole numbers come as NUMERIC; here they are what SQLite gives, whole numbers."""

    def load(self, data: Any) -> int | float:
        text = bytes(data)
        return float(text) if b"." in text else int(text)
