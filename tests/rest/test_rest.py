"""Routes of plugins over HTTP: the same way of a call as methods, in the words of REST."""

import hashlib
import json

import pytest

from tracepro.access.caller import Caller
from tracepro.app import create_app
from tracepro.testing.asgi import AsgiClient

LIMITED = Caller("L1 only", 5, frozenset(("read", "write", "admin")), frozenset(("L1",)), "127.0.0.1")


def problem(answer, status, code):
    assert answer.status == status, answer.body
    assert answer.headers["content-type"] == "application/problem+json"
    body = answer.json
    assert body["status"] == status and body["error"] == body["detail"] and body["title"]
    assert body["type"].endswith(code) and body["code"] == code
    return body


def test_a_thing_lives_and_dies(rest, database):
    made = rest("PUT", "", {"name": "left", "quantity": 3})
    assert made.status == 201
    shelf = made.json
    assert shelf == {"id": shelf["id"], "name": "left", "quantity": 3}
    path = str(shelf["id"])
    assert rest("GET").json == {path: shelf}
    assert rest("GET", path).json == shelf
    assert rest("PATCH", path, {"quantity": 9}).json == {**shelf, "quantity": 9}
    gone = rest("DELETE", path)
    assert (gone.status, gone.body) == (204, b"")
    problem(rest("GET", path), 404, "shelf-not-found")
    assert rest("GET").json == {}


def test_an_etag_saves_from_overwriting(rest, database):
    made = rest("PUT", "", {"name": "left"})
    path, etag = str(made.json["id"]), made.headers["etag"]
    assert rest("GET", path).headers["etag"] == etag
    changed = rest("PATCH", path, {"name": "right"}, if_match=f'"other", {etag}')
    assert changed.status == 200 and changed.headers["etag"] != etag
    problem(rest("PATCH", path, {"name": "middle"}, if_match=etag), 412, "etag-mismatch")
    problem(rest("DELETE", path, if_match=etag), 412, "etag-mismatch")
    assert rest.names() == ["right"]
    assert rest("PATCH", path, {"name": "middle"}, if_match="*").status == 200
    assert rest("PATCH", path, {"name": "end"}).status == 200


def test_a_repeated_write_happens_once(rest, database):
    first = rest("PUT", "", {"name": "once"}, idempotency_key="terminal-1-4711")
    again = rest("PUT", "", {"name": "once"}, idempotency_key='"terminal-1-4711"')
    assert (again.status, again.body, again.headers["etag"]) == (201, first.body, first.headers["etag"])
    assert again.headers["idempotency-replayed"] == "true" and "idempotency-replayed" not in first.headers
    problem(rest("PUT", "", {"name": "twice"}, idempotency_key="terminal-1-4711"), 422, "key-reused")
    problem(rest("PUT", "", {"name": "twice"}, idempotency_key="bad key"), 400, "invalid-params")
    assert rest.names() == ["once"]


def test_a_refused_write_may_be_tried_again_with_its_key(rest):
    problem(rest("PATCH", "1", {"name": "x"}, idempotency_key="terminal-1-0001"), 404, "shelf-not-found")
    rest("PUT", "", {"name": "there"})
    assert rest("PATCH", "1", {"name": "x"}, idempotency_key="terminal-1-0001").status == 200


def test_a_write_leaves_one_audit_row_and_a_read_none(rest, database):
    rest("PUT", "", {"name": "seen", "wp_id": 100}, idempotency_key="terminal-1-4712")
    rest("GET")
    (row,) = rest.audits()
    method, params, changes, line, key = row
    assert (method, line, key) == ("PUT /api/shelves/", "L1", "terminal-1-4712")
    assert json.loads(params if isinstance(params, str) else json.dumps(params)) == {
        "body": {"name": "seen", "wp_id": 100}
    }
    assert "seen" in str(changes)


def test_a_bug_is_a_500_that_tells_nothing_and_writes_nothing(rest, database, caplog):
    answer = rest("POST", "crash")
    body = problem(answer, 500, "internal-error")
    assert body["request_id"] == answer.headers["x-request-id"]
    assert "secret" not in answer.body.decode()
    assert "a bug with a secret in it" in caplog.text
    assert rest.names() == []


