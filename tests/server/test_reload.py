"""SIGHUP and SIGTERM on a real server: nothing is dropped, nothing half-good is taken over."""

import contextlib
import json
import os
import signal
import sqlite3
import threading
import time

import pytest

from tests.waiting import until
from tracepro.testing.errors import RpcError
from tracepro.testing.server import write_ini


@pytest.fixture(scope="module")
def shared(serve_plant_once):
    """One server for tests that leave it as they found it."""
    return serve_plant_once(("workplaces", "counters"))


def enable(server, *plugins):
    write_ini(server.folder / "plugins.ini", {"plugins": {"enabled": plugins}})


def reload(server):
    """Send SIGHUP and wait until new workers serve or the reload is refused; return what the log says of it."""
    before = len(server.log())
    os.kill(server.pid, signal.SIGHUP)
    said = until(
        lambda: [line for line in server.log()[before:].splitlines() if "Reload" in line], "The reload"
    )
    return said[0]


class Load:
    """Clients that book and look all the time: half keep their connection, half open one for every call."""

    def __init__(self, server, clients=6):
        self.numbers, self.failures, self.calls = [], [], 0
        self._server = server
        self._stop = threading.Event()
        self._threads = [
            threading.Thread(target=self._work, args=(number % 2 == 0,)) for number in range(clients)
        ]

    def _work(self, keep):
        client, mine = self._server.client(), []
        while not self._stop.is_set():
            try:
                mine.append(client.call("getnext", "load", "of calls"))
                client.call("getworkplace", 1)
            except Exception as error:
                self.failures.append(error)
            if not keep:
                client.close()
        client.close()
        self.numbers += mine

    def __enter__(self):
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_):
        time.sleep(0.1)
        self._stop.set()
        for thread in self._threads:
            thread.join()


@pytest.mark.faults("a reload under load")
def test_a_reload_under_load_drops_nothing_and_brings_the_new_plugin(serve_plant, database):
    server = serve_plant(
        ("workplaces", "counters"), arguments=["--workers", "2"] if database == "postgresql" else []
    )
    old = server.workers()
    with pytest.raises(RpcError, match="no method"):
        server.rpc("getworkerbycard", "x")
    with Load(server) as load:
        enable(server, "workplaces", "counters", "workers")
        assert "Reloaded" in reload(server)
        until(lambda: not set(old) & set(server.workers()), "The end of the old workers")
    assert load.failures == []
    assert sorted(load.numbers) == list(range(1, len(load.numbers) + 1))
    assert server.rpc("getworkerbycard", "x") is None
    counted = f'tracepro_calls_total{{code="ok",method="getnext"}} {len(load.numbers)}.0'
    until(
        lambda: counted in server.client().send("GET", "/metrics").body.decode(), "What both workers counted"
    )


@pytest.mark.faults("a reload under load")
@pytest.mark.slow
def test_reloads_one_after_the_other_drop_nothing(serve_plant):
    server = serve_plant(("workplaces", "counters"))
    with Load(server, clients=16) as load:
        for _ in range(20):
            assert "Reloaded" in reload(server)
    assert load.failures == []
    assert sorted(load.numbers) == list(range(1, len(load.numbers) + 1))


@pytest.mark.parametrize(
    ("plugins", "sentence"),
    [
        (("workplaces", "counters", "dragons"), "dragons"),
        (("counters", "workers"), "requires workplaces"),
    ],
)
def test_a_wrong_file_leaves_the_old_set_serving_and_says_so(shared, plugins, sentence):
    old = shared.workers()
    enable(shared, *plugins)
    said = reload(shared)
    enable(shared, "workplaces", "counters")
    assert "refused" in said and sentence in said
    assert shared.workers() == old
    assert shared.rpc("getworkplace", 1) is None


def test_an_empty_file_leaves_the_old_set_serving_and_says_so(shared):
    old = shared.workers()
    (shared.folder / "plugins.ini").write_text("")
    said = reload(shared)
    enable(shared, "workplaces", "counters")
    assert "refused" in said and "has no section [plugins]" in said
    assert shared.workers() == old


def test_missing_migrations_of_a_known_plugin_are_named_and_not_applied(shared):
    file = shared.database.removeprefix("sqlite:///")
    with contextlib.closing(sqlite3.connect(file, isolation_level=None)) as database:
        last = database.execute(
            "SELECT * FROM core_migration WHERE plugin = 'core' ORDER BY name DESC LIMIT 1"
        ).fetchone()
        database.execute("DELETE FROM core_migration WHERE plugin = 'core' AND name = ?", (last[1],))
        enable(shared, "workplaces", "counters", "workers")
        assert "tracepro migrate" in reload(shared)
        assert database.execute("SELECT 1 FROM core_migration WHERE plugin = 'workers'").fetchall() == []
        database.execute(f"INSERT INTO core_migration VALUES ({', '.join('?' * len(last))})", last)
    enable(shared, "workplaces", "counters")
    assert shared.rpc("getnext", "a", "b") == 1


