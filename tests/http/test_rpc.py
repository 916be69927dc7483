"""JSON-RPC over HTTP: paths, verbs, media types, and every outcome of a call as 200."""

import json

import pytest

from tracepro_hookspecs import TryAgain

CALL = b'{"jsonrpc":"2.0","method":"x","id":1}'


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
def test_other_media_types_are_415_with_the_header_to_send(fake, media_type, error_of):
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


def test_a_json_rpc_error_has_exactly_its_members(fake):
    body = json.loads(fake().rpc(CALL, **{"content-type": "text/plain"}).body)
    assert set(body) == {"jsonrpc", "error", "id"}
    assert set(body["error"]) == {"code", "message", "data"}
    assert set(body["error"]["data"]) == {"code", "info", "retryable"}
