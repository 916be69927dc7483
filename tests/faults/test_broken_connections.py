"""The connection to PostgreSQL breaks at every piece that a call sends: what the call does is there once when it is sent again."""

import itertools
from contextlib import closing

import psycopg
import pytest

from .calls import METHODS, Calls, fail_each
from .postgres_proxy import BreakingProxy, by_proxy, to_database

pytestmark = pytest.mark.faults("connections to the database that break", database="postgresql")

BY_SERVER = [method for method in METHODS if method != "load"]
"""An import is a command: nobody sends it again with a key."""


def _rows(connection):
    """Return a function that reads all that the database holds."""
    found = connection.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'").fetchall()
    text = " UNION ALL ".join(f"SELECT '{name}', t::text FROM {name} t" for (name,) in sorted(found))
    return lambda: sorted(connection.execute(text).fetchall())


@pytest.mark.parametrize(
    ("methods", "every"),
    [(("addop",), 4), pytest.param(BY_SERVER, 1, marks=(pytest.mark.slow, pytest.mark.timeout(1800)))],
    ids=["few", "all"],
)
def test_a_call_is_there_once_whichever_piece_or_answer_is_lost(
    make_plant, demo, plugins, tried, methods, every
):
    anonymous = {"api": {"anonymous_scopes": "read write"}}
    plant = make_plant(plugins, demo, parameters=anonymous, database="postgresql", alone=True)
    store = plant.site.store
    url = store.url
    with (
        closing(BreakingProxy(to_database(url))) as proxy,
        psycopg.connect(url, autocommit=True) as connection,
    ):
        store._pool.url = by_proxy(url, proxy)
        calls, numbers, rows = Calls(plant), itertools.count(1), _rows(connection)
        broken = 0
        for proxy.loses_answer in (False, True):
            for method in methods:
                count = fail_each(calls, method, proxy, numbers, rows, every=every)
                assert count > 1, method
                broken += count
        calls.check()
        plant.close()
    tried(broken_connections=broken)