def test_unknown_members_are_ignored_and_named(rest):
    answer = rest("PUT", "", {"name": "a", "colour": "red", "gr\u00f6\u00dfe\r\nX-Evil: 1": 2})
    assert answer.status == 201
    assert answer.headers["warning-fields"] == "colour, gr%C3%B6%C3%9Fe%0D%0AX-Evil%3A 1"


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"name": 5}, "name"),
        ({"name": ""}, "name"),
        ({"name": "a", "quantity": "3"}, "quantity"),
        ({"name": "a", "quantity": 1001}, "quantity"),
        ({"name": "a", "quantity": 1.5}, "quantity"),
        ({"name": "a", "quantity": None}, "quantity"),
        ({"name": "a", "quantity": 2**63}, "quantity"),
        ({"name": "a", "quantity": 1e300}, "quantity"),
        ({"name": "a\0"}, "name"),
        ({"quantity": 3}, "name"),
        ([], "body"),
    ],
)
def test_wrong_types_are_400_naming_the_field(rest, body, field):
    answer = problem(rest("PUT", "", body), 400, "invalid-params")
    assert answer["parameter"] == field and field in answer["error"]


@pytest.mark.parametrize(
    "body",
    [
        b"{",
        b"\xff",
        b"[]",
        b"null",
        b'"x"',
        b"{}",
        b"",
        b'{"name": "a", "name": "b"}',
        b'{"name": NaN}',
        b'{"name": "\\u0000"}',
        b'{"name": "\\ud800"}',
        b'{"name": "a", "quantity": 1e300}',
        b'{"name": "a", "quantity": 99999999999999999999}',
        b"[" * 100_000,
    ],
)
def test_bodies_that_are_no_object_of_the_schema_are_400(rest, body):
    answer = rest.send("PUT", "/api/shelves", [body] if body else [], content_type="application/json")
    assert answer.status == 400, answer.body
    assert answer.json["error"]
    assert rest.names() == []


def test_integral_floats_are_integers(rest):
    assert rest("PUT", "", b'{"name": "a", "quantity": 3.0}').json["quantity"] == 3


def test_the_query_is_typed(rest):
    rest("PUT", "", {"name": "few", "quantity": 1})
    rest("PUT", "", {"name": "many", "quantity": 9})
    assert [one["name"] for one in rest("GET", "?least=5&colour=red").json.values()] == ["many"]
    for wrong in (
        "least=x",
        "least=",
        "least=-1",
        "least=1&least=2",
        "least=99999999999999999999",
        "least=%00",
        "least=%FF",
    ):
        assert problem(rest("GET", "?" + wrong), 400, "invalid-params")["parameter"] == "least"


@pytest.mark.parametrize("part", ["x", "-1", "1.0", "9223372036854775808", "%00", "0x1", "\u0663", "1/2"])
def test_what_is_no_id_is_404(rest, part):
    problem(rest("GET", part), 404, "path-not-found")


def test_literal_segments_come_before_ids_and_a_last_slash_is_nothing(rest):
    assert rest("GET", "count").json == {"count": 0}
    assert rest.send("GET", "/api/shelves").status == rest.send("GET", "/api/shelves/").status == 200


def test_verbs_a_path_has_not_are_405_with_those_it_has(rest):
    answer = rest("POST", "1", {})
    problem(answer, 405, "verb-not-allowed")
    assert {verb.strip() for verb in answer.headers["allow"].split(",")} >= {"DELETE", "GET", "PATCH"}


def test_what_can_be_read_has_its_headers_alone(rest):
    rest("PUT", "", {"name": "a"})
    for path in ("", "1", "names"):
        whole, head = rest("GET", path), rest("HEAD", path)
        kept = {name: value for name, value in whole.headers.items() if name != "x-request-id"}
        assert (head.status, head.body) == (200, b"")
        assert kept.items() <= head.headers.items(), path
    missing = rest("HEAD", "99")
    assert (missing.status, missing.body) == (404, b"")
    assert rest("HEAD", "1/label").status == rest("GET", "1/label").status == 412
    assert "HEAD" in rest("POST", "1", {}).headers["allow"]


