"""Exactly once: a call that is sent again with its key has its effect once and gets the same answer."""

import json
import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from tracepro.access.caller import Caller
from tracepro.calls import idempotency
from tracepro.database.core_models import Idempotency

KEY = "terminal-7.0001"
OTHER = Caller("other", 9, frozenset(("read", "write")), None, "10.0.0.9")
DAY = 86_400_000_000


def keys(client):
    return [
        row[0] for row in client.rows(Idempotency.select(Idempotency.key).order_by(Idempotency.key).tuples())
    ]


def note(client, text="a", key=KEY, **how):
    body = {"jsonrpc": "2.0", "id": how.pop("id", 1), "method": "note", "params": {"text": text}}
    return client.send(body, key=key, **how)


def test_a_repeated_call_gets_the_stored_answer_and_its_own_id(client):
    first, again = note(client, id=1), note(client, id="two")
    assert not first.replayed
    assert again.replayed
    assert json.loads(again.answer) == {**json.loads(first.answer), "id": "two"}
    assert client.result("notes") == ["a"]


def test_other_params_or_another_method_are_refused(client):
    note(client)
    for answer in (
        json.loads(note(client, "b").answer),
        client.call("findnote", text="a", key=KEY),
        client.call("note", "a", key=KEY),
    ):
        assert (answer["error"]["code"], answer["error"]["data"]["code"]) == (-32005, "key-reused")
    assert client.result("notes") == ["a"]


def test_the_order_of_members_is_no_difference(client):
    bodies = [b'{"text":"a","wp_id":100}', b'{"wp_id":100, "text":"a"}']
    for params in bodies:
        client.send(b'{"jsonrpc":"2.0","id":1,"method":"note","params":%b}' % params, key=KEY)
    assert client.result("notes") == ["a"]


def test_a_refusal_is_not_stored_and_may_be_tried_again(client):
    for _ in range(2):
        assert client.call("refuse", text="x", key=KEY)["error"]["code"] == 1000
    assert keys(client) == []
    assert "result" in json.loads(note(client).answer)


def test_a_key_belongs_to_its_caller(client):
    note(client)
    assert not note(client, caller=OTHER).replayed
    assert client.result("notes") == ["a", "a"]


def test_a_batch_has_a_key_for_each_place(client):
    calls = [("note", "a"), ("notes", None), ("note", "b")]
    batch = [
        {"jsonrpc": "2.0", "id": n, "method": method, "params": [text] if text else []}
        for n, (method, text) in enumerate(calls)
    ]
    first = client.send(batch, key=KEY)
    again = client.send(batch, key=KEY)
    assert keys(client) == [f"{KEY}/0", f"{KEY}/2"]
    assert again.replayed
    assert [answer["result"] for answer in json.loads(again.answer)][::2] == [
        answer["result"] for answer in json.loads(first.answer)
    ][::2]
    assert client.result("notes") == ["a", "b"]
    client.send(batch[2:], key=KEY)
    assert client.result("notes") == ["a", "b"]


def test_a_batch_that_was_cut_short_goes_on_where_it_stopped(client):
    note_a = {"jsonrpc": "2.0", "id": 1, "method": "note", "params": ["a"]}
    client.send([note_a], key=KEY)
    client.send([note_a, {**note_a, "params": ["b"]}], key=KEY)
    assert client.result("notes") == ["a", "b"]


def test_a_notification_happens_once_too(client):
    for _ in range(2):
        client.send({"jsonrpc": "2.0", "method": "note", "params": ["a"]}, key=KEY)
    assert client.result("notes") == ["a"]


def test_an_upgrade_with_a_key_happens_once(client):
    body = {"jsonrpc": "2.0", "id": 1, "method": "findnote", "params": ["a"]}
    assert not client.send(body, key=KEY).replayed
    assert client.send(body, key=KEY).replayed


@pytest.mark.parametrize("key", ["12345678", "A-z_0.9:" * 16, '"quoted-key"'])
def test_keys_of_the_syntax_are_taken(client, key):
    assert "result" in json.loads(note(client, key=key).answer)
    assert keys(client) == [key.strip('"')]


@pytest.mark.parametrize(
    "key", ["", "1234567", "x" * 129, "with space", "slash/000", "käy-00000", "key-00000\n", '"short"']
)
def test_malformed_keys_are_refused_for_writes_and_ignored_by_reads(client, key):
    answer = json.loads(note(client, key=key).answer)
    assert (answer["error"]["code"], answer["error"]["data"]["parameter"]) == (-32602, "Idempotency-Key")
    assert client.call("notes", key=key)["result"] == []
    batch = client.answer([{"jsonrpc": "2.0", "id": 1, "method": "note", "params": ["a"]}], key=key)
    assert batch[0]["error"]["code"] == -32602


def test_a_stored_row_tells_nothing_about_the_call(client):
    note(client, "confidential text")
    [row] = client.rows(Idempotency.select(Idempotency.fingerprint).tuples())
    assert row[0] != idempotency.fingerprint(b"another secret", "note", {"text": "confidential text"})
    assert row[0] == idempotency.fingerprint(client.site.secret, "note", {"text": "confidential text"})


def test_a_replay_leaves_no_second_audit_row_and_tells_nobody_again(client):
    for _ in range(3):
        client.call("tell", text="once", key=KEY)
    assert client.site.notifier.flush()
    assert client.site.heard == ["once"]


def test_old_keys_are_forgotten_a_few_at_a_time(client, monkeypatch):
    monkeypatch.setattr(idempotency, "PURGED_AT_ONCE", 2)
    for n in range(5):
        note(client, key=f"old-key-{n}")
    client.site.clock.micros += 15 * DAY
    note(client, key="new-key-1")
    deadline = time.monotonic() + 30
    while len(keys(client)) > 1 and time.monotonic() < deadline:
        time.sleep(0.01)
    assert keys(client) == ["new-key-1"]


def test_of_many_who_send_one_key_at_once_one_has_the_effect(client):
    barrier = threading.Barrier(16)

    def send(_):
        barrier.wait(30)
        return note(client)

    with ThreadPoolExecutor(16) as threads:
        talks = list(threads.map(send, range(16)))
    assert len({exchange.answer for exchange in talks}) == 1
    assert sorted(exchange.replayed for exchange in talks) == [False] + [True] * 15
    assert client.result("notes") == ["a"]
