"""Nobody makes the server deaf: connections are capped, and headers that drip end theirs."""

import contextlib
import os
import resource
import threading
from functools import partial

import pytest

from tests import waiting
from tracepro.server import connection, places
from tracepro.server.places import SURPLUS, Places, places_for
from tracepro.testing.wire import Wire

GET = b"GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n"
PLUGINS = GET.replace(b"/healthz", b"/plugins")
IN_USE = (
    b"POST /api/ HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 50\r\n\r\n["
)
HALF = b"GET /healthz HTTP/1.1\r\nHost: loc"
SECONDS = 20
until = partial(waiting.until, seconds=SECONDS)


@contextlib.contextmanager
def open_files(limit):
    """Lower the limit of open files for what is started meanwhile."""
    before = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (limit, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, before)


@pytest.fixture(scope="module")
def server(serve_plant_once):
    return serve_plant_once(
        ("workplaces", "counters"), parameters={"api": {"connections": 12, "connections_per_peer": 5}}
    )


@pytest.fixture
def wires(server):
    """Open connections, closed in the end and waited for."""
    opened = []

    def connect(count=1, sent=b"", source="127.0.0.1", port=None):
        new = [Wire(port or server.port, source).send(sent) for _ in range(count)]
        opened.extend(new)
        return new

    yield connect
    for wire in opened:
        wire.close()


def status(port, sent, source="127.0.0.1"):
    """Return the status of an answer on a connection of its own, or None."""
    wire = Wire(port, source).send(sent)
    try:
        return wire.answer()[0]
    except (OSError, IndexError):
        return None
    finally:
        wire.close()


def descriptors(server):
    (pid,) = server.workers()
    return len(os.listdir(f"/proc/{pid}/fd"))


def test_dripping_connections_at_few_descriptors_make_no_deaf_server(serve_plant, wires):
    server = serve_plant(("workplaces", "counters"), start=False)
    with open_files(200):
        server.start()
    assert "ulimit -n) is 200" in server.log() and "LimitNOFILE" in server.log()
    wires(192, HALF, port=server.port)
    assert status(server.port, GET) == 200
    assert status(server.port, GET.replace(b"healthz", b"readyz")) == 200
    assert descriptors(server) < 190
    until(lambda: status(server.port, PLUGINS) == 200)  # takes the place of one that drips
    assert server.rpc("getnext", "t", "n") == 1
    assert "out of system resource" not in server.log()


def test_a_peer_with_all_its_connections_in_use_is_told_to_come_again_and_others_are_served(server, wires):
    for wire in wires(5, PLUGINS):
        assert wire.answer()[0] == 200
        wire.send(IN_USE)
    (surplus,) = wires(1, PLUGINS)
    code, headers, body = surplus.answer()
    assert (code, headers["retry-after"], headers["connection"]) == (503, "1", "close")
    assert b"connections" in body
    assert status(server.port, GET) == 200
    assert status(server.port, GET, source="127.0.0.2") == 200
    assert status(server.port, PLUGINS, source="127.0.0.2") == 403  # served, and judged


def test_all_peers_together_are_capped_and_probes_are_answered(server, wires):
    for number in range(2, 5):
        for wire in wires(4, GET, source=f"127.0.0.{number}"):
            assert wire.answer()[0] == 200
            wire.send(IN_USE)
    assert status(server.port, PLUGINS) == 503
    assert status(server.port, GET) == 200


def test_a_flood_without_a_place_holds_no_more_descriptors_than_the_surplus(server, wires):
    for wire in wires(5, PLUGINS):
        assert wire.answer()[0] == 200
        wire.send(IN_USE)
    before = descriptors(server)
    wires(60)
    until(lambda: descriptors(server) <= before + SURPLUS)
    assert status(server.port, GET) == 200


def test_places_are_given_back(server, wires):
    def served():
        with contextlib.closing(Wire(server.port).send(PLUGINS)) as wire:
            return wire.answer()[0] == 200

    for _ in range(20):
        until(served)


class Waiting:
    """A connection as its place knows it."""

    def __init__(self, headers=0.0, idle=0.0):
        self.headers, self.idle = headers, idle
        self.ended = False

    def headers_missing_for(self):
        return self.headers

    def idle_for(self):
        return self.idle

    def end_now(self):
        self.ended = True


