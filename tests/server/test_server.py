"""What only a real server can prove: sockets that stall, break, close half-way or talk nonsense."""

import contextlib
import json
import random
import threading
import time

import pytest

CALL = b'{"jsonrpc":"2.0","method":"getnext","params":["t","%s"],"id":1}'
STALLED = 30


@pytest.fixture(scope="module")
def server(serve_plant_once):
    return serve_plant_once(
        ("workplaces", "counters"), parameters={"api": {"read_seconds": 2, "max_body_bytes": 100_000}}
    )


def head(*lines, length=None):
    told = [] if length is None else [b"Content-Length: %d" % length]
    return (
        b"\r\n".join(
            [b"POST /api/ HTTP/1.1", b"Host: localhost", b"Content-Type: application/json", *told, *lines]
        )
        + b"\r\n\r\n"
    )


def counted(server, name):
    return server.rpc("getnext", "t", name) - 1


def status_of(raw):
    return int(raw.split(b" ", 2)[1])


def test_a_client_that_closes_its_sending_half_gets_its_answer(wire):
    body = CALL % b"half"
    got = wire().send(head(length=len(body)), body).half_close().all()
    assert status_of(got) == 200 and b'"result":1' in got


def test_a_body_cut_short_is_400_and_never_executed(server, wire):
    body = CALL % b"short"
    for framed in (
        head(length=len(body) + 1) + body,
        head(b"Transfer-Encoding: chunked") + b"%x\r\n%s\r\n" % (len(body), body),
    ):
        got = wire().send(framed).half_close().all()
        assert status_of(got) == 400 and b"body-broken" in got
    assert counted(server, "short") == 0


def test_a_chunked_body_is_served(wire):
    body = CALL % b"chunked"
    parts = b"".join(b"%x\r\n%s\r\n" % (len(part), part) for part in (body[:7], body[7:20], body[20:]))
    status, _, answer = wire().send(head(b"Transfer-Encoding: chunked"), parts, b"0\r\n\r\n").answer()
    assert status == 200 and json.loads(answer)["result"] == 1


def test_a_body_that_stalls_is_408_and_never_executed(server, wire):
    body = CALL % b"slow"
    status, headers, answer = wire().send(head(length=len(body)), body[:10]).answer()
    assert status == 408 and headers["connection"] == "close"
    assert json.loads(answer)["error"]["data"]["code"] == "body-too-slow"
    assert counted(server, "slow") == 0


def test_a_client_that_waits_for_100_continue_is_told_to_go_on(wire):
    body = CALL % b"continue"
    one = wire().send(head(b"Expect: 100-continue", length=len(body)))
    assert one.socket.makefile("rb").readline().startswith(b"HTTP/1.1 100")
    assert b'"result":1' in one.send(body).half_close().all()


def test_ten_megabytes_are_413_and_the_client_hears_it(server, wire):
    answer = server.client().send("POST", "/api/", b" " * 10_000_000)
    assert answer.status == 413 and answer.json["error"]["data"]["code"] == "body-too-large"
    chunk = b"10000\r\n" + b" " * 0x10000 + b"\r\n"
    got = wire().send(head(b"Transfer-Encoding: chunked"), chunk * 160, b"0\r\n\r\n").half_close().all()
    assert status_of(got) == 413


def test_requests_that_follow_each_other_at_once_are_all_answered_in_order(wire):
    one = wire()
    for number in range(1, 4):
        body = CALL.replace(b'"id":1', b'"id":%d' % number) % b"pipe"
        one.send(head(length=len(body)), body)
    got = one.half_close().all()
    assert [got.count(b'"id":%d' % number) for number in range(1, 4)] == [1, 1, 1]
    assert got.index(b'"id":1}') < got.index(b'"id":2}') < got.index(b'"id":3}')


def test_stalled_clients_hinder_nobody(server, wire):
    body = CALL % b"stall"
    for number in range(STALLED):
        stalled = (b"", b"POST /api/ HT", head(length=1000), head(length=1000) + b'{"jsonrpc')[number % 4]
        wire().send(stalled)
    answers = [wire().send(head(length=len(body)), body).answer() for _ in range(10)]
    assert [status for status, _, _ in answers] == [200] * 10
    assert counted(server, "stall") == 10


