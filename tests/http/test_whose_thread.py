"""The event loop does what is short and the core's own; plugins and the database are never asked in it, whatever the call."""

import asyncio
import json
import threading
from types import SimpleNamespace

import pytest

from tracepro.app import create_app
from tracepro.calls.running import threads as threads_with_plugins
from tracepro.testing.asgi import AsgiClient
from tracepro_hookspecs import NotFound, Route, hookimpl

PLUGINS = ("workplaces", "workers", "auth", "orders", "items", "shelves")
PLANT = {
    "acts": [{"id": 1, "name": "Print", "desc": ""}],
    "workplaces": [{"id": 100, "name": "Printer", "erp_ref": "WP100", "esd": False, "acts": [1]}],
    "workers": [{"id": 31, "name": "J. Novak", "code": "JN31", "active": True}],
}
HERE = {"wp_id": 100, "workers": [31]}
SECONDS = 30
JSON = {"content_type": "application/json"}


class Shelves:
    def __init__(self):
        self.end = threading.Event()

    @hookimpl
    def tracepro_register_routes(self):
        body = {"type": "object"}
        return [
            Route("GET", "/api/shelves", shelf, "read", "A shelf.", answer={"type": "object"}),
            Route("POST", "/api/shelves", shelf, "write", "A shelf.", body=body, answer={"type": "object"}),
            Route("GET", "/api/sorted", self.sort, "read", "Computes for long.", answer={"type": "object"}),
            Route("GET", "/api/looked_up", self.wait, "read", "Waits for long.", answer={"type": "object"}),
        ]

    def sort(self, call, request):
        while not self.end.is_set():
            sorted(range(1000))
        return {}

    def wait(self, call, request):
        self.end.wait(SECONDS)
        return {}


def shelf(call, request):
    if request.body == {}:
        call.after_refusal(lambda later: later.hooks)
        raise NotFound("shelf-not-found", "There is no such shelf.")
    return {"id": 1}


@pytest.fixture
def served(make_plant):
    """An app with a unit of an order of one step, and which threads asked the database."""
    shelves = Shelves()
    plant = make_plant(plugins=PLUGINS, extra={"shelves": shelves}, plant=PLANT)
    order = plant.call("makeorder", "VP-1", "PCB-A", 1, 1)["id"]
    plant.call("updateorder", order, {}, [{"op": 10, "act": 1, "name": "Print"}])
    unit = plant.call("getitem", order, "PCB-A-1", 1)["id"]
    plant.site.start()
    store, asked = plant.site.store, set()
    read = store.read
    store.read = lambda function: (asked.add(threading.get_ident()), read(function))[1]
    edge = create_app(plant.site)
    yield SimpleNamespace(
        send=AsgiClient(edge).send, pool=edge.pool, order=order, unit=unit, asked=asked, end=shelves.end
    )
    shelves.end.set()
    edge.pool.close()


def rpc(method, params, **more):
    return {"jsonrpc": "2.0", "id": 1, "method": method, "params": params, **more}


def in_a_loop(main):
    """Run a coroutine in the loop of a new thread; return its result and the thread's number."""
    found = []

    def run():
        number = threading.get_ident()
        threads_with_plugins.pop(number, None)  # of a thread that has ended
        found.extend((asyncio.run(main), number))

    thread = threading.Thread(target=run)
    thread.start()
    thread.join()
    return found


def test_no_plugin_and_no_database_is_asked_in_the_loop(served):
    can = rpc("canaddop", {"item_id": served.unit, "op_act_list": [[10, 1]], **HERE})
    add = rpc("addop", {"item_id": served.unit, "op": 10, "act": 1, **HERE})
    bodies = {
        "a read": can,
        "a write": add,
        "a refused write": add,
        "either": rpc("getitem", [served.order, "PCB-A-2", 1]),
        "wrong parameters": rpc("addop", {"item_id": "x"}),
        "a batch": [can, rpc("getitem", [served.order, "PCB-A-3", 1]), add],
        "prepared before": rpc("userauth", ["nobody", "wrong"]),
    }
    keyed = {"idempotency_key": "terminal-1-0001"}

    async def send():
        for name, body in bodies.items():
            for more in ({}, keyed) if name == "either" else ({},):
                answer = await served.send("POST", "/api/", [json.dumps(body).encode()], **JSON, **more)
                assert answer.status == 200, answer.body
        for verb, sent, status in (("GET", [], 200), ("POST", [b'{"a":1}'], 200), ("POST", [b"{}"], 404)):
            answer = await served.send(verb, "/api/shelves", sent, **(JSON if sent else {}))
            assert answer.status == status, answer.body

    _, loop = in_a_loop(send())
    assert loop not in threads_with_plugins and loop not in served.asked
    assert served.asked


def test_a_write_needs_no_thread_but_the_writer(served, monkeypatch):
    steps = []
    put = served.pool._turns.put
    monkeypatch.setattr(served.pool._turns, "put", lambda step: (steps.append(step), put(step)))
    add = rpc("addop", {"item_id": served.unit, "op": 10, "act": 1, **HERE})

    async def send(*bodies):
        return [
            await served.send(
                "POST", "/api/", [json.dumps(body).encode()], **JSON, idempotency_key="t-1-00001"
            )
            for body in bodies
        ]

    answers, _ = in_a_loop(send(add, add, rpc("nosuch", [])))
    assert [answer.json.get("result") for answer in answers[:2]] == [answers[0].json["result"]] * 2
    assert answers[0].json["result"]["op_id"] and answers[1].headers["idempotency-replayed"] == "true"
    assert answers[2].json["error"]["code"] == -32601 and not steps
    (refused,), _ = in_a_loop(send(rpc("addop", {"item_id": [7]})))
    assert refused.json["error"]["code"] == -32602 and len(steps) == 1  # it takes time to explain


@pytest.mark.parametrize("path", ["/api/sorted", "/api/looked_up"])
def test_reads_and_writes_are_answered_while_others_compute_or_wait(served, path):
    can = rpc("canaddop", {"item_id": served.unit, "op_act_list": [[10, 1]], **HERE})
    get = rpc("getitem", [served.order, "PCB-A-1", 1])

    async def send():
        slow = [asyncio.create_task(served.send("GET", path)) for _ in range(3)]
        for _ in range(10):
            for body in (can, get, [can, get]):
                answering = served.send("POST", "/api/", [json.dumps(body).encode()], **JSON)
                answer = await asyncio.wait_for(answering, SECONDS)
                assert b"error" not in answer.body
        seen = [task.done() for task in slow]
        served.end.set()
        return seen, [(await task).status for task in slow]

    (seen, statuses), _ = in_a_loop(send())
    assert seen == [False] * 3 and statuses == [200] * 3
