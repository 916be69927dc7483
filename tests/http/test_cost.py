"""What a request costs, counted: nothing it leaves waits for the garbage collector."""

import asyncio
import json
from collections import Counter
from itertools import islice, repeat
from types import SimpleNamespace

import pytest

from tracepro.app import create_app
from tracepro.testing.asgi import AsgiClient
from tracepro.testing.counting import cyclic_objects, without_collector
from tracepro_hookspecs import NotFound, Route, TryAgain, hookimpl

PLANT = {
    "acts": [{"id": 1, "name": "Print", "desc": ""}],
    "workplaces": [{"id": 100, "name": "Printer", "erp_ref": "WP100", "esd": False, "acts": [1]}],
    "workers": [{"id": 31, "name": "J. Novak", "code": "JN31", "active": True}],
}
HERE = {"wp_id": 100, "workers": [31]}
BAD_TOKEN = {"authorization": f"Bearer tp_1_{'a' * 43}"}
AWAY = "x-database-away"
REQUESTS = 5
TRIES = 3
UNITS = REQUESTS * (TRIES + 1)
"""How often it is looked: what the server does now and then by itself may leave something once."""


class Shelves:
    @hookimpl
    def tracepro_register_routes(self):
        return [Route("GET", "/api/shelves/{id}", shelf, "read", "A shelf.", answer={"type": "object"})]


def shelf(call, request):
    if request.path["id"] == 9:
        raise NotFound("shelf-not-found", "There is no such shelf.")
    return {"id": request.path["id"]}


def away():
    raise TryAgain("database-unavailable", "The database is away.")


@pytest.fixture
def served(make_plant):
    """An app, the units of an order of one step, and a function that makes the body of a call about one of them."""
    plugins = ("workplaces", "workers", "orders", "items", "shelves")
    plant = make_plant(plugins=plugins, extra={"shelves": Shelves()}, plant=PLANT)
    order = plant.call("makeorder", "VP-1", "PCB-A", 1, 1)
    plant.call("updateorder", order["id"], {}, [{"op": 10, "act": 1, "name": "Print"}])
    units = [plant.call("getitem", order["id"], f"PCB-A-{number}", 1)["id"] for number in range(UNITS)]
    plant.site.start()
    authenticate = plant.site.policy.authenticate
    plant.site.policy.authenticate = lambda request: (
        away() if AWAY in request.headers else authenticate(request)
    )
    edge = create_app(plant.site)

    def rpc(method, unit=units[0], **params):
        call = {"jsonrpc": "2.0", "id": 1, "method": method, "params": {"item_id": unit, **params}}
        return json.dumps(call).encode()

    yield SimpleNamespace(send=AsgiClient(edge).send, rpc=rpc, units=units)
    edge.pool.close()


def requests_of(served):
    """Return what is sent by name: verb and path, the bodies, headers, and the status of the answers."""
    rpc = served.rpc
    can = rpc("canaddop", op_act_list=[[10, 1]], **HERE)
    add = rpc("addop", op=10, act=1, **HERE)
    adds = (rpc("addop", unit, op=10, act=1, **HERE) for unit in served.units)
    as_json = {"content_type": "application/json"}
    return {
        "a write": ("POST /api/", adds, as_json, 200),
        "a refused write": ("POST /api/", repeat(add), as_json, 200),
        "a check": ("POST /api/", repeat(can), as_json, 200),
        "a batch": ("POST /api/", repeat(b"[%b,%b]" % (can, add)), as_json, 200),
        "wrong parameters": ("POST /api/", repeat(rpc("addop")), as_json, 200),
        "an unknown method": ("POST /api/", repeat(rpc("nosuch")), as_json, 200),
        "no JSON": ("POST /api/", repeat(b"{"), as_json, 200),
        "a wrong token": ("POST /api/", repeat(can), as_json | BAD_TOKEN, 401),
        "no database": ("POST /api/", repeat(can), as_json | {AWAY: "1"}, 200),
        "a wrong media type": ("POST /api/", repeat(can), {"content_type": "text/plain"}, 415),
        "a body of another length": ("POST /api/", repeat(can), as_json | {"content_length": "9"}, 400),
        "a REST read": ("GET /api/shelves/1", repeat(b""), {}, 200),
        "a refused REST read": ("GET /api/shelves/9", repeat(b""), {}, 404),
        "an unknown path": ("GET /nothing", repeat(b""), {}, 404),
        "a probe": ("GET /healthz", repeat(b""), {}, 200),
    }


def test_a_request_leaves_nothing_to_the_garbage_collector(served):
    requests = requests_of(served)

    async def left_by(target, bodies, headers, status):
        for body in islice(bodies, REQUESTS):
            answer = await served.send(*target.split(), [body] if body else [], **headers)
            assert answer.status == status, answer.body
        await asyncio.sleep(0)
        return cyclic_objects()

    async def look():
        left = {}
        for name, request in requests.items():
            await left_by(*request)  # what is made once, such as a compiled statement, isn't counted
            tries = [await left_by(*request) for _ in range(TRIES)]
            left[name] = min(tries, key=Counter.total)
        return left

    with without_collector():
        assert asyncio.run(look()) == dict.fromkeys(requests, Counter())
