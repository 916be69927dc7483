"""What stands in a database, in a form that is the same on both kinds, and the ids that it gives next."""

import re
from contextlib import contextmanager

from tracepro.database.pg_session import PostgresqlSession

RANDOM = {
    "secret_hash",
    "password_hash",
    "hash",
    "token_hash",
    "totp_secret",
    "place",
    "recorded",
    "request_id",
    "fingerprint",
}
"""Columns that are drawn, or say which transaction wrote them."""
OUR_OWN = {"core_migration", "core_secret", "sqlite_sequence", "sqlite_stat1"}
"""Tables that say nothing of a plant."""


def columns_of(db):
    """Return the names of the columns of every table by its name; asked of SQLite, it is the same on PostgreSQL."""
    tables = [name for (name,) in db.raw_rows("SELECT name FROM sqlite_master WHERE type = 'table'")]
    return {
        table: [row[1] for row in db.raw_rows(f'PRAGMA table_info("{table}")') if row[1] not in RANDOM]
        for table in sorted(tables)
        if table not in OUR_OWN
    }


@contextmanager
def no_ids_ahead():
    """Have PostgreSQL draw ids when they are needed: those asked for ahead, and then forgotten, would be left out."""
    really = PostgresqlSession.ask_ahead

    def ask_ahead(self, statement, /, **values):
        if "nextval" not in self.compiled(statement).sql:
            really(self, statement, **values)

    PostgresqlSession.ask_ahead = ask_ahead
    try:
        yield
    finally:
        PostgresqlSession.ask_ahead = really


def rows_of(db, columns, tables):
    """Return every row of these tables, by their names."""
    found = {}
    for table in sorted(tables & columns.keys()):
        quoted = ", ".join(f'"{name}"' for name in columns[table])
        rows = db.raw_rows(f'SELECT {quoted} FROM "{table}"')
        found[table] = sorted((tuple(map(_plain, row)) for row in rows), key=repr)
    return found


CHANGES = re.compile(r'(?:INSERT INTO|INSERT OR \w+ INTO|UPDATE|DELETE FROM) "(\w+)"')


def changed_by(statements):
    """Return the names of the tables that statements change."""
    return {table for sql in statements for table in CHANGES.findall(sql)}


def _plain(value):
    if isinstance(value, bool):
        return int(value)
    return bytes(value) if isinstance(value, memoryview) else value


def next_ids(db):
    """Return the highest id that each table of SQLite ever gave."""
    return dict(db.raw_rows("SELECT name, seq FROM sqlite_sequence"))


def restart_ids(db, tables, highest):
    """Have tables of PostgreSQL go on behind these ids: it takes none back with the transaction that drew them."""
    calls = [
        f"setval(pg_get_serial_sequence('{table}', 'id'), {highest.get(table) or 1}, {table in highest})"
        for table in sorted(tables)
    ]
    if calls:
        db.raw_rows(f"SELECT {', '.join(calls)}")
