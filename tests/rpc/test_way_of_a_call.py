"""The way of a call: scope, lines, plugins, transaction, what is kept of a refusal, what is told after a commit."""

import json
import logging
from concurrent.futures import Future
from contextlib import suppress

import pytest

from tracepro.access.caller import Caller
from tracepro.database.core_models import Audit, Idempotency
from tracepro_hookspecs import TryAgain

READER = Caller("reader", 1, frozenset(("read",)), None, "10.0.0.1")


def audit(client):
    return client.rows(Audit.select().order_by(Audit.id).tuples())


@pytest.fixture
def logged(caplog):
    caplog.set_level(logging.INFO, "tracepro.calls.call")
    return lambda: [record.fields for record in caplog.records if record.name == "tracepro.calls.call"]


def test_a_call_needs_the_scope_of_its_method(client):
    assert client.call("notes", caller=READER)["result"] == []
    error = client.call("note", text="a", caller=READER)["error"]
    assert (error["code"], error["data"]["code"], error["data"]["scope"]) == (
        -32002,
        "scope-missing",
        "write",
    )
    assert client.call("findnote", text="a", caller=READER)["error"]["code"] == -32002
    assert client.result("notes") == []


def test_the_scope_is_asked_before_the_parameters(client):
    assert client.call("note", caller=READER)["error"]["code"] == -32002


def test_a_write_is_committed_and_seen_by_the_next_call(client):
    assert client.result("note", text="one")["id"] == 1
    assert client.result("notes") == ["one"]


def test_a_batch_sees_its_own_commits_and_a_refusal_spoils_nothing_else(client):
    calls = [("note", ["a"]), ("notes", []), ("refuse", ["b"]), ("crash", []), ("note", ["c"]), ("notes", [])]
    batch = [{"jsonrpc": "2.0", "id": n, "method": m, "params": p} for n, (m, p) in enumerate(calls)]
    answers = client.answer(batch)
    assert [answer.get("error", {}).get("code") for answer in answers] == [
        None,
        None,
        1000,
        -32603,
        None,
        None,
    ]
    assert answers[1]["result"] == ["a"]
    assert answers[5]["result"] == ["a", "refused b", "c"]


def test_a_refusal_writes_nothing_and_gives_all_reasons(client):
    error = client.error("refuse", text="x")
    assert error["code"] == 1000
    assert error["message"] == "The bench is full; take something off.; And closed."
    assert error["data"]["code"] == "too-much"
    assert [reason["code"] for reason in error["data"]["reasons"]] == ["too-much", "also"]
    assert "x" not in client.result("notes")


def test_what_a_refusal_leaves_is_kept_in_a_transaction_of_its_own(client):
    client.error("refuse", text="x")
    assert client.result("notes") == ["refused x"]


def test_a_failure_of_ours_tells_a_request_id_and_logs_the_stack(client, caplog):
    error = client.error("crash")
    assert error["code"] == -32603
    assert error["data"]["request_id"] == "request-1"
    assert "secret-looking" not in json.dumps(error)
    assert "request-1" in caplog.text
    assert "KeyError" in caplog.text
    assert client.result("notes") == []


def test_a_handler_that_wants_to_leave_fails_alone(client):
    assert client.error("leave")["code"] == -32603
    assert client.result("note", text="still here")["id"] == 1


def test_an_answer_that_is_no_json_is_a_failure_and_nothing_is_written(client):
    assert client.error("unspeakable")["code"] == -32603
    assert audit(client) == []


def test_a_read_that_asks_to_write_is_a_failure(client):
    assert client.error("liar")["code"] == -32603


def test_an_upgrade_reads_until_it_must_write(client):
    first = client.result("findnote", text="a")
    assert client.result("findnote", text="a") == first
    assert [row[6] for row in audit(client)] == ["findnote"]


def test_a_call_opens_no_other_transaction(client, caplog):
    assert client.error("reopen")["code"] == -32603
    assert "inside its own call" in caplog.text


def test_a_call_starts_no_other_call(client, caplog):
    assert client.error("recall")["code"] == -32603
    assert "inside its own call" in caplog.text


def test_after_commit_is_told_in_order_and_only_after_a_commit(client):
    for text in "abc":
        client.result("tell", text=text)
    assert client.site.notifier.flush()
    assert client.site.heard == ["a", "b", "c"]


