"""No answer is larger than its bound, none waits for ever to be read, and all together hold a bounded memory."""

import contextlib
import json
import socket
from functools import partial
from pathlib import Path

import pytest

from tests import waiting
from tracepro.app import create_app
from tracepro.http.in_flight import FREE, Held
from tracepro.rpc.dispatcher import Dispatcher
from tracepro.server import connection
from tracepro.testing.asgi import AsgiClient

SECONDS = 20
until = partial(waiting.until, seconds=SECONDS)
MEGABYTE = 1_000_000
PLUGINS = ("workplaces", "counters")


@pytest.fixture
def plant_with(make_plant):
    return lambda **api: make_plant(PLUGINS, parameters={"api": api})


def discover(number=1):
    return {"jsonrpc": "2.0", "method": "rpc.discover", "id": number}


def count(number, name="n"):
    return {"jsonrpc": "2.0", "method": "getnext", "params": ["t", name], "id": number}


def answers(plant, *calls):
    raw = plant.request(list(calls))
    return len(raw), json.loads(raw)


def code(answer):
    return answer["error"]["code"], answer["error"]["data"]["code"]


def test_a_batch_of_discover_is_answered_within_the_bound(plant_with):
    plant = plant_with(answer_bytes=MEGABYTE)
    size, got = answers(plant, *(discover(number) for number in range(1000)))
    assert size <= MEGABYTE
    assert [answer["id"] for answer in got] == list(range(1000))
    refused = [answer for answer in got if "error" in answer]
    assert 0 < len(refused) < 1000 and "result" in got[0]
    assert {code(answer) for answer in refused} == {(-32600, "answer-too-large")}
    assert "nothing was done" in refused[0]["error"]["message"]


def test_what_comes_after_the_bound_is_not_run_and_what_was_written_is_told(plant_with):
    plant = plant_with(answer_bytes=10_000)
    _, got = answers(plant, count(1), discover(2), count(3), count(4))
    assert got[0]["result"] == 1
    assert [code(answer)[1] for answer in got[1:]] == ["answer-too-large"] * 3
    assert plant.call("getnext", "t", "n") == 2


def test_a_write_is_answered_whatever_its_size(plant_with):
    plant = plant_with(answer_bytes=1)
    _, got = answers(plant, count(1), count(2), {"jsonrpc": "2.0", "method": "getnext", "params": ["t", "n"]})
    assert got[0]["result"] == 1 and code(got[1])[1] == "answer-too-large"
    assert plant.call("getnext", "t", "n") == 3  # the notification, which has no answer, was run


def test_notifications_read_no_more_than_an_answer_may_have_and_write_on(plant_with, caplog):
    caplog.set_level("INFO", "tracepro.calls.call")
    plant = plant_with(answer_bytes=10_000)
    notify = {"jsonrpc": "2.0", "method": "rpc.discover"}
    write = {"jsonrpc": "2.0", "method": "getnext", "params": ["t", "n"]}
    plant.request([notify] * 50 + [write])
    codes = [record.fields["code"] for record in caplog.records if hasattr(record, "fields")]
    assert codes == ["ok", *["answer-too-large"] * 49, "ok"]
    assert plant.call("getnext", "t", "n") == 2


def test_a_single_answer_over_the_bound_is_refused_too(plant_with):
    plant = plant_with(answer_bytes=1000)
    error = plant.error("rpc.discover")
    assert (error["code"], error["data"]["code"], error["data"]["limit"]) == (
        -32600,
        "answer-too-large",
        1000,
    )
    assert plant.call("getnext", "t", "n") == 1


def test_a_read_for_which_there_is_no_memory_is_told_to_come_again(plant_with):
    plant = plant_with(bytes_in_flight=1)
    app = create_app(plant.site, threads=2, dispatcher=Dispatcher(plant.site, inline=True))
    send = AsgiClient(app)

    def post(*calls):
        return send("POST", "/api/", [json.dumps(calls).encode()], content_type="application/json").json

    assert "result" in post(discover())[0]
    other = Held(app.in_flight)
    other.take(FREE + 1)
    first, *got, last = post(count(1), *([discover()] * 40), count(2))
    assert first["result"] == 1 and "result" in got[0]  # small ones go on
    assert {code(answer) for answer in [*got[20:], last]} == {(-32000, "busy")}
    assert post(count(1))[0]["result"] == 2
    other.end()
    assert all("result" in answer for answer in post(*([discover()] * 40))) and app.in_flight.held == 0
    app.pool.close()


def test_the_document_is_encoded_once(plant_with, monkeypatch):
    plant, made = plant_with(), []
    monkeypatch.setattr("tracepro.rpc.discover.encode_json", lambda document: made.append(1) or b"{}")
    assert plant.call("rpc.discover") == plant.call("rpc.discover") == {}
    assert len(made) == 1


def slow_client(port, sent):
    """Connect with a small window, so that little of an answer is on its way."""
    client = socket.socket()
    client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    client.settimeout(SECONDS)
    client.connect(("127.0.0.1", port))
    client.sendall(sent)
    return client


GET = b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n"
LARGE = b"x" * 20_000_000


async def large(scope, receive, send):
    headers = [(b"content-length", b"%d" % len(LARGE))]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    for start in range(0, len(LARGE), 2**18):
        end = start + 2**18
        await send({"type": "http.response.body", "body": LARGE[start:end], "more_body": end < len(LARGE)})


@pytest.mark.parametrize("piece", [0, 1000], ids=["not at all", "slowly but steadily"])
def test_an_answer_that_is_not_read_in_time_ends_the_connection(serve_app, monkeypatch, piece):
    monkeypatch.setattr(connection, "UNREAD_SECONDS", 0.4)
    served = serve_app(large)
    with contextlib.closing(slow_client(served.port, GET)) as client:
        until(lambda: served.worker.connections)
        until(lambda: (not piece or client.recv(piece)) and not served.worker.connections)


def test_who_has_read_everything_keeps_the_connection(serve_app):
    served = serve_app(large)
    with contextlib.closing(socket.create_connection(("127.0.0.1", served.port), timeout=SECONDS)) as client:
        for _ in range(2):
            client.sendall(GET)
            _, body = client.recv(2**20).split(b"\r\n\r\n", 1)
            rest = len(LARGE) - len(body)
            while rest:
                rest -= len(client.recv(min(rest, 2**20)))
            (one,) = served.worker.connections
            until(lambda one=one: one.idle)
            served.loop.call_soon_threadsafe(one._end_unread)  # its time is up


def memory(server):
    """Return the resident memory of a worker, in bytes."""
    (pid,) = server.workers()
    return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * 4096


def test_clients_that_do_not_read_cost_bounded_memory(serve_plant):
    api = {"answer_bytes": 4_000_000, "bytes_in_flight": 8_000_000, "calls_per_second": 0}
    server = serve_plant(parameters={"api": api})
    server.rpc("rpc.discover")
    before = memory(server)
    body = json.dumps([discover(number) for number in range(1000)]).encode()
    head = b"POST /api/ HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
    sent = head + b"Content-Length: %d\r\n\r\n" % len(body) + body
    with contextlib.ExitStack() as opened:
        clients = [
            opened.enter_context(contextlib.closing(slow_client(server.port, sent))) for _ in range(10)
        ]
        assert [client.recv(12) for client in clients] == [b"HTTP/1.1 200"] * 10
        server.rpc("getnext", "t", "small")  # goes on meanwhile
        assert memory(server) - before < 100_000_000
