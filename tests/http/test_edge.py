"""What HTTP answers before, around and after the dispatcher: statuses, bodies, limits, deadlines."""

import asyncio
import json
import threading
from concurrent.futures import Future

import pytest

from tracepro.access.errors import ForbiddenAnonymous, Unauthenticated
from tracepro_hookspecs import TryAgain

CALL = b'{"jsonrpc":"2.0","method":"x","id":1}'


def error_of(answer):
    body = answer.json
    assert body["jsonrpc"] == "2.0" and body["id"] is None and "result" not in body
    assert body["error"]["message"] == body["error"]["data"]["info"]
    return body["error"]["code"], body["error"]["data"]["code"]


def test_a_call_is_answered_with_200_and_a_request_id(fake):
    app = fake()
    answer = app.rpc(CALL)
    assert answer.status == 200
    assert answer.headers["content-type"] == "application/json"
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["x-request-id"] == app.seen[0].request_id
    assert answer.json["result"] == len(CALL)


@pytest.mark.parametrize("path", ["/api", "/api/", "/api/?token=%FF%00&a=b", "/api?x=\xff"])
def test_both_paths_are_served_and_a_query_is_ignored(fake, path):
    assert fake().send("POST", path, [CALL], content_type="application/json").status == 200


@pytest.mark.parametrize(
    "media_type",
    [
        "application/json",
        "application/json-rpc; charset=utf-8",
        "APPLICATION/JSONREQUEST",
        "application/json;x=1",
    ],
)
def test_the_three_media_types_are_taken_with_any_parameters(fake, media_type):
    assert fake().rpc(CALL, **{"content-type": media_type}).status == 200


@pytest.mark.parametrize("media_type", ["text/plain", "", "application/jsonx", "multipart/form-data", "\xff"])
def test_other_media_types_are_415_with_the_header_to_send(fake, media_type):
    answer = fake().rpc(CALL, **{"content-type": media_type})
    assert answer.status == 415
    assert "Content-Type: application/json" in answer.json["error"]["message"]
    assert error_of(answer) == (-32600, "media-type")


def test_no_media_type_is_415(fake):
    app = fake()
    answer = app.send("POST", "/api/", [CALL])
    assert answer.status == 415 and not app.seen


@pytest.mark.parametrize("verb", ["GET", "PUT", "DELETE", "PATCH", "BREW", "PROPFIND", "TRACE"])
def test_other_verbs_are_405_with_allow(fake, verb):
    answer = fake().send(verb, "/api/", [CALL])
    assert answer.status == 405
    assert "POST" in answer.headers["allow"]


def test_unknown_paths_are_404_problems(fake):
    answer = fake().send("GET", "/api/../etc/passwd")
    assert answer.status == 404
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json["status"] == 404 and answer.json["error"] == answer.json["detail"]


@pytest.mark.parametrize(
    ("refusal", "status", "code"),
    [
        (Unauthenticated("No token."), 401, (-32001, "unauthenticated")),
        (ForbiddenAnonymous("Not from there."), 403, (-32001, "unauthenticated")),
    ],
)
def test_access_is_refused_with_an_error_body(fake, refusal, status, code):
    app = fake()
    app.refusal = refusal
    answer = app.rpc(b"not even JSON")
    assert answer.status == status
    assert error_of(answer) == code
    assert not app.seen
    assert ("www-authenticate" in answer.headers) == (status == 401)


def test_a_database_away_during_authentication_is_try_again_for_each_call(fake):
    app = fake()
    app.refusal = TryAgain("database-unavailable", "The database is away.", outcome="none")
    batch = b'[{"jsonrpc":"2.0","method":"x","id":"a"},{"jsonrpc":"2.0","method":"x"},{"method":1,"id":7}, 3]'
    answer = app.rpc(batch)
    assert answer.status == 200
    assert [(one["id"], one["error"]["code"]) for one in answer.json] == [
        ("a", -32000),
        (7, -32000),
        (None, -32000),
    ]
    assert app.rpc(b'{"jsonrpc":"2.0","method":"x"}').body == b""
    assert app.rpc(b"{{").json["id"] is None


def test_too_many_requests_are_429(throttled):
    assert [throttled.rpc(CALL).status for _ in range(3)] == [200, 200, 429]
    answer = throttled.rpc(CALL)
    assert error_of(answer) == (-32003, "throttled")
    assert answer.json["error"]["data"]["retryable"] is True
    assert answer.headers["retry-after"] == "1"
    assert throttled.send("GET", "/healthz").status == 200


def test_a_throttled_connection_stays_open(throttled):
    answers = [throttled.rpc(CALL) for _ in range(3)]
    assert answers[-1].status == 429 and "connection" not in answers[-1].headers
    large = throttled.rpc(b"x" * 100_000)
    assert large.status == 429 and large.headers["connection"] == "close"


def test_a_token_is_throttled_over_all_its_connections_and_a_connection_over_all_tokens(throttled):
    throttle = throttled.edge._throttle
    for port in range(2):
        throttle.take(("connection", port), ("token", "T"))
    with pytest.raises(Exception, match="requests a second"):
        throttle.take(("connection", 9), ("token", "T"))
    throttle.take(("connection", 77), ("token", "A"))
    throttle.take(("connection", 77), ("token", "B"))
    with pytest.raises(Exception, match="requests a second"):
        throttle.take(("connection", 77), ("token", "C"))


