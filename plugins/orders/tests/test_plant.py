"""The plant file's orders: created or updated by id or ERP reference, twice is once."""

import pytest

from tracepro_hookspecs import CallError

ROW = {
    "id": 7,
    "erp_ref": "VP-7",
    "item": "PCB-A",
    "status": 1,
    "flags": 1,
    "amount": 12.5,
    "mpcount": 4,
    "barcode_pcb": "A.*",
    "operations": [{"op": 20, "act": 2}, {"op": 10, "act": 1, "name": "Place"}],
}


def test_an_order_comes_with_its_routing_and_twice_is_once(plant):
    plant.load({"orders": [ROW]})
    order = plant.call("getorder", 7)
    assert {key: order[key] for key in ROW if key != "operations"} == {
        key: value for key, value in ROW.items() if key != "operations"
    }
    assert [step["op"] for step in order["operations"]] == [10, 20]
    plant.load({"orders": [ROW]})
    assert plant.call("queryorder") == [order]


def test_ids_given_in_a_file_are_not_given_again(plant):
    plant.load({"orders": [ROW]})
    assert plant.call("makeorder", "VP-8", "PCB-A")["id"] == 8


def test_what_a_row_leaves_out_stays(plant):
    plant.load({"orders": [ROW]})
    before = plant.call("getorder", 7)
    plant.load({"orders": [{"erp_ref": "VP-7", "item": "PCB-A", "customer": "Hydra"}]})
    assert plant.call("getorder", 7) == before | {"customer": "Hydra"}


@pytest.mark.parametrize(
    "row",
    [
        ROW | {"item": "PCB-B"},
        ROW | {"id": 8},
        ROW | {"erp_ref": "VP-8"},
        ROW | {"barcode_pcb": "("},
        ROW | {"operations": [{"op": 10, "act": 9}]},
        ROW | {"operations": [{"op": 10, "act": 1, "flags": 16, "params": {"first_piece_act": 2}}]},
        ROW | {"colour": "red"},
    ],
)
def test_a_row_that_can_not_be_is_refused_and_nothing_is_loaded(make_plant, acts, row):
    plant = make_plant(plugins=("workplaces", "orders"), plant=acts | {"orders": [ROW]})
    before = plant.call("getorder", 7)
    with pytest.raises(CallError):
        plant.load({"orders": [{"erp_ref": "VP-9", "item": "X"}, row]})
    assert plant.call("findorder", "VP-9") is None
    assert plant.call("getorder", 7) == before


def test_codes_of_a_row_are_trimmed(plant):
    plant.load({"orders": [{"erp_ref": "]C1VP-7\r\n", "item": "PCB-A ", "customer": " Hydra "}]})
    order = plant.call("findorder", "VP-7\r\n")
    assert (order["erp_ref"], order["item"], order["customer"]) == ("VP-7", "PCB-A", " Hydra ")
    assert plant.call("makeorder", "VP-8\n", "PCB-A\t")["item"] == "PCB-A"
    assert plant.error("makeorder", "VP-7 ", "PCB-A")["data"]["code"] == "erp-ref-exists"


@pytest.mark.parametrize("wrong", ["VP\x1d7", " ", "A" * 256])
def test_what_is_not_a_code_names_its_row(plant, wrong):
    with pytest.raises(CallError, match=r"^Row 2 of orders: orders\.erp_ref must be a code"):
        plant.load({"orders": [ROW, {"erp_ref": wrong, "item": "PCB-A"}]})


def test_an_amount_is_freed_of_binary_noise(plant):
    plant.load({"orders": [{"erp_ref": "VP-7", "item": "PCB-A", "amount": 0.1 + 0.2}]})
    assert plant.call("findorder", "VP-7")["amount"] == 0.3
    with pytest.raises(CallError, match="six decimals"):
        plant.load({"orders": [{"erp_ref": "VP-8", "item": "PCB-A", "amount": 0.1234567}]})
