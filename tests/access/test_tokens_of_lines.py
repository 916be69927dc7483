"""Tokens that are limited to lines run a terminal: every method of a full site, called with each kind of token."""

import json

import pytest

from tracepro.access.caller import Caller
from tracepro.testing.makers import usual_plugins

ONE_LINE = Caller("terminal", 2, frozenset(("read", "write")), frozenset(("L1",)), "10.0.0.2")
TWO_LINES = Caller("repair", 3, frozenset(("read", "write")), frozenset(("L1", "L2")), "10.0.0.3")
LINES = {100: "L1", 200: "L2", 300: None}
PLANT = {
    "acts": [{"id": 1, "name": "AOI"}],
    "workplaces": [{"id": wp_id, "name": f"WP{wp_id}", "acts": [1]} for wp_id in LINES],
    "workers": [{"id": 32, "name": "J. Novak", "code": "JN32", "active": True}],
    "lines": [
        {"name": line, "machines": [{"name": f"M{wp_id}", "wp_id": wp_id}]}
        for wp_id, line in LINES.items()
        if line
    ],
}
PLANT_WIDE = {
    "erpdone",
    "erpqueue",
    "issueotp",
    "makeorder",
    "receivemat",
    "setbasicdata",
    "setrangednext",
    "setuserdata",
    "setworkercard",
    "updateorder",
    "writeoffmat",
}
PLACES = {
    **dict.fromkeys(("wp_id", "wp", "wp_ids", "wp_list"), LINES),
    "machine_id": {1: "L1", 2: "L2", 9: None},
    "line_name": {"L1": "L1", "L2": "L2", "L9": None},
    "op_id": {},
}
"""The parameters that decide a line in this test, with what they name; operations are recorded by the test."""
ON_L1 = {"wp_id": 100, "wp_ids": [100], "line_name": "L1"}


@pytest.fixture
def plant(make_plant, database):
    plant = make_plant(usual_plugins(), PLANT)
    order = plant.call("makeorder", "VP-1", "PCB-A", 1, 1)["id"]
    plant.call("updateorder", order, {}, [{"op": 10, "act": 1, "flags": 2}])
    unit = plant.call("getitem", order, "U1", 1)["id"]
    plant.operations = {
        plant.call("addop", unit, 10, 1, wp_id, [32])["op_id"]: line for wp_id, line in LINES.items()
    }
    return plant


def refused(plant, caller, method, params):
    """Tell whether a call is refused because the token is not for it."""
    call = {"jsonrpc": "2.0", "id": 1, "method": method, "params": params}
    answer = json.loads(plant.request(call, caller=caller))
    return answer.get("error", {}).get("code") == -32002


def calls_of(plant, bound):
    """Yield parameters for a method from its example, once for each line, with the lines they touch."""
    (example, *_) = bound.spec["examples"]
    params = {param["name"]: param["value"] for param in example["params"]}
    places = [name for name in bound.names if name in PLACES]
    if not places:
        yield params, ()
    for name in places:
        own = {other: ON_L1[other] for other in places if other in ON_L1}
        for value, line in (plant.operations if name == "op_id" else PLACES[name]).items():
            if "op_id" in places and name != "op_id":
                own["op_id"] = min(plant.operations)
            others = ("L1",) if len(places) == 2 else ()
            yield {**params, **own, name: value}, (line, *others)


def expected(bound, caller, touched):
    """Tell whether the contract refuses a call to a token: the plant's methods, other lines, writes off its lines."""
    if bound.method.name in PLANT_WIDE:
        return True
    foreign = any(line is not None and line not in caller.lines for line in touched)
    return foreign or (None in touched and bound.method.access != "read")


def test_every_method_is_open_to_a_token_as_its_lines_allow(plant):
    wrong, asked = [], set()
    for caller in (ONE_LINE, TWO_LINES):
        for name, bound in plant.site.methods.items():
            for params, touched in calls_of(plant, bound):
                asked.add((name, len(touched)))
                if refused(plant, caller, name, params) != expected(bound, caller, touched):
                    wrong.append((caller.name, name, params, touched))
    assert not wrong
    assert set(plant.site.methods) >= PLANT_WIDE
    assert {
        ("addopdata", 1),
        ("addopmat", 1),
        ("cancelop", 2),
        ("parsetoolbarcode", 1),
        ("getwpblock", 1),
        ("addop", 1),
        ("lineaddop", 1),
        ("setlinelogin", 2),
    } <= asked
    assert {name for name, bound in plant.site.methods.items() if bound.method.plant_wide} == PLANT_WIDE
