"""What HTTP answers before and around every request: ids, access, bugs, draining, the lifespan."""

import asyncio

import pytest

from tracepro.access.errors import ForbiddenAnonymous, Unauthenticated

CALL = b'{"jsonrpc":"2.0","method":"x","id":1}'


def test_a_call_is_answered_with_200_and_a_request_id(fake):
    app = fake()
    answer = app.rpc(CALL)
    assert answer.status == 200
    assert answer.headers["content-type"] == "application/json"
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["x-request-id"] == app.seen[0].request_id
    assert answer.json["result"] == len(CALL)


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
def test_access_is_refused_with_an_error_body(fake, refusal, status, code, error_of):
    app = fake()
    app.refusal = refusal
    answer = app.rpc(b"not even JSON")
    assert answer.status == status
    assert error_of(answer) == code
    assert not app.seen
    assert ("www-authenticate" in answer.headers) == (status == 401)


@pytest.mark.parametrize(
    ("offered", "kept"),
    [
        ("terminal-4711", "terminal-4711"),
        ("a\x07b", r"a\x07b"),
        ("\x1b" * 200, r"\x1b" * 25),
        ("x" * 200, "x" * 100),
        ("", None),
    ],
)
def test_the_request_id_is_ours_and_the_client_s_is_kept_beside_it(fake, offered, kept):
    app = fake()
    answer = app.rpc(CALL, x_request_id=offered)
    (seen,) = app.seen
    assert answer.headers["x-request-id"] == seen.request_id != offered
    assert seen.caller.client_request_id == kept


def test_a_bug_is_32603_in_rpc_and_a_500_problem_elsewhere_both_with_a_request_id(fake, caplog):
    app = fake()
    app.refusal = RuntimeError("a bug")
    answer = app.rpc(CALL)
    assert answer.status == 200 and answer.json["error"]["code"] == -32603
    assert answer.json["error"]["data"]["request_id"] == answer.headers["x-request-id"]
    elsewhere = app.send("GET", "/crash")
    assert elsewhere.status == 500 and elsewhere.json["request_id"] in caplog.text
    assert "a bug" not in answer.body.decode() + elsewhere.body.decode()


def test_a_draining_process_answers_503_and_stays_alive(fake, error_of):
    app = fake()
    app.edge.refuse()
    answer = app.rpc(CALL)
    assert answer.status == 503 and not app.seen
    assert error_of(answer) == (-32000, "busy")
    assert answer.json["error"]["data"]["retryable"] is True
    assert app.send("GET", "/readyz").status == 503
    assert app.send("GET", "/healthz").status == 200


def test_answers_and_waits_are_counted(fake):
    app = fake()
    app.rpc(CALL)
    app.send("GET", "/nowhere")
    text = app.metrics.text().decode()
    assert 'tracepro_http_responses_total{status="200"} 1.0' in text
    assert 'tracepro_http_responses_total{status="404"} 1.0' in text
    assert "tracepro_thread_wait_seconds_count 1.0" in text


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
