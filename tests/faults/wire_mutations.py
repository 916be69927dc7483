"""Requests as they go over a socket, with lines, framing and bytes changed by chance."""

from .mutations import changed_bytes

CALL = b'{"jsonrpc":"2.0","method":"getnext","params":["t","%s"],"id":1}'
BATCH = b"[%b,%b]" % (CALL % b"a", CALL % b"b")


def _post(target, body, *lines, media=b"application/json", version=b"1.1"):
    first = b"POST %b HTTP/%b" % (target, version)
    framing = b"Content-Length: %d" % len(body)
    return b"\r\n".join([first, b"Host: localhost", b"Content-Type: " + media, framing, *lines, b"", body])


def _get(target, *lines):
    return b"\r\n".join([b"GET %b HTTP/1.1" % target, b"Host: localhost", *lines, b"", b""])


CHUNKED = b"\r\n".join(
    [
        b"POST /api/ HTTP/1.1",
        b"Host: localhost",
        b"Content-Type: application/json",
        b"Transfer-Encoding: chunked",
        b"",
        b"1e;name=value",
        (CALL % b"c")[:30],
        b"%x" % len((CALL % b"c")[30:]),
        (CALL % b"c")[30:],
        b"0",
        b"Trailer: x",
        b"",
        b"",
    ]
)
REQUESTS = [
    _post(b"/api/", CALL % b"one"),
    _post(b"/api", BATCH, b"Idempotency-Key: a-key-of-a-batch"),
    _post(b"/api/", CALL % b"x", b"Expect: 100-continue", b"Connection: close"),
    _post(b"http://localhost/api/?a=1", CALL % b"abs", version=b"1.0"),
    _post(b"/api/plant", b'{"workplaces":[{"id":1,"name":"W"}]}', b"Accept-Encoding: gzip, br;q=0.1"),
    _post(
        b"/ui/login",
        b'{"username":"u","password":"p"}',
        b"Origin: http://localhost",
        b"Sec-Fetch-Site: same-origin",
    ),
    CHUNKED,
    _get(b"/api/openapi.json", b"If-None-Match: *", b"Range: bytes=0-9"),
    _get(b"/ui/site?a=b&c=%C5%BE#x", b"Cookie: tp_session=tp_a_b; x=y", b"Accept-Language: cs, en;q=0.5"),
    _get(b"/healthz", b"X-Request-Id: 1234", b"Forwarded: for=10.0.0.1", b"Via: 1.1 proxy"),
    _get(b"/", b"Upgrade: websocket", b"Connection: Upgrade", b"Sec-WebSocket-Key: x3JJHMbDL1EzLkh9GBhXDw=="),
]
LINES = [
    *(
        b"Content-Length: 0",
        b"Content-Length: 5",
        b"Content-Length: 99999999999999999999",
        b"Content-Length: -1",
    ),
    *(
        b"Content-Length: +3",
        b"Content-Length: 5, 5",
        b"Content-Length:",
        b"Content-Length: 0x10",
        b"content-length : 4",
    ),
    *(b"Transfer-Encoding: chunked", b"Transfer-Encoding: gzip, chunked", b"Transfer-Encoding: identity"),
    *(b"Transfer-Encoding:\tchunked", b"Transfer-Encoding: chunked, chunked", b"Transfer-Encoding: xchunked"),
    *(
        b"Host: elsewhere",
        b"Host:",
        b"Host: [::1",
        b"Host: a b",
        b"X: \0",
        b"X: \x80\xff",
        b"X:",
        b": x",
        b"X",
        b" folded",
    ),
    *(
        b"X: a\rb",
        b"X: a\nY: b",
        b"Connection: close",
        b"Connection: keep-alive, x",
        b"Expect: 200-ok",
        b"TE: trailers",
    ),
    *(
        b"Content-Encoding: gzip",
        b"Authorization: Bearer",
        b"Authorization: Bearer tp_x_y",
        b"Authorization: Basic eDp5",
    ),
    *(
        b"Cookie: tp_session=",
        b"Idempotency-Key: \xc2\xa0",
        b"Idempotency-Key: " + b"k" * 128,
        b"X-" + b"y" * 9000 + b": 1",
    ),
]
FIRST = [
    *(
        b"GET / HTTP/1.1",
        b"HEAD /ui/ HTTP/1.1",
        b"OPTIONS * HTTP/1.1",
        b"CONNECT a:1 HTTP/1.1",
        b"PRI * HTTP/2.0",
        b"GET /",
    ),
    *(
        b"POST /api/ HTTP/1.2",
        b"POST /api/ HTTP/9.9",
        b"POST  /api/ HTTP/1.1",
        b"post /api/ http/1.1",
        b"BREW / HTTP/1.1",
    ),
    *(
        b"POST //api// HTTP/1.1",
        b"POST /api/../api/ HTTP/1.1",
        b"POST /api/%00 HTTP/1.1",
        b"GET /%ff%fe HTTP/1.1",
    ),
    *(
        b"GET /" + b"a" * 9000 + b" HTTP/1.1",
        b"GET /?" + b"a=1&" * 900 + b" HTTP/1.1",
        b"GET \xff HTTP/1.1",
        b"GET",
    ),
]


def mutated_wire(dice):
    """Return what is sent on one connection: one request or several, each changed a few times."""
    requests = [_changed(dice.choice(REQUESTS), dice) for _ in range(dice.choice((1, 1, 1, 2, 3)))]
    return b"".join(requests)


def _changed(request, dice):
    for _ in range(dice.randint(0, 3)):
        request = dice.choice(CHANGES)(request, dice)
    return request


def _lines(request):
    head, _, body = request.partition(b"\r\n\r\n")
    return head.split(b"\r\n"), body


def _whole(lines, body, dice):
    end = b"\r\n" if dice.random() < 0.95 else dice.choice((b"\n", b"\r", b"\r\n\r\n", b"\r\r\n"))
    return end.join(lines) + end + end + body


def _first_line(request, dice):
    lines, body = _lines(request)
    return _whole([dice.choice(FIRST), *lines[1:]], body, dice)


def _add_line(request, dice):
    lines, body = _lines(request)
    lines.insert(dice.randint(1, len(lines)), dice.choice(LINES))
    return _whole(lines, body, dice)


def _move_lines(request, dice):
    lines, body = _lines(request)
    lines[1:] = dice.choices(lines[1:] or [b"X: y"], k=dice.randint(0, len(lines) + 1))
    return _whole(lines, body, dice)


def _bytes(request, dice):
    return changed_bytes(request, REQUESTS, dice, 1)


def _body(request, dice):
    lines, body = _lines(request)
    return _whole(lines, changed_bytes(body, REQUESTS, dice, 1), dice)


def _many_lines(request, dice):
    lines, body = _lines(request)
    return _whole([*lines, *[b"X-%d: y" % n for n in range(dice.choice((50, 101, 300)))]], body, dice)


CHANGES = (_first_line, _add_line, _add_line, _move_lines, _bytes, _bytes, _body, _many_lines)
