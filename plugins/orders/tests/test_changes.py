"""Orders: created, changed, and what is refused, on both databases."""

import pytest

from tracepro_hookspecs import Reason, hookimpl

STEPS = [
    {"op": 20, "act": 2, "name": "Test"},
    {"op": 10, "act": 1, "name": "Place", "params": {"program": "A"}},
]
DEFAULTS = {
    **dict.fromkeys(("item_name", "barcode_mp", "barcode_pcb", "customer", "cat1", "cat2", "cat3"), ""),
    "params": {},
    "mptp": 0,
    "mpcount": 0,
    "vd": None,
    "operations": [],
}


def code(error):
    return error["code"], error["data"]["code"]


def test_a_new_order_is_returned_and_found_again(plant):
    order = plant.call("makeorder", "VP-1", "PCB-A", 1, 3, 2.5)
    expected = {"erp_ref": "VP-1", "item": "PCB-A", "status": 1, "flags": 3, "amount": 2.5}
    assert order == DEFAULTS | expected | {"id": order["id"], "created": "2026-11-20T10:00:00.000Z"}
    assert plant.call("findorder", "VP-1") == plant.call("getorder", str(order["id"])) == order


def test_what_is_left_out_of_a_new_order_is_nothing(plant):
    order = plant.call("makeorder", "VP-1", "PCB-A")
    assert (order["status"], order["flags"], order["amount"]) == (0, 0, 0)


def test_an_erp_reference_is_used_once(plant):
    plant.call("makeorder", "VP-1", "PCB-A")
    assert code(plant.error("makeorder", "VP-1", "PCB-B")) == (1002, "erp-ref-exists")
    assert plant.call("findorder", "VP-1")["item"] == "PCB-A"


def test_only_the_properties_given_change(plant):
    order = plant.call("makeorder", "VP-1", "PCB-A", 1, 1, 10)
    changed = {"customer": "Hydra", "amount": 0.000001, "vd": {"x": [1]}, "params": {"p": 1}, "mptp": 2}
    assert plant.call("updateorder", order["id"], changed) == order | changed
    assert plant.call("updateorder", order["id"], {"vd": None}) == order | changed | {"vd": None}
    assert plant.call("updateorder", order["id"], {}) == order | changed | {"vd": None}


def test_the_routing_is_put_in_order_and_replaced_whole_or_left(plant):
    order = plant.call("makeorder", "VP-1", "PCB-A")
    steps = plant.call("updateorder", order["id"], {}, STEPS)["operations"]
    assert steps == [
        {"op": 10, "act": 1, "name": "Place", "desc": "", "flags": 0, "params": {"program": "A"}},
        {"op": 20, "act": 2, "name": "Test", "desc": "", "flags": 0, "params": {}},
    ]
    assert plant.call("updateorder", order["id"], {"status": 1})["operations"] == steps
    assert plant.call("updateorder", order["id"], {}, steps[:1])["operations"] == steps[:1]
    assert plant.call("updateorder", order["id"], {}, [])["operations"] == []


@pytest.mark.parametrize(
    ("properties", "operations"),
    [
        ({"item": "PCB-B"}, None),
        ({"erp_ref": "VP-2"}, None),
        ({"status": 6}, None),
        ({"amount": -1}, None),
        ({"amount": 0.0000001}, None),
        ({"mpcount": 1001}, None),
        ({"barcode_pcb": "("}, None),
        ({"barcode_mp": "x" * 201}, None),
        ({"barcode_pcb": r"(a)\1"}, None),
        ({}, [{"op": 10}]),
        ({}, [{"op": 10, "act": 1}, {"op": 10, "act": 2}]),
        ({}, [{"op": 10, "act": 1, "flags": 32}]),
        ({}, [{"op": 10, "act": 1, "flags": 8, "params": {"back_to": "10"}}]),
        ({}, [{"op": 10, "act": 1, "flags": 16, "params": {"first_piece_act": True}}]),
        ({}, [{"op": 10, "act": 1, "flags": 16}]),
        ({}, [{"op": 10, "act": 1, "flags": 16, "params": {"first_piece_act": None}}]),
        ({}, [{"op": 10, "act": 1, "flags": 16, "params": {"first_piece_act": 2}}]),
        ({}, [{"op": n, "act": 1} for n in range(1001)]),
    ],
)
def test_what_no_order_can_have_is_refused_and_changes_nothing(sqlite_plant, properties, operations):
    order = sqlite_plant.call("makeorder", "VP-1", "PCB-A")
    error = sqlite_plant.error("updateorder", order["id"], {"cat1": "x"} | properties, operations)
    assert code(error) == (-32602, "invalid-params")
    assert sqlite_plant.call("getorder", order["id"]) == order


@pytest.mark.parametrize(
    ("properties", "operations", "said"),
    [
        ({"item": "PCB-B"}, None, "properties must have no other members than status, "),
        ({"item": "PCB-B"}, None, ", vd, but has item."),
        ({}, [{"op": 10}], "operations[0] must be an object with act, which it lacks."),
        ({}, [{"op": 10, "act": 1, "flags": 32}], "operations[0].flags must be a number from 0 to 31, "),
        ({}, {}, "operations must be a list or null, not an object."),
        (
            {},
            [{"op": 10, "act": 1, "flags": 16}],
            "Step 10 is a FIRST_PIECE step; say in params.first_piece_act ",
        ),
        (
            {},
            [{"op": 10, "act": 1, "flags": 8, "params": {"back_to": "x" * 10_000}}],
            f"params.back_to of step 10 must be a whole number, not '{'x' * 79}.",
        ),
    ],
)
def test_a_refusal_names_the_member_that_is_wrong(sqlite_plant, properties, operations, said):
    order = sqlite_plant.call("makeorder", "VP-1", "PCB-A")["id"]
    assert said in sqlite_plant.error("updateorder", order, properties, operations)["message"]


def test_steps_have_known_acts(plant):
    order = plant.call("makeorder", "VP-1", "PCB-A")["id"]
    assert code(plant.error("updateorder", order, {}, [{"op": 10, "act": 9}])) == (1001, "act-not-found")


def test_plugins_may_refuse_a_routing_and_hear_of_changes(make_plant, acts, database):
    notified = []

    class Guard:
        @hookimpl
        def tracepro_check_routing(self, order, steps):
            return [Reason("no-routing", "Keep it.")] if order.operations and not steps else []

        @hookimpl
        def tracepro_order_changed(self, order):
            notified.append((order.erp_ref, order.status))

    plant = make_plant(("workplaces", "orders", "guard"), acts, database=database, extra={"guard": Guard()})
    order = plant.call("makeorder", "VP-1", "PCB-A")["id"]
    plant.call("updateorder", order, {}, STEPS)
    error = plant.error("updateorder", order, {"status": 1}, [])
    assert code(error) == (1000, "no-routing")
    assert error["data"]["reasons"][0]["plugin"] == "guard"
    assert plant.call("getorder", order)["status"] == 0
    plant.call("updateorder", order, {"status": 1})
    plant.call("updateorder", order, {"status": 1})
    plant.site.notifier.flush()
    assert notified == [("VP-1", 0), ("VP-1", 0), ("VP-1", 1)]