def test_raw_bodies_have_their_types_and_their_limit(rest):
    rest("PUT", "", {"name": "a"})
    problem(rest("GET", "1/label"), 412, "no-label")
    assert rest("POST", "1/label", b"\xf6 is fine", content_type="text/plain; charset=latin-1").status == 200
    label = rest("GET", "1/label")
    assert (label.headers["content-type"], label.body) == ("text/plain", b"\xf6 is fine")
    answer = problem(rest("POST", "1/label", b"{}", content_type="application/json"), 415, "media-type")
    assert "text/plain" in answer["error"]
    problem(rest("POST", "1/label", b"x" * 1001, content_type="text/plain"), 413, "body-too-large")
    chunked = rest.send(
        "POST",
        "/api/shelves/1/label",
        [b"x" * 600] * 3,
        transfer_encoding="chunked",
        content_type="text/plain",
    )
    problem(chunked, 413, "body-too-large")
    digest = hashlib.sha256(b"\xf6 is fine").hexdigest()
    assert digest in str(rest.audits()[-1][1])


def test_json_must_say_that_it_is_json(rest):
    problem(rest("PUT", "", {"name": "a"}, content_type="text/plain"), 415, "media-type")


def test_scopes_and_lines_bind_as_they_do_for_methods(rest, monkeypatch):
    monkeypatch.setattr(rest.site.policy, "authenticate", lambda *_: LIMITED)
    assert rest("GET").status == 200
    assert rest("PUT", "", {"name": "mine", "wp_id": 100}).status == 201
    problem(rest("PUT", "", {"name": "theirs", "wp_id": "200"}), 403, "scope-missing")
    problem(rest("PUT", "", {"name": "nowhere", "wp_id": 300}), 403, "scope-missing")
    assert rest("PUT", "", {"name": "no line named"}).status == 201
    assert rest.audits()[-1][3] == "L1"
    problem(rest("POST", "crash"), 403, "scope-missing")
    assert sorted(rest.names()) == ["mine", "no line named"]


def test_writes_of_rest_are_the_whole_plants_unless_they_say_otherwise(rest, monkeypatch):
    shelf = rest("PUT", "", {"name": "a"}).json["id"]
    monkeypatch.setattr(rest.site.policy, "authenticate", lambda *_: LIMITED)
    problem(rest("DELETE", str(shelf)), 403, "scope-missing")
    problem(rest("PATCH", str(shelf), {"quantity": 1, "wp_id": 100}), 403, "scope-missing")
    problem(rest.send("POST", "/api/plant", [b"{}"], content_type="application/json"), 403, "scope-missing")
    assert rest.names() == ["a"]


def test_a_plugin_that_is_off_on_the_line_refuses(rest):
    body = problem(rest("PUT", "", {"name": "a", "wp_id": 200}), 409, "plugin-off")
    assert (body["plugin"], body["line"]) == ("shelves", "L2")


def test_a_remote_caller_without_a_token_is_403_and_a_bad_token_401(rest):
    rest.send.address = "10.1.2.3"
    problem(rest("GET"), 403, "unauthenticated")
    answer = rest("GET", authorization="Bearer tp_1_nonsense")
    problem(answer, 401, "unauthenticated")
    assert answer.headers["www-authenticate"] == "Bearer"


def test_queued_writes_are_answered_and_told_after_their_commit(rest, database):
    app, told = create_app(rest.site), []
    rest.site.start()
    rest.site.notifier.put = lambda work, name="": told.append(name)
    body = json.dumps({"name": "queued"}).encode()
    headers = {"content_type": "application/json", "idempotency_key": "terminal-9-0001"}
    answers = [AsgiClient(app)("PUT", "/api/shelves/", [body], **headers) for _ in range(2)]
    app.pool.close()
    assert [answer.status for answer in answers] == [201, 201]
    assert [answer.headers.get("idempotency-replayed") for answer in answers] == [None, "true"]
    assert told == ["told"]
    assert rest.names() == ["queued"]


def test_every_call_is_recorded_refused_ones_too(rest, caplog):
    caplog.set_level("INFO", "tracepro.calls.call")
    rest("PUT", "", {"name": "a"})
    rest("PUT", "", {"name": 5})
    seen = [
        (record.fields["method"], record.fields["code"])
        for record in caplog.records
        if record.name == "tracepro.calls.call"
    ]
    assert seen == [("PUT /api/shelves/", "ok"), ("PUT /api/shelves/", "invalid-params")]
    rest("GET", authorization="Bearer nonsense")
    assert caplog.records[-1].fields["code"] == "unauthenticated"
    text = rest.send("GET", "/metrics").body.decode()
    assert 'tracepro_calls_total{code="ok",method="PUT /api/shelves/"} 1.0' in text
    assert 'tracepro_refusals_total{code="invalid-params"} 1.0' in text
