"""Exactly once on both databases: races, refusals, and a call that is still running elsewhere."""

import dataclasses
import json
import threading
import time
from functools import partial

import pytest

from tracepro.calls import idempotency
from tracepro.database import Insert
from tracepro.database.core_models import Audit, Idempotency
from tracepro.rpc.dispatcher import Dispatcher
from tracepro.testing.plant import TESTER

KEY = "terminal-7.0001"
TERMINALS = 16


@pytest.fixture
def plant(make_plant, database):
    """A plant whose writes are queued, as a server's are."""
    plant = make_plant(plugins=("counters",), database=database)
    plant.site.store.limits = dataclasses.replace(plant.site.store.limits, lock_seconds=0.3, write_threads=4)
    plant.site.start()
    return plant


@pytest.fixture
def send(plant):
    """Gives a function that reserves a number with a key and returns the rpc_exchange once it has ended."""
    dispatcher = Dispatcher(plant.site)

    def send(key=KEY, name="A", number=1):
        params = {"clazz": "serial", "name": name}
        body = {"jsonrpc": "2.0", "id": number, "method": "getnext", "params": params}
        exchange = dispatcher.exchange(json.dumps(body).encode(), TESTER, key, "r")
        exchange.finish()
        return exchange

    return send


def stored(plant, model):
    return plant.site.store.read(lambda db: db.rows(model.select()))


def test_a_repeated_call_has_its_effect_once(plant, send):
    first, again = send(number=1), send(number=2)
    assert json.loads(first.answer) == {"jsonrpc": "2.0", "result": 1, "id": 1}
    assert json.loads(again.answer) == {"jsonrpc": "2.0", "result": 1, "id": 2}
    assert again.replayed
    assert plant.call("getnext", "serial", "A") == 2
    assert len(stored(plant, Audit)) == 2


def test_other_params_are_refused(plant, send):
    send()
    assert json.loads(send(name="B").answer)["error"]["code"] == -32005
    assert plant.call("getnext", "serial", "B") == 1


@pytest.mark.faults("a race")
@pytest.mark.parametrize("rounds", [5, pytest.param(200, marks=pytest.mark.slow)])
def test_of_many_who_send_one_key_at_once_one_has_the_effect(plant, send, at_once, rounds):
    for turn in range(rounds):
        talks = at_once(*[partial(send, f"key-{turn:05}")] * TERMINALS)
        assert {exchange.answer for exchange in talks} == {
            b'{"jsonrpc":"2.0","result":%d,"id":1}' % (turn + 1)
        }
        assert sum(exchange.replayed for exchange in talks) == TERMINALS - 1
    assert len(stored(plant, Idempotency)) == rounds


@pytest.mark.parametrize("database", ["postgresql"], indirect=True)
def test_a_call_that_still_runs_elsewhere_is_told(plant, send):
    taken, end = threading.Event(), threading.Event()

    def hold(db):
        db.insert(Insert(Idempotency), caller=TESTER.name, key=KEY, fingerprint="x", answer=None, created=0)
        taken.set()
        end.wait(60)
        raise RuntimeError("rolled back")

    elsewhere = plant.site.store.write(hold)
    assert taken.wait(60)
    error = json.loads(send().answer)["error"]
    end.set()
    assert isinstance(elsewhere.exception(60), RuntimeError)
    assert (error["code"], error["data"]["code"], error["data"]["retryable"]) == (
        -32004,
        "key-in-progress",
        True,
    )
    assert json.loads(send().answer)["result"] == 1


def test_old_keys_are_forgotten_in_small_transactions(plant, send, monkeypatch):
    monkeypatch.setattr(idempotency, "PURGED_AT_ONCE", 2)
    for turn in range(5):
        send(f"key-{turn:05}")
    idempotency.purge(plant.site.store, plant.clock.micros + 1)
    deadline = time.monotonic() + 30
    while (left := stored(plant, Idempotency)) and time.monotonic() < deadline:
        time.sleep(0.01)
    assert left == []


def test_the_audit_row_is_written_with_the_effect(plant, send):
    send()
    [row] = plant.site.store.read(lambda db: db.rows(Audit.select().dicts()))
    assert row[2] == "tester"
    assert json.loads(row[7]) == {"clazz": "serial", "name": "A"}
    assert row[9] == KEY
