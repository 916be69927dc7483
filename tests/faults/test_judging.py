"""Those who look for faults find them: wrong answers, what only one database does, what is logged, and the smallest body."""

import json
import logging

import pytest

from .judging import fault_of_answer, fault_of_sentence
from .mutations import SMALL, changed_bytes, dice_of, mutated
from .shrinking import shrunk
from .walking import body_of

BODY = body_of("getnext", {"clazz": "t", "name": ["a", {"b": 1}]})


def refused(code=1000, message="Nothing is there; ask later.", **data):
    error = {
        "code": code,
        "message": message,
        "data": {"code": "x", "info": message, "retryable": False, **data},
    }
    return json.dumps({"jsonrpc": "2.0", "id": 1, "error": error}).encode()


@pytest.mark.parametrize(
    "body",
    [
        b"[",
        b'{"jsonrpc":"2.0","id":1}',
        refused(-32603),
        refused(-32000),
        refused(reasons=[{"code": "plugin-failed", "info": "It failed."}]),
        refused(message="x" * 3000 + "."),
        refused(message="It ends nowhere"),
        refused(message="It raised KeyError."),
        b"[%b]" % refused(-32603),
    ],
)
def test_a_wrong_answer_is_a_fault(body):
    assert fault_of_answer(body) is not None


def test_a_right_answer_is_none():
    assert fault_of_answer(refused()) is None
    assert fault_of_answer(b"") is None
    assert fault_of_answer(b'{"jsonrpc":"2.0","id":1,"result":{"any":[1]}}') is None
    assert fault_of_sentence("There is no order 7; findorder looks for one.") is None


@pytest.fixture
def twins(make_twins):
    return make_twins(
        lambda maker: maker(("workplaces", "counters"), parameters={"api": {"calls_per_second": 0}})
    )


def test_twins_take_back_what_is_written_and_notice_what_only_one_does(twins, monkeypatch):
    empty = twins.rows()
    for _ in range(2):
        assert twins.call("getnext", {"clazz": "t", "name": "a"}) is None
    assert twins.rows() == empty
    assert twins.keep("getnext", {"clazz": "t", "name": "a"}) is None
    first, second = twins.rows()
    assert first == second != empty[0]

    twins.plants[1].clock.advance(seconds=1)
    assert "core_audit" in twins.call("getnext", {"clazz": "t", "name": "a"})
    monkeypatch.setattr(twins.plants[1], "request", lambda body, key: b'{"jsonrpc":"2.0","id":1,"result":7}')
    assert "PostgreSQL" in twins.call("getnext", {"clazz": "t", "name": "a"})


def test_what_is_logged_as_an_error_is_a_fault(twins, monkeypatch):
    def answer(body, key):
        logging.getLogger("tracepro").error("It failed.")
        return refused()

    monkeypatch.setattr(twins.plants[1], "request", answer)
    assert "it is logged: It failed." in twins.call("getnext", {"clazz": "t", "name": "a"})


def test_a_body_that_is_a_fault_is_shrunk_to_what_makes_it_one():
    assert shrunk(b"aaaa<b>cccccccc", lambda body: b"<b>" in body) == b"<b>"


def test_a_seed_makes_the_same_of_a_body_and_another_something_else():
    made = [[mutated(BODY, [BODY], dice_of(seed, n)) for n in range(50)] for seed in (1, 1, 2)]
    assert made[0] == made[1] != made[2]
    assert len({*made[0]}) > 40
    assert changed_bytes(BODY, [BODY], dice_of(1, 1), 2) != BODY


def test_changing_a_body_changes_no_odd_value():
    before = json.dumps(SMALL)
    for number in range(3000):
        mutated(b'{"params":[[1],{"a":[]}],"id":1}', [b"[[],{}]"], dice_of(1, number))
    assert json.dumps(SMALL) == before
