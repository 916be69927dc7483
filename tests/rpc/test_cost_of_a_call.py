"""What a call costs, as far as it can be counted exactly: objects that only the garbage collector frees."""

import gc

import pytest

from tracepro_schemas import defs

PLANT = {
    "acts": [{"id": 1, "name": "SMT", "desc": ""}, {"id": 2, "name": "Test", "desc": ""}],
    "workplaces": [{"id": 100, "name": "Printer", "acts": [1, 2]}],
    "workers": [{"id": 31, "name": "J. Novak", "code": "JN31", "active": True}],
    "orders": [
        {
            "id": 1,
            "erp_ref": "VP-1",
            "item": "PCB-A",
            "status": 1,
            "flags": defs.ORDER_F_CREATE_ITEMS,
            "operations": [{"op": 10, "act": 1, "name": "Print"}, {"op": 20, "act": 2, "name": "Test"}],
        }
    ],
}
HERE = {"wp_id": 100, "workers": [31]}


def request(method, **params):
    return {"jsonrpc": "2.0", "id": 1, "method": method, "params": {**params, **HERE}}


def addop(unit):
    return request("addop", item_id=unit, op=10, act=1)


def canaddop(unit):
    return request("canaddop", item_id=unit, op_act_list=[[20, 2]])


@pytest.fixture
def plant(make_plant):
    return make_plant(plugins=("workplaces", "workers", "orders", "items"), plant=PLANT, queued=True)


@pytest.fixture
def units(plant):
    return [plant.call("getitem", 1, f"PCB-A-{number}", 1)["id"] for number in range(12)]


def test_no_call_leaves_anything_for_the_garbage_collector(plant, units):
    fresh = iter(units[1:])
    assert b"result" in plant.request(addop(units[0]))
    kinds = {
        "addop": lambda: addop(next(fresh)),
        "canaddop": lambda: canaddop(units[0]),
        "a refused addop": lambda: addop(units[0]),
        "a wrong parameter": lambda: request("addop", item_id=units[0], op=10, act=1, surplus=1),
        "a batch": lambda: [addop(next(fresh)), canaddop(units[0]), addop(units[0])],
    }
    for kind, body in kinds.items():
        plant.request(body())
        gc.collect()
        gc.disable()
        try:
            for _ in range(2):
                plant.request(body())
            assert (kind, gc.collect()) == (kind, 0)
        finally:
            gc.enable()
