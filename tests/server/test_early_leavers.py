"""A client that leaves before its answer costs nothing afterwards, and no stop waits for one."""

import contextlib
import os
import signal
import socket
import sqlite3
import struct
import time
from urllib.parse import urlsplit

import pytest

from tracepro.http.pool import THREADS

pytestmark = pytest.mark.faults("clients that leave early")

BODY = b'{"jsonrpc":"2.0","method":"getnext","params":["t","leaver"],"id":1}'
POST = b"POST /api/ HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
GET = b"GET /readyz HTTP/1.1\r\nHost: localhost\r\n\r\n"
SECONDS = 20


@pytest.fixture(scope="module")
def server(serve_plant_once):
    return serve_plant_once(("workplaces", "counters"), parameters={"api": {"read_seconds": 2}})


def whole(body=BODY):
    return POST + b"Content-Length: %d\r\n\r\n%b" % (len(body), body)


def close(client):
    client.close()


def half_close(client):
    with contextlib.suppress(OSError):
        client.shutdown(socket.SHUT_WR)
    client.close()


def reset(client):
    client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    client.close()


SENT = {
    "nothing": b"",
    "half a head": POST[:40],
    "a whole GET": GET,
    "two GETs": GET * 2,
    "the head of a body": POST + b"Content-Length: 900\r\n\r\n",
    "half a body": whole()[:-20],
    "half a chunked body": POST + b"Transfer-Encoding: chunked\r\n\r\n10\r\n12345",
    "a whole body": whole(),
    "a whole body and a half": whole() + whole()[:-20],
    "a body of the wrong kind": GET.replace(b"GET /readyz", b"POST /nowhere").replace(
        b"\r\n\r\n", b"\r\nContent-Length: 9\r\n\r\n"
    ),
}
LEAVINGS = {"close": close, "half close": half_close, "reset": reset}


def leave(server, sent, leaving):
    client = socket.create_connection(("127.0.0.1", server.port), timeout=10)
    with contextlib.suppress(ConnectionError):
        client.sendall(sent)
    leaving(client)


def held(server):
    """Count a worker's sockets and pipes; files it opens for itself: each thread its database, each metric its own."""
    (pid,) = server.workers()
    targets = []
    for number in os.listdir(f"/proc/{pid}/fd"):
        with contextlib.suppress(FileNotFoundError):  # closed meanwhile
            targets.append(os.readlink(f"/proc/{pid}/fd/{number}"))
    return sum(not target.startswith("/") for target in targets)


def threads(server):
    (pid,) = server.workers()
    return len(os.listdir(f"/proc/{pid}/task"))


def settled(server, before):
    """Wait until a worker holds no more than before; return what it holds in the end."""
    deadline = time.monotonic() + SECONDS
    while (now := held(server)) > before and time.monotonic() < deadline:
        time.sleep(0.02)
    return now


@pytest.mark.parametrize("leaving", LEAVINGS)
@pytest.mark.parametrize("sent", SENT)
def test_who_leaves_early_leaves_no_descriptor_and_no_thread_behind(server, sent, leaving):
    server.client().send("GET", "/readyz")
    before, threads_before = held(server), threads(server)
    for _ in range(35):
        leave(server, SENT[sent], LEAVINGS[leaving])
    assert settled(server, before) <= before
    assert (
        threads(server) <= threads_before + THREADS
    )  # the pool starts its threads when they are first needed
    assert server.rpc("getnext", "t", "after") > 0


def test_who_leaves_while_queued_for_the_writer_leaves_nothing_behind(server):
    server.rpc("getnext", "t", "queued")
    before = held(server)
    with contextlib.closing(sqlite3.connect(urlsplit(server.database).path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        for _ in range(50):
            leave(server, whole(), close)
        other.execute("ROLLBACK")
    assert settled(server, before) <= before


@pytest.mark.deadline
@pytest.mark.parametrize("rounds", [1, pytest.param(50, marks=pytest.mark.slow)])
@pytest.mark.parametrize("group", [False, True], ids=["master", "group"])
def test_a_stop_waits_for_nobody_who_has_left(serve_plant, group, rounds):
    server = serve_plant(("workplaces", "counters"))
    for round in range(rounds):
        if round:
            server.start()
        for sent in SENT.values():
            for leaving in LEAVINGS.values():
                leave(server, sent, leaving)
        began = time.monotonic()
        assert server.stop(group=group) == 0
        assert time.monotonic() - began < 2


HALF_A_BODY = {
    "only its head": POST + b"Content-Length: 900\r\n\r\n",
    "half of it": whole()[:-20],
    "half of a chunked one": POST + b"Transfer-Encoding: chunked\r\n\r\n10\r\n12345",
    "the call to go on": POST + b"Expect: 100-continue\r\nContent-Length: 900\r\n\r\n",
}


@pytest.mark.deadline
@pytest.mark.parametrize("group", [False, True], ids=["master", "group"])
def test_a_stop_waits_for_no_request_that_has_not_come_whole(serve_plant, wires, group):
    server = serve_plant(("workplaces", "counters"))
    heads = [wires(server).send(sent) for sent in (POST[:1], POST[:40], GET + POST[:40])]
    bodies = {name: wires(server).send(sent) for name, sent in HALF_A_BODY.items()}
    comes_in_time = wires(server).send(whole()[:-20])
    assert heads[2].answer()[0] == 200
    assert bodies["the call to go on"].socket.recv(100).startswith(b"HTTP/1.1 100 ")
    with contextlib.closing(sqlite3.connect(urlsplit(server.database).path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        under_way = wires(server).send(whole())
        server.client().send("GET", "/readyz")  # what came before it has been read
        began = time.monotonic()
        (os.killpg if group else os.kill)(server.pid, signal.SIGTERM)
        assert all(b" 503 " in head.all() for head in heads)
        comes_in_time.send(whole()[-20:])
        other.execute("ROLLBACK")
    assert under_way.answer()[0] == comes_in_time.answer()[0] == 200
    for name, body in bodies.items():
        status, headers, _ = body.answer()
        assert (name, status, headers["connection"]) == (name, 503, "close")
    assert server.stop() == 0
    assert time.monotonic() - began < 2


def test_a_body_that_comes_after_a_reload_is_served_by_the_worker_that_has_its_head(serve_plant, wires):
    server = serve_plant(("workplaces", "counters"))
    (old,) = server.workers()
    half = wires(server).send(whole()[:-20])
    server.client().send("GET", "/readyz")
    os.kill(server.pid, signal.SIGHUP)
    deadline = time.monotonic() + SECONDS
    while "Reloaded" not in server.log() and time.monotonic() < deadline:
        time.sleep(0.02)
    assert half.send(whole()[-20:]).answer()[0] == 200
    while old in server.workers() and time.monotonic() < deadline:
        time.sleep(0.02)
    assert old not in server.workers()
