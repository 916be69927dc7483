"""What one client can have a connection hold and parse is bounded, whatever it sends."""

import asyncio
import contextlib
from functools import partial

import pytest

from tests import waiting
from tracepro.calls.errors import NeverCalled
from tracepro.http.body import LINGER_BYTES, LINGER_PIECES, BodyWaits, RequestBody
from tracepro.http.in_flight import BytesInFlight, Held
from tracepro.server.bounded import CHUNKS, FRAMING_BYTES, HEAD_BYTES, HELD_BYTES, READ_BYTES
from tracepro.server.connection import Connection
from tracepro.testing.wire import Wire

SECONDS = 20
until = partial(waiting.until, seconds=SECONDS)
GET = b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n"
CHUNKED = b"POST / HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n"
TINY = b"2\r\nab\r\n"
END = b"0\r\n\r\n"
LINE = b"X: " + b"a" * 8100 + b"\r\n"


class App:
    """Reads each body whole and answers with its length; with ``early`` before it reads."""

    def __init__(self):
        self.served, self.early, self.on_first = 0, False, None

    async def __call__(self, scope, receive, send):
        self.served += 1
        if self.on_first and self.served == 1:
            self.on_first()
        if self.early:
            await self.answer(send, 0)
        length, more = 0, True
        while more:
            event = await receive()
            length += len(event.get("body", b""))
            more = event.get("more_body", False)
        if not self.early:
            await self.answer(send, length)

    async def answer(self, send, length):
        text = b"%d" % length
        headers = [(b"content-length", b"%d" % len(text))]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": text})


class Fed:
    """What connections were given to parse, and what they held then."""

    def __init__(self, monkeypatch):
        self.sizes, self.held, self.chunks = [], [], 0
        received, on_body = Connection.data_received, Connection._on_body

        def data_received(connection, data):
            self.sizes.append(len(data))
            received(connection, data)
            self.held.append(connection._http1_buffered())

        def count(connection, chunk):
            self.chunks += 1
            on_body(connection, chunk)

        monkeypatch.setattr(Connection, "data_received", data_received)
        monkeypatch.setattr(Connection, "_on_body", count)


@pytest.fixture
def app():
    return App()


@pytest.fixture
def fed(monkeypatch):
    return Fed(monkeypatch)


@pytest.fixture
def served(serve_app, app):
    return serve_app(app)


@pytest.fixture
def wire(served):
    with contextlib.closing(Wire(served.port)) as one:
        yield one


def statuses(got):
    return [int(part[:3]) for part in got.split(b"HTTP/1.1 ")[1:]]


@pytest.mark.parametrize(
    "sent",
    [TINY * 200_000, b"1;a=b\r\n[\r\n" * 100_000, b"1;a=%s\r\n[\r\n" % (b"b" * 8000) * 100],
    ids=["data", "extensions", "long extensions"],
)
@pytest.mark.parametrize("early", [False, True], ids=["read", "refused"])
def test_a_body_that_is_mostly_framing_ends_its_connection_early(app, fed, wire, sent, early):
    app.early = early
    wire.send(CHUNKED)
    if early:
        assert wire.answer()[0] == 200
    got = wire.send(sent).all()
    assert statuses(got) == ([] if early else [400])  # what has its answer gets no second one
    assert fed.chunks <= CHUNKS + 1
    assert sum(fed.sizes) <= len(CHUNKED) + FRAMING_BYTES + 2 * READ_BYTES


def test_trailers_are_framing(wire):
    fields = b"".join(b"x%d: %s\r\n" % (number, b"y" * 8000) for number in range(90))
    assert statuses(wire.send(CHUNKED, b"1\r\n[\r\n0\r\n", fields).all()) == [400]


@pytest.mark.parametrize(
    ("chunk", "count"), [(b"[", 900), (b"x" * 200, 3000), (b"x" * 300_000, 4)], ids=["few", "many", "large"]
)
def test_sane_chunks_are_read_and_the_connection_goes_on(wire, chunk, count):
    framed = b"%x\r\n%s\r\n" % (len(chunk), chunk)
    for _ in range(2):
        assert wire.send(CHUNKED, framed * count, END).answer()[2] == b"%d" % (len(chunk) * count)
    assert wire.send(GET).answer()[0] == 200