@pytest.mark.parametrize(
    ("request_bytes", "status"),
    [
        (b"\x00\xff\x00\xff\r\n\r\n", 400),
        (b"GET\r\n\r\n", 400),
        (b"POST /api/ HTTP/9.9\r\n\r\n", 400),
        (b"POST /api/ HTTP/1.1\r\nContent-Length: -1\r\n\r\n", 400),
        (b"POST /api/ HTTP/1.1\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\nabcdef", 400),
        (b"POST /api/ HTTP/1.1\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 400),
        (b"POST /api/ HTTP/1.1\r\nTransfer-Encoding: gzip\r\n\r\n", 400),
        (b"POST /api/ HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n", 400),
        (b"POST /api/ HTTP/1.1\r\nBad Header: x\r\n\r\n", 400),
        (b"GET /" + b"a" * 9000 + b" HTTP/1.1\r\n\r\n", 414),
        (b"GET / HTTP/1.1\r\nX: " + b"a" * 9000 + b"\r\n\r\n", 431),
        (b"GET / HTTP/1.1\r\n" + b"".join(b"X%d: 1\r\n" % n for n in range(200)) + b"\r\n", 431),
        (b"GET /%ff%00%c0%af HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n", 404),
        (
            b"GET /api/ HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
            b"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n",
            405,
        ),
        (b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", 400),
        (b"OPTIONS * HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n", 404),
    ],
)
def test_broken_http_is_refused_with_the_right_4xx(wire, request_bytes, status):
    assert status_of(wire().send(request_bytes).half_close().all()) == status


def test_random_bytes_never_give_a_5xx(server, wire):
    dice = random.Random(4711)
    starts = [
        b"",
        b"POST /api/ HTTP/1.1\r\n",
        b"GET /",
        head(length=200),
        head(b"Transfer-Encoding: chunked"),
        head(length=40) + b'{"jsonrpc": "2.0", "method": ',
    ]
    for number in range(150):
        got = (
            wire().send(starts[number % len(starts)], dice.randbytes(dice.randrange(300))).half_close().all()
        )
        assert not got or status_of(got) < 500, got
    assert server.client().send("GET", "/readyz").status == 200


@pytest.mark.parametrize("header", ["Forwarded", "X-Forwarded-For", "X-Forwarded-Proto", "Via"])
def test_a_proxy_on_this_machine_makes_nobody_anonymous(server, header):
    call = {"jsonrpc": "2.0", "method": "getnext", "params": ["t", "proxy"], "id": 1}
    assert server.client().send("POST", "/api/", call, {header: "10.0.0.1"}).status == 403
    assert server.client().send("POST", "/api/", call, {"Host": "mes.example"}).status == 403


def test_headers_of_cgi_change_nothing(server):
    answer = server.client().send(
        "GET", "/healthz", headers={"SCRIPT_NAME": "/healthz", "PATH_INFO": "/plugins"}
    )
    assert answer.status == 200 and answer.json == {"status": "ok"}


def test_calls_at_once_are_all_answered_once(server):
    numbers, lock = [], threading.Lock()

    def work():
        with contextlib.closing(server.client()) as client:
            mine = [client.call("getnext", "t", "many") for _ in range(25)]
        with lock:
            numbers.extend(mine)

    threads = [threading.Thread(target=work) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(numbers) == list(range(1, 201))


def line_of(server, request_id):
    """The one line of a request, which may be written a moment after the answer."""
    deadline = time.monotonic() + 30
    while not (lines := [line for line in server.log().splitlines() if request_id in line]):
        assert time.monotonic() < deadline, f"The log has no line of {request_id}."
        time.sleep(0.01)
    (line,) = lines
    return line


def test_a_refused_request_is_one_json_line_too(server):
    server.client().send(
        "POST", "/api/", b"", {"Content-Type": "text/plain", "X-Request-Id": "refused-request"}
    )
    record = json.loads(line_of(server, "refused-request"))
    assert (record["method"], record["caller"], record["code"]) == ("POST /api/", "-", "media-type")
    assert record["address"] == "127.0.0.1"
    assert record["client_request_id"] == "refused-request" != record["request_id"]


def test_a_client_with_a_body_still_to_send_is_told_that_the_connection_ends(wire):
    one = wire().send(head(b"Expect: 100-continue", length=10_000_000))
    status, headers, _ = one.answer()
    assert status == 413 and headers["connection"] == "close"


def test_every_call_is_one_json_line(server):
    answer = server.client().send(
        "POST",
        "/api/",
        {"jsonrpc": "2.0", "method": "getnext", "params": ["line\n\x1b[31m", "t"], "id": 1},
        {"X-Request-Id": "request-of-the-test"},
    )
    record = json.loads(line_of(server, "request-of-the-test"))
    assert record["client_request_id"] == "request-of-the-test"
    assert record["request_id"] == answer.headers["x-request-id"] != "request-of-the-test"
    assert record["method"] == "getnext" and record["caller"] == "anonymous" and record["code"] == "ok"
    assert record["address"] == "127.0.0.1"
    assert record["ms"] >= 0 and record["line"] is None and record["time"].endswith("Z")
