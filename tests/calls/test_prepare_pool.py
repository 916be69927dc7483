"""What calls do before their transaction has threads of its own: it holds up no other call, and is told when it has no turn."""

import asyncio
import json
import threading

import pytest

from tracepro.app import create_app
from tracepro.calls import prepare_pool
from tracepro.testing.asgi import AsgiClient
from tracepro_hookspecs import Method, hookimpl

JSON = "application/json"
MANY = 20
"""More than there are threads in either pool."""


class Hasher:
    """A plugin whose method is prepared for as long as its gate is shut."""

    def __init__(self):
        self.gate = threading.Event()

    @hookimpl
    def tracepro_register_methods(self):
        return [Method("judge", judge, "write", prepare=self.prepare)]

    def prepare(self, call):
        self.gate.wait(60)
        return threading.current_thread().name


def judge(call):
    return call.prepared


FRAGMENT = {
    "methods": [
        {
            "name": "judge",
            "summary": "Judges.",
            "description": "Tells which thread prepared it.",
            "params": [],
            "result": {"name": "thread", "schema": {"type": "string"}},
            "errors": [],
            "examples": [],
        }
    ]
}


def body(method, params=()):
    return json.dumps({"jsonrpc": "2.0", "id": 1, "method": method, "params": list(params)}).encode()


@pytest.fixture
def plant(make_plant, database):
    hasher = Hasher()
    hasher.fragment = FRAGMENT
    made = make_plant(("workplaces", "hasher"), extra={"hasher": hasher}, queued=True)
    made.hasher = hasher
    yield made
    hasher.gate.set()


async def judged(send):
    return json.loads((await send.send("POST", "/api", [body("judge")], content_type=JSON)).body)


async def found(send):
    answer = await send.send("POST", "/api", [body("findworkplace", ["none"])], content_type=JSON)
    return json.loads(answer.body)


def test_calls_that_are_prepared_for_long_hold_up_no_others(plant):
    send = AsgiClient(create_app(plant.site))

    async def both():
        judging = [asyncio.create_task(judged(send)) for _ in range(MANY)]
        others = [await asyncio.wait_for(found(send), 30) for _ in range(MANY)]
        assert not any(task.done() for task in judging)
        plant.hasher.gate.set()
        return others, await asyncio.gather(*judging)

    others, answers = asyncio.run(both())
    assert [answer["result"] for answer in others] == [None] * MANY
    assert {answer["result"].rpartition("_")[0] for answer in answers} == {"tracepro-prepare"}


def test_one_that_has_no_turn_in_time_is_busy(plant, monkeypatch):
    monkeypatch.setattr(prepare_pool, "WAIT_SECONDS", -1.0)
    error = plant.error("judge")
    assert (error["code"], error["data"]["code"]) == (-32000, "busy")
