"""What a client sends and a sentence quotes forges no line and repaints no terminal, wherever it stands."""

import json
from time import monotonic

import pytest

from tracepro_hookspecs import CallError, Reason, Refused

EVIL = "x\n12:00:00.000 addop ok 1 ms\x1b[2J\u202e\r\x85"
LONGEST = 4000


@pytest.fixture(scope="module")
def server(serve_plant_once):
    return serve_plant_once(("workplaces", "workers", "orders", "items", "counters"))


@pytest.fixture(scope="module")
def client(server):
    made = server.command(
        "token", "create", "T", *["--scope", "read", "--scope", "write", "--scope", "admin"]
    )
    client = server.client(token=made.stdout.split()[-1])
    yield client
    client.close()


def sentences(found):
    """Yield every sentence of an answer."""
    if isinstance(found, dict):
        for name, value in found.items():
            if name in ("message", "info", "detail", "error", "title") and isinstance(value, str):
                yield value
            else:
                yield from sentences(value)
    elif isinstance(found, list):
        for value in found:
            yield from sentences(value)


CALLS = {
    "a method": (EVIL, {}),
    "a surplus parameter": ("getitem", {EVIL: 1}),
    "many surplus parameters": ("getitem", {f"{EVIL * 20}{n}": 1 for n in range(500)}),
    "a member": ("updateorder", {"order_id": 1, "properties": {EVIL: 1}}),
    "a value": ("makeorder", {"erp_ref": EVIL, "item": EVIL, "amount": 1}),
    "a name that is not there": ("getnext", {"page": "a", "name": EVIL[:20]}),
    "a text": ("addwlaction", {"wp_id": 1, "worker_id": EVIL, "action": 99, "param": EVIL}),
    "a time": ("addop", {"item_id": 1, "op": 1, "act": 1, "wp_id": 1, "workers": 1, "tm0": EVIL[:60]}),
    "a mask": ("updateorder", {"order_id": 1, "properties": {"barcode_pcb": f"({EVIL}"}}),
}


@pytest.mark.parametrize("what", CALLS)
def test_a_sentence_of_json_rpc_is_one_printable_line(client, what):
    answer = client.answer(*CALLS[what])
    assert "error" in answer
    found = list(sentences(answer))
    assert found and all(one.isprintable() and len(one) <= LONGEST for one in found)


@pytest.mark.parametrize(
    ("verb", "path", "body", "headers"),
    [
        ("POST", "/api/plant", {EVIL: []}, {}),
        ("POST", "/api/plant", {"workers": [{"id": 1, "name": EVIL, EVIL: 1}]}, {}),
        ("POST", "/api/plant", {"workers": [{"id": 1, "name": EVIL, "card": EVIL}]}, {}),
        ("POST", "/api/plant", {}, {"Content-Type": "x\x85y"}),
        ("POST", "/api/plant", {}, {"Content-Encoding": "x\x85y"}),
        ("POST", "/api/plant", {}, {"Idempotency-Key": "x\x85y"}),
        ("GET", "/x%0a12:00:00.000%1b[2J", None, {}),
        ("PATCH", "/api/%0a%1b", None, {}),
    ],
)
def test_a_problem_is_one_printable_line(client, verb, path, body, headers):
    answer = client.send(verb, path, body, headers)
    assert answer.status >= 400
    found = list(sentences(json.loads(answer.body)))
    assert found and all(one.isprintable() and len(one) <= LONGEST for one in found)


def test_the_log_has_one_record_for_each_call(server, client):
    client.answer(EVIL, {})
    deadline = monotonic() + 30  # Records come in bunches.
    while not quoting(server):
        assert monotonic() < deadline, server.log()[-2000:]


def quoting(server):
    """Return the records of calls whose method quotes the evil text."""
    whole, _, _ = server.log().rpartition("\n")
    records = [json.loads(line) for line in whole.splitlines() if line.startswith("{")]
    return [record for record in records if record.get("method", "").startswith("x\n")]


def test_errors_and_reasons_of_plugins_are_one_printable_line():
    reason = Reason("evil", EVIL * 500)
    error = Refused([reason, reason])
    for sentence in (reason.info, error.info, str(error), CallError("evil", EVIL).info):
        assert sentence.isprintable() and len(sentence) <= LONGEST
    assert CallError("fine", "Straße ✓ …").info == "Straße ✓ …"