def test_a_place_is_taken_from_the_one_whose_headers_are_missing_longest_and_from_nobody_else():
    room = Places(3, 0)
    busy, old, young = Waiting(0.0), Waiting(9.0), Waiting(0.1)
    assert all(room.take(each, "a") for each in (busy, old, young))
    assert room.take(Waiting(0.0), "b") and old.ended
    assert not room.take(Waiting(0.0), "b")
    assert not busy.ended and not young.ended


def test_a_place_is_taken_from_the_one_idle_longest_when_no_headers_are_missing():
    room = Places(4, 0)
    busy, just, idle, longest = Waiting(), Waiting(idle=0.9), Waiting(idle=5.0), Waiting(idle=60.0)
    assert all(room.take(each, "a") for each in (busy, just, idle, longest))
    assert room.take(late := Waiting(headers=2.0), "b") and longest.ended and not idle.ended
    assert room.take(Waiting(), "b") and late.ended and not idle.ended
    assert room.take(Waiting(), "b") and idle.ended
    assert not room.take(Waiting(), "b")
    assert not busy.ended and not just.ended


def test_a_peer_with_too_many_gets_the_place_of_its_own_connection_only():
    room = Places(10, 1)
    other, own = Waiting(9.0), Waiting(5.0)
    assert room.take(other, "a") and room.take(own, "b")
    assert room.take(Waiting(0.0), "b")
    assert own.ended and not other.ended


def test_processes_share_the_connections_and_few_descriptors_leave_fewer(caplog):
    with open_files(400):
        roomy = places_for(1000, 200, workers=4, reserved=100)
        assert (roomy.total, roomy._per_peer) == (250, 200)
        assert not caplog.records
        for per_peer, left in ((200, 150), (20, 20), (0, 0)):
            few = places_for(1000, per_peer, workers=1, reserved=100)
            assert (few.total, few._per_peer) == (300, left)
    assert "[api] connections = 1000 needs 1100" in caplog.text


async def hello(scope, receive, send):
    headers = [(b"content-length", b"5")]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": b"hello"})


@pytest.mark.parametrize("first", [0, 1, 3], ids=["first", "second", "fourth"])
def test_headers_that_drip_end_the_connection_whichever_request_they_are_of(serve_app, monkeypatch, first):
    monkeypatch.setattr(connection, "HEADER_SECONDS", 0.2)
    served = serve_app(hello)
    wire = Wire(served.port)
    for _ in range(first):
        assert wire.send(GET).answer()[0] == 200
    wire.send(HALF)
    until(lambda: served.worker.connections)
    until(lambda: wire.send(b"x") and not served.worker.connections)
    wire.close()


def test_a_connection_between_two_requests_has_no_deadline_of_headers(serve_app, monkeypatch):
    monkeypatch.setattr(connection, "HEADER_SECONDS", 0.05)
    served = serve_app(hello)
    wire = Wire(served.port)
    assert wire.send(GET, b"\r\n").answer()[0] == 200
    ticked = threading.Event()
    served.loop.call_soon_threadsafe(served.loop.call_later, 0.15, ticked.set)
    assert ticked.wait(SECONDS)
    assert wire.send(GET).answer()[0] == 200
    wire.close()


def test_a_connection_is_idle_between_two_requests_only_and_its_place_goes_to_a_newcomer(
    serve_app, monkeypatch
):
    monkeypatch.setattr(places, "GRACE_SECONDS", 0.05)
    served = serve_app(hello)
    served.worker.places = Places(2, 0)
    busy, idle = Wire(served.port).send(HALF), Wire(served.port)
    until(lambda: len(served.worker.connections) == 2)
    monkeypatch.setattr(connection.Connection, "headers_missing_for", lambda self: 0.0)
    assert idle.send(GET).answer()[0] == 200

    def waited():
        return sorted(each.idle_for() > 0.05 for each in list(served.worker.connections))

    until(lambda: waited() == [False, True])
    newcomer = Wire(served.port).send(GET)
    assert newcomer.answer()[0] == 200 and idle.all() == b""
    assert busy.send(b"alhost\r\n\r\n").answer()[0] == 200
    busy.close()
    newcomer.close()
