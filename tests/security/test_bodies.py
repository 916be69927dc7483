"""Who sends is judged from the headers: nothing is read of a body that nobody may send, and bodies are bounded in all."""

import contextlib
import json
import os
import threading
import time
from functools import partial

import pytest

from tracepro.app import create_app
from tracepro.http.in_flight import FREE, BytesInFlight, Held
from tracepro.rpc.dispatcher import Dispatcher
from tracepro.testing.asgi import AsgiClient
from tracepro.testing.wire import Wire

SECONDS = 20
LIMIT = 1_000_000
CALL = b'{"jsonrpc":"2.0","method":"getnext","params":["t","%s"],"id":1}'
ALIVE = b"GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n"
BAD = b"Authorization: Bearer tp_0123456789abcdef_" + b"A" * 43


@pytest.fixture(scope="module")
def server(serve_plant_once):
    return serve_plant_once(("workplaces", "counters"), parameters={"api": {"calls_per_second": 0}})


@pytest.fixture(scope="module")
def token(server):
    made = server.command("token", "create", "T", "--scope", "read", "--scope", "write")
    return next(word for word in made.stdout.split() if word.startswith("tp_")).encode()


@pytest.fixture
def wire(server):
    opened = []

    def connect(*parts):
        opened.append(Wire(server.port).send(*parts))
        return opened[-1]

    yield connect
    for one in opened:
        one.close()


def head(*lines, target=b"/api/", length=None, media=b"application/json"):
    framing = b"Transfer-Encoding: chunked" if length is None else b"Content-Length: %d" % length
    first = b"POST " + target + b" HTTP/1.1"
    return b"\r\n".join([first, b"Host: localhost", b"Content-Type: " + media, framing, *lines, b"", b""])


def bearer(token):
    return b"Authorization: Bearer " + token


@pytest.mark.parametrize("expect", [(), (b"Expect: 100-continue",)], ids=["", "100-continue"])
@pytest.mark.parametrize("length", [4_000_000, 50, None], ids=["large", "small", "chunked"])
@pytest.mark.parametrize("target", [b"/api/", b"/api/plant"])
@pytest.mark.parametrize(
    ("line", "status"),
    [(BAD, 401), (b"Authorization: nonsense", 401), (b"X-Forwarded-For: 10.0.0.1", 403)],
    ids=["bad token", "no token", "proxy"],
)
def test_who_may_not_call_is_told_without_a_byte_of_the_body(wire, line, status, target, length, expect):
    answer = wire(head(line, *expect, target=target, length=length)).answer()
    assert answer[0] == status and answer[1]["connection"] == "close"


def test_a_good_token_is_told_to_go_on_and_its_body_is_read(wire, token):
    body = CALL % b"continue"
    one = wire(head(bearer(token), b"Expect: 100-continue", length=len(body)))
    reader = one.socket.makefile("rb")
    assert reader.readline().startswith(b"HTTP/1.1 100") and reader.readline() == b"\r\n"
    status, _, answer = one.send(body).answer()
    assert status == 200 and json.loads(answer)["result"] == 1


def test_a_body_that_comes_later_than_its_headers_is_one_call_of_its_sender(wire, token):
    body = CALL % b"later"
    for lines in ((), (bearer(token),)):
        one = wire(head(*lines, length=len(body)), body[:9])
        status, _, answer = one.send(body[9:]).answer()
        assert status == 200 and json.loads(answer)["result"] > 0


def held(server):
    """Count a worker's sockets and pipes."""
    (pid,) = server.workers()
    targets = []
    for number in os.listdir(f"/proc/{pid}/fd"):
        with contextlib.suppress(FileNotFoundError):
            targets.append(os.readlink(f"/proc/{pid}/fd/{number}"))
    return sum(not target.startswith("/") for target in targets)


@pytest.mark.parametrize("framing", [{"length": 200}, {"length": None}], ids=["length", "chunked"])
@pytest.mark.parametrize("sender", ["token", "bad token", "nobody"])
def test_bodies_cut_short_leak_no_descriptor(server, wire, token, sender, framing):
    line = {"token": (bearer(token),), "bad token": (BAD,), "nobody": ()}[sender]
    assert wire(head(*line, length=0)).answer()[0] in (200, 401)
    before = held(server)
    for number in range(20):
        one = wire(head(*line, **framing), b"64\r\n[1, 2" if framing["length"] is None else b"[1, 2")
        (one.half_close if number % 2 else one.close)()
        one.close()
    with contextlib.closing(wire(ALIVE)) as last:
        assert last.answer()[0] == 200  # all those before it are accepted by now
    deadline = time.monotonic() + SECONDS
    while (now := held(server)) > before and time.monotonic() < deadline:
        time.sleep(0.02)
    assert now <= before


def test_bodies_of_all_connections_together_are_bounded_and_small_calls_go_on(make_plant):
    plant = make_plant(("workplaces", "counters"), parameters={"api": {"bytes_in_flight": LIMIT}})
    app = create_app(plant.site, threads=2, dispatcher=Dispatcher(plant.site, inline=True))
    send = partial(AsgiClient(app), "POST", "/api/", content_type="application/json")
    large = b" " * (LIMIT + FREE) + CALL % b"large"
    assert send([large]).json["result"] == 1  # alone it may go beyond

    other = Held(app.in_flight)
    assert other.take(FREE + 1000)
    for chunks in ([large], [large[:100_000], large[100_000:]]):
        refused = send(chunks)
        assert (refused.status, refused.headers["retry-after"]) == (503, "1")
        assert refused.json["error"]["data"]["code"] == "busy"
    assert send([CALL % b"small"]).json["result"] == 1

    other.end()
    assert send([large]).json["result"] == 2
    assert app.in_flight.held == 0
    app.pool.close()


def test_what_a_request_holds_is_given_back_once_and_nothing_is_counted_after_its_end():
    together = BytesInFlight(1000)
    first, second = Held(together), Held(together)
    assert first.take(FREE) and together.held == 0
    assert first.take(5000) and not second.take(FREE + 1)
    first.end()
    first.end()
    assert together.held == 0 and first.take(2 * FREE) and together.held == 0
    assert second.take(FREE + 1000) and together.held == 1000


def test_threads_count_without_losing_a_byte():
    together = BytesInFlight(10**9)

    def work():
        for _ in range(300):
            one = Held(together)
            one.take(FREE)
            one.take(7)
            one.end()

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert together.held == 0