def test_a_notification_is_200_with_an_empty_body(fake):
    app = fake()
    app.exchange = lambda *_: type(
        "Told", (), {"advance": lambda s: None, "answer": b"", "replayed": False}
    )()
    answer = app.rpc(CALL)
    assert (answer.status, answer.body, answer.headers["content-length"]) == (200, b"", "0")


def test_the_idempotency_key_goes_in_and_a_replay_is_told(fake):
    app = fake()
    assert "idempotency-replayed" not in app.rpc(CALL, idempotency_key="abc-12345").headers
    assert app.seen[0].key == "abc-12345"
    app.exchange = lambda *_: type(
        "Again", (), {"advance": lambda s: None, "answer": b"1", "replayed": True}
    )()
    assert app.rpc(CALL).headers["idempotency-replayed"] == "true"


@pytest.mark.parametrize(
    ("offered", "taken"), [("terminal-4711", True), ("short", False), ("a\x07bcdefgh", False)]
)
def test_a_harmless_request_id_of_the_client_is_kept(fake, offered, taken):
    assert (fake().rpc(CALL, x_request_id=offered).headers["x-request-id"] == offered) is taken


def test_a_bug_is_32603_in_rpc_and_a_500_problem_elsewhere_both_with_a_request_id(fake, caplog):
    app = fake()
    app.refusal = RuntimeError("a bug")
    answer = app.rpc(CALL)
    assert answer.status == 200 and answer.json["error"]["code"] == -32603
    assert answer.json["error"]["data"]["request_id"] == answer.headers["x-request-id"]
    elsewhere = app.send("GET", "/crash")
    assert elsewhere.status == 500 and elsewhere.json["request_id"] in caplog.text
    assert "a bug" not in answer.body.decode() + elsewhere.body.decode()


def test_a_draining_process_answers_503_and_stays_alive(fake):
    app = fake()
    app.edge.refuse()
    answer = app.rpc(CALL)
    assert answer.status == 503 and not app.seen
    assert error_of(answer) == (-32000, "busy")
    assert answer.json["error"]["data"]["retryable"] is True
    assert app.send("GET", "/readyz").status == 503
    assert app.send("GET", "/healthz").status == 200


def test_a_call_that_arrives_after_the_end_is_busy(fake):
    app = fake()
    app.pool.close()
    answer = app.rpc(CALL)
    assert answer.status == 200 and answer.json["error"]["data"]["code"] == "busy"


def test_a_queued_write_holds_no_thread(fake):
    app = fake()  # two threads
    writes = [Future() for _ in range(10)]
    waiting = list(writes)
    app.steps = [lambda: waiting.pop()]

    async def ten_at_once():
        calls = [
            asyncio.create_task(app.send.send("POST", "/api", [CALL], content_type="application/json"))
            for _ in writes
        ]
        while waiting:
            await asyncio.sleep(0.001)
        for write in writes:
            write.set_result(None)
        return await asyncio.gather(*calls)

    assert [answer.status for answer in asyncio.run(ten_at_once())] == [200] * 10


def test_a_call_whose_client_left_goes_on_to_its_end(fake):
    app, write, ended = fake(), Future(), threading.Event()
    app.steps = [lambda: write, ended.set]

    async def leave():
        call = asyncio.create_task(app.send.send("POST", "/api", [CALL], content_type="application/json"))
        while not app.seen:
            await asyncio.sleep(0.001)
        call.cancel()
        await asyncio.gather(call, return_exceptions=True)
        assert not app.edge.idle
        write.set_result(None)
        while not app.edge.idle:
            await asyncio.sleep(0.001)

    asyncio.run(leave())
    assert ended.is_set()


def test_a_call_that_no_thread_took_in_time_is_busy_under_its_own_id(fake, monkeypatch):
    monkeypatch.setattr("tracepro.http.pool.WAIT_SECONDS", -1.0)
    app = fake()
    answer = app.rpc(CALL)
    assert answer.status == 200 and not app.seen
    assert answer.json["id"] == 1 and answer.json["error"]["data"]["code"] == "busy"


def test_answers_and_waits_are_counted(fake):
    app = fake()
    app.rpc(CALL)
    app.send("GET", "/nowhere")
    text = app.metrics.text().decode()
    assert 'tracepro_http_responses_total{status="200"} 1.0' in text
    assert 'tracepro_http_responses_total{status="404"} 1.0' in text
    assert 'tracepro_database_wait_seconds_count{kind="thread"} 1.0' in text


def test_the_lifespan_starts_and_closes_and_says_what_went_wrong(fake):
    did = []

    async def live(edge):
        events, sent = [{"type": "lifespan.startup"}, {"type": "lifespan.shutdown"}], []

        async def receive():
            return events.pop(0)

        async def send(event):
            sent.append(event)

        await edge({"type": "lifespan"}, receive, send)
        return [event["type"] for event in sent], sent[0].get("message")

    app = fake(start=lambda: did.append("start"), close=lambda: did.append("close"))
    assert asyncio.run(live(app.edge)) == (["lifespan.startup.complete", "lifespan.shutdown.complete"], None)
    assert did == ["start", "close"]

    def fail():
        raise OSError("no disk")

    assert asyncio.run(live(fake(start=fail).edge)) == (
        ["lifespan.startup.failed", "lifespan.shutdown.complete"],
        "no disk",
    )


def test_a_json_rpc_error_has_exactly_its_members(fake):
    body = json.loads(fake().rpc(CALL, **{"content-type": "text/plain"}).body)
    assert set(body) == {"jsonrpc", "error", "id"}
    assert set(body["error"]) == {"code", "message", "data"}
    assert set(body["error"]["data"]) == {"code", "info", "retryable"}
