"""A database that can't be written is named in the log in its own words; /readyz says so and recovers by itself."""

import contextlib
import resource
from pathlib import Path

import pytest

from tests.waiting import until
from tracepro.testing import RpcError

pytestmark = pytest.mark.faults("a database that takes no write")


def limit_files(server, size):
    """Let the worker's files grow to this many bytes, as a full disk would; None is no limit."""
    for pid in server.workers():
        _, hard = resource.prlimit(pid, resource.RLIMIT_FSIZE)
        resource.prlimit(pid, resource.RLIMIT_FSIZE, (hard if size is None else size, hard))


def make_unwritable(server, database, yes):
    """Take away, or give back, the possibility to write."""
    if database == "sqlite":
        file = Path(server.database.removeprefix("sqlite:///") + "-wal")
        limit_files(server, file.stat().st_size if yes else None)
        return
    import psycopg

    with psycopg.connect(server.database, autocommit=True) as connection:
        name = connection.info.dbname
        connection.execute("SET default_transaction_read_only = off")
        connection.execute(
            f'ALTER DATABASE "{name}" SET default_transaction_read_only = {"on" if yes else "off"}'
        )
        connection.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s AND application_name = 'tracepro'",
            (name,),
        )


WORDS = {"sqlite": "disk", "postgresql": "read-only transaction"}


def test_an_unwritable_database_is_named_and_readyz_recovers_without_a_call(serve_plant, database):
    server = serve_plant(("workplaces", "counters"))
    with contextlib.closing(server.client()) as client:

        def ready():
            return client.send("GET", "/readyz")

        assert server.rpc("getnext", "a", "counter") == 1
        make_unwritable(server, database, True)
        try:
            refused = until(lambda: refusal(server))
            assert (refused.code, refused.data["code"]) == (-32000, "database-unavailable")
            assert ready().status == 503 and WORDS[database] in ready().body.decode()
            assert WORDS[database] in server.log() and "can't be written" in server.log()
        finally:
            make_unwritable(server, database, False)
        until(lambda: ready().status == 200)
        assert "can be written again" in server.log()
        assert server.rpc("getnext", "a", "counter") >= 2


def refusal(server):
    """Book until that is refused; what fills no page yet gets through."""
    with pytest.raises(RpcError) as refused:
        for _ in range(2000):
            server.rpc("getnext", "a", "counter")
    return refused.value
