"""PostgreSQL goes away and comes back: calls are answered meanwhile, and nobody has to restart anything."""

import contextlib
import time

import pytest

from tracepro.testing.proxy import CuttingProxy

from .postgres_proxy import by_proxy, to_database

pytestmark = pytest.mark.faults("the database away", database="postgresql")

# The promise is 3 s; the rest is for a machine that has other things to do.
PATIENCE = 8.0


@pytest.fixture
def away(serve_plant, demo):
    """A server whose database can be taken away."""
    server = serve_plant(
        plugins=("workplaces", "counters"), plant=_only(demo), database="postgresql", start=False
    )
    proxy = CuttingProxy(to_database(server.database))
    server.database = by_proxy(server.database, proxy)
    server.start()
    yield server, proxy
    server.kill()
    proxy.close()


def _only(demo):
    return {name: demo[name] for name in ("acts", "workplaces", "ranged_counters")}


def _refused(client, method, params):
    began = time.monotonic()
    answer = client.answer(method, params)
    assert time.monotonic() - began < PATIENCE
    error = answer["error"]
    assert (error["code"], error["data"]["code"], error["data"]["retryable"]) == (
        -32000,
        "database-unavailable",
        True,
    )
    return error["data"]["outcome"]


def _wait_until_back(client):
    deadline = time.monotonic() + 60
    while client.send("GET", "/readyz").status != 200:
        assert time.monotonic() < deadline, "The server did not find its database again."
        time.sleep(0.05)


@pytest.mark.deadline
@pytest.mark.parametrize("how", ["cut", "freeze"])
def test_calls_are_answered_while_the_database_is_away_and_go_on_when_it_is_back(away, how):
    server, proxy = away
    with contextlib.closing(server.client()) as client:
        assert client.call("getnext", "serial", "A") == 1
        getattr(proxy, how)()
        assert _refused(client, "getworkplace", [100]) == "none"
        assert _refused(client, "getnext", ["serial", "A"]) in ("none", "unknown")
        assert client.send("GET", "/healthz").status == 200
        assert client.send("GET", "/readyz").status == 503
        proxy.restore()
        _wait_until_back(client)
        assert client.call("getworkplace", 100)["name"] == "SMT-1 printer"
        assert client.call("getnext", "serial", "A") in (2, 3)