def test_a_reload_on_newer_tables_is_refused_and_the_server_goes_on_once_they_are_gone(shared):
    file = shared.database.removeprefix("sqlite:///")
    with contextlib.closing(sqlite3.connect(file, isolation_level=None)) as database:
        database.execute("INSERT INTO core_migration VALUES ('core', '9999_newer', '', 1)")
        assert "has the migrations core/9999_newer, which this version does not know" in reload(shared)
        database.execute("DELETE FROM core_migration WHERE name = '9999_newer'")
    until(lambda: shared.client().send("GET", "/readyz").status == 200, "A server that takes writes again")
    assert shared.rpc("getnext", "after", "newer") == 1


def test_idle_connections_are_passed_on_and_do_not_keep_the_writer_from_it(shared):
    idle = [shared.client() for _ in range(5)]
    for client in idle:
        client.call("getworkplace", 1)
    old = shared.workers()
    assert "Reloaded" in reload(shared)
    assert shared.client().call("getnext", "idle", "x") == 1
    until(lambda: not set(old) & set(shared.workers()), "The end of the old worker")
    assert [client.call("getnext", "idle", "x") for client in idle] == [2, 3, 4, 5, 6]


@pytest.mark.faults("processes killed under load")
def test_a_worker_that_dies_is_replaced(shared):
    (old,) = shared.workers()
    os.kill(old, signal.SIGKILL)
    until(lambda: shared.workers() not in ([], [old]), "A new worker")
    until(lambda: _answers(shared), "An answer")


def _answers(server):
    with contextlib.suppress(OSError), contextlib.closing(server.client()) as client:
        return client.call("getnext", "after", "death") >= 1
    return False


def test_a_worker_that_can_not_start_is_tried_again(serve_plant):
    server = serve_plant(("workplaces", "counters"))
    enable(server, "workplaces", "counters", "dragons")
    os.kill(server.workers()[0], signal.SIGKILL)
    until(lambda: "dragons" in server.log(), "The failed start")
    enable(server, "workplaces", "counters")
    until(lambda: _answers(server), "An answer")


def test_more_workers_are_refused_on_sqlite_while_running_too(shared):
    os.kill(shared.pid, signal.SIGTTIN)
    until(lambda: "one writer" in shared.log(), "The refusal")
    assert len(shared.workers()) == 1


def test_sigterm_answers_what_it_claimed(serve_plant):
    server = serve_plant(("workplaces", "counters"))
    answers = []
    with contextlib.closing(sqlite3.connect(server.database.removeprefix("sqlite:///"))) as other:
        other.execute("BEGIN IMMEDIATE")
        caller = threading.Thread(
            target=lambda: answers.append(server.client().call("getnext", "last", "call"))
        )
        caller.start()
        until(lambda: _under_way(server), "The call")
        os.kill(server.pid, signal.SIGTERM)
        until(lambda: not _listens(server), "The end of listening")
        other.rollback()
    caller.join()
    assert answers == [1]
    pid = server.pid
    assert server.stop() == 0
    log = server.log()
    assert "answers owed: " in log and " when it was told to, 0 now." in log
    assert f"after it was told to (process {pid})." in log and f"(process {pid})" in log.splitlines()[0]


def _under_way(server):
    text = server.client().send("GET", "/metrics").body.decode()
    return "tracepro_thread_wait_seconds_count 1.0" in text


def _listens(server):
    try:
        server.client(timeout=5).send("GET", "/healthz")
    except OSError:
        return False
    return True


def test_the_log_of_a_server_that_stops_has_every_call(serve_plant):
    server = serve_plant(("workplaces", "counters"))
    for _ in range(30):
        server.rpc("getnext", "every", "call")
    assert server.stop() == 0
    records = [json.loads(line) for line in server.log().splitlines() if line.startswith("{")]
    assert [record["code"] for record in records if record.get("method") == "getnext"] == ["ok"] * 30


@pytest.mark.faults("processes killed under load")
def test_a_killed_master_takes_its_workers_with_it(serve_plant):
    server = serve_plant(("workplaces", "counters"))
    workers = server.workers()
    os.kill(server.pid, signal.SIGKILL)
    until(lambda: not any(_lives(pid) for pid in workers), "The end of the workers")
    server.start()
    assert server.rpc("getnext", "after", "kill") == 1


def _lives(pid):
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    with open(f"/proc/{pid}/stat") as stat:
        return stat.read().rpartition(")")[2].split()[0] != "Z"