def test_little_is_read_at_a_time(fed, wire):
    head = CHUNKED.replace(b"Transfer-Encoding: chunked", b"Content-Length: 1000000")
    assert wire.send(head, b" " * 1_000_000).answer()[2] == b"1000000"
    assert max(fed.sizes) <= READ_BYTES
    assert max(fed.held) <= HELD_BYTES + READ_BYTES


@pytest.mark.parametrize("first", [0, 2], ids=["first", "third"])
def test_a_head_is_bounded_whichever_request_it_is_of(fed, wire, first):
    for _ in range(first):
        assert wire.send(GET).answer()[0] == 200
    wire.send(GET[:-2], LINE * 98, b"\r\n")
    assert statuses(wire.all()) == [431]
    assert sum(fed.sizes) <= first * len(GET) + HEAD_BYTES + READ_BYTES


def test_heads_below_the_bound_are_served_however_many_follow_each_other(wire):
    got = wire.send((GET[:-2] + LINE * 7 + b"\r\n") * 5).half_close().all()
    assert statuses(got) == [200] * 5


def test_requests_sent_without_waiting_are_held_within_bounds_and_all_answered(fed, served, wire):
    served.worker.max_requests = 10_000
    count = 3000
    got = wire.send((GET[:-2] + b"X: " + b"a" * 300 + b"\r\n\r\n") * count).half_close().all()
    assert statuses(got) == [200] * count
    assert max(fed.held) <= HELD_BYTES + READ_BYTES


def test_large_bodies_sent_without_waiting_are_all_read(wire):
    large = CHUNKED.replace(b"Transfer-Encoding: chunked", b"Content-Length: 100000") + b" " * 100_000
    chunks = CHUNKED + (b"fff\r\n" + b" " * 0xFFF + b"\r\n") * 40 + END
    got = wire.send((large + chunks + GET) * 3).half_close().all()
    assert statuses(got) == [200] * 9


async def turns(count):
    for _ in range(count):
        await asyncio.sleep(0)


def test_a_client_that_does_not_read_gets_nothing_more_done(app, served, wire):
    def pause():
        next(iter(served.worker.connections)).pause_writing()

    app.on_first = pause
    wire.send(b"HEAD" + GET[3:] + GET * 2)  # gunicorn itself waits after a body only
    until(lambda: app.served)
    asyncio.run_coroutine_threadsafe(turns(100), served.loop).result(SECONDS)
    assert app.served == 1
    (connection,) = served.worker.connections
    assert not connection.transport.is_reading()
    served.loop.call_soon_threadsafe(connection.resume_writing)
    assert statuses(wire.half_close().all()) == [200] * 3
    assert app.served == 3


def request_body(receive, seconds=10.0):
    return RequestBody(receive, None, seconds, Held(BytesInFlight(10**9)), BodyWaits())


class Endless:
    """A body that never ends and never lets its reader wait."""

    def __init__(self, piece):
        self.piece, self.taken = piece, 0

    async def receive(self):
        self.taken += 1
        assert self.taken < 1_000_000
        return {"type": "http.request", "body": self.piece, "more_body": True}


def test_a_body_whose_reader_never_waits_has_its_deadline():
    async def read():
        with pytest.raises(NeverCalled) as refused:
            await request_body(Endless(b"").receive, seconds=0.01).read(10**9)
        return refused.value.code

    assert asyncio.run(read()) == "body-too-slow"


@pytest.mark.parametrize(
    ("piece", "most"), [(b"[", LINGER_PIECES), (b" " * 65536, LINGER_BYTES // 65536 + 1)]
)
def test_what_a_refused_client_still_sends_is_dropped_within_bounds(piece, most):
    endless = Endless(piece)

    async def linger():
        await request_body(endless.receive).linger()

    asyncio.run(linger())
    assert 0 < endless.taken <= most