def test_a_transaction_that_is_tried_again_is_told_and_audited_once(client, monkeypatch):
    write = client.site.store.write

    def twice(work, **how):
        def first_in_vain(db):
            with suppress(LookupError), db.savepoint():
                work(db)
                raise LookupError
            return work(db)

        return write(first_in_vain, **how)

    monkeypatch.setattr(client.site.store, "write", twice)
    client.call("tell", text="twice", key="key-00001")
    assert client.site.notifier.flush()
    assert client.site.heard == ["twice"]
    assert len(audit(client)) == 1
    assert client.result("notes") == ["twice"]


@pytest.mark.parametrize("outcome", ["none", "unknown"])
def test_a_database_that_is_away_is_told_with_what_is_known(client, monkeypatch, outcome):
    def away(*_, **__):
        raise TryAgain("database-unavailable", "The database is away.", outcome=outcome)

    monkeypatch.setattr(client.site.store, "read", away)
    monkeypatch.setattr(client.site.store, "write", away)
    for method in ("notes", "tell"):
        error = client.call(method, **({"text": "x"} if method == "tell" else {}))["error"]
        assert error["code"] == -32000
        assert (error["data"]["retryable"], error["data"]["outcome"]) == (True, outcome)


def test_what_a_refusal_leaves_is_not_kept_of_a_call_that_was_only_busy(client, monkeypatch):
    write = client.site.store.write

    def busy(work, **how):
        future = write(work, **how)
        assert future.exception(30) is not None
        failed = Future()
        failed.set_exception(TryAgain("busy", "The server is busy."))
        return failed

    monkeypatch.setattr(client.site.store, "write", busy)
    assert client.error("refuse", text="x")["data"]["code"] == "busy"
    monkeypatch.undo()
    assert client.result("notes") == []


def test_secret_methods_are_prepared_and_leave_no_trace(client, caplog, logged):
    caplog.set_level(logging.DEBUG)
    assert client.result("enter", password="right") == {"prepared": True}
    assert client.error("enter", password="wrong-word")["data"]["code"] == "auth-failed"
    assert client.error("enter", password=["odd-word"])["code"] == -32602
    [row] = audit(client)
    assert (row[6], row[7]) == ("enter", "{}")
    assert "wrong-word" not in caplog.text + json.dumps(logged())
    assert "odd-word" not in caplog.text + json.dumps(logged())


def test_secret_methods_ignore_the_idempotency_key(client):
    for key in ("k" * 8, "bad key"):
        assert "result" in client.call("enter", password="right", key=key)
    assert client.rows(Idempotency.select()) == []


# Records


def test_every_write_leaves_one_audit_row(client):
    client.call("note", text="a", wp_id=100, workers="3,17", key="key-00001")
    client.result("notes")
    client.error("refuse", text="x")
    [row] = audit(client)
    tm, caller, worker, wp_id, line, method, params, changes, key, request_id, address, own_id = row[1:]
    assert tm == client.site.clock.micros
    assert (caller, worker, wp_id, line, method) == ("tester", "3,17", 100, "A", "note")
    assert json.loads(params) == {"text": "a", "wp_id": 100, "workers": "3,17"}
    assert json.loads(changes) == [{"what": "note", "field": "text", "before": None, "after": "a"}]
    assert (key, request_id, address, own_id) == ("key-00001", "request-1", "127.0.0.1", None)


def test_positional_parameters_are_audited_by_name(client):
    client.result("note", "a", 100)
    assert json.loads(audit(client)[0][7]) == {"text": "a", "wp_id": 100}


def test_every_call_leaves_one_log_record_without_parameters(client, logged):
    client.result("note", text="parameter", wp_id=100)
    client.error("refuse", text="parameter")
    client.error("no\nsuch" + "x" * 500)
    client.send(b'{"jsonrpc":"2.0","method":"nosuch"}')
    client.send(b"{")
    records = logged()
    assert [
        (record["method"][:7], record["code"], record["line"], record.get("number")) for record in records
    ] == [
        ("note", "ok", "A", None),
        ("refuse", "too-much", None, 1000),
        ("no\nsuch", "method-not-found", None, -32601),
        ("nosuch", "method-not-found", None, -32601),
        ("", "parse-error", None, -32700),
    ]
    assert all(record["ms"] >= 0 and record["caller"] == "tester" for record in records)
    assert "parameter" not in json.dumps(records)
    assert len(records[2]["method"]) == 100
