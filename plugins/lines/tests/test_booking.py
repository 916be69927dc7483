"""What a scan at a machine means, asks, records and counts."""

import json

import pytest

PCB, PANEL = 1, 2
REPEATABLE, REPAIR = 2, 8
TWO_OF_ONE_ACT = [{"op": 10, "act": 1}, {"op": 20, "act": 2}, {"op": 25, "act": 2}, {"op": 30, "act": 3}]


@pytest.fixture
def order(watched):
    order = watched.make_order()
    watched.setlineorder("SMT-1", order)
    return order


def operations(watched, item_id):
    return [(each["op"], each["wp_id"], each["workers"]) for each in watched.getitemoperations(item_id)]


def test_a_new_code_is_a_unit_of_the_lines_order(watched, order):
    assert watched.can(1, "U1") == (None, [])
    assert watched.units(order) == {}
    watched.setlinelogin("SMT-1", [100], [32, 31])
    booked = watched.lineaddop(1, "U1", data=[[0, "note", "x"]])
    assert sorted(booked) == ["counter0", "item_id", "op_id"] and booked["counter0"] == 1
    assert watched.units(order) == {"U1": (PCB, 0)}
    (operation,) = watched.getitemoperations(booked["item_id"])
    assert operation["id"] == booked["op_id"] and operation["data"] == [[0, "note", "x"]]
    assert (operation["op"], operation["wp_id"], operation["workers"]) == (10, 100, [31, 32])
    assert watched.can(2, "U1") == (booked["item_id"], [])
    assert watched.lineaddop(2, "U1")["counter0"] == 1
    assert watched.counters() == {1: 1, 2: 1, 3: 0, 11: 0}


def test_an_unknown_machine_and_an_empty_code_are_refused(watched, order):
    for method in ("linecanaddop", "lineaddop"):
        assert watched.refusal(method, 999, "U1") == (1001, "machine-not-found")
        assert watched.refusal(method, 1, "") == (-32602, "invalid-params")


def test_a_step_that_is_named_goes_before_the_machines(watched, order):
    booked = watched.lineaddop(3, "U1", 10)
    watched.lineaddop(1, "U1", None, 2)
    watched.lineaddop(1, "U1", 30, 3)
    assert [op for op, _, _ in operations(watched, booked["item_id"])] == [10, 20, 30]
    assert watched.refused(1, "U2", 20, 1) == ["op-not-in-route"]
    assert watched.refusal("lineaddop", 3, "U2") == (-32602, "invalid-params")
    assert watched.refusal("linecanaddop", 3, "U2") == (-32602, "invalid-params")


def test_of_two_steps_with_one_act_the_first_is_meant_that_has_not_passed(watched):
    order = watched.make_order(steps=TWO_OF_ONE_ACT)
    watched.setlineorder("SMT-1", order)
    unit = watched.lineaddop(1, "U1")["item_id"]
    watched.lineaddop(2, "U1")
    watched.addop(unit, 25, 2, 101, [32], result=1)
    watched.lineaddop(2, "U1")
    assert [op for op, _, _ in operations(watched, unit)] == [10, 20, 25, 25]
    assert watched.refused(2, "U1") == ["op-already-done"]
    assert watched.refused(2, "U2") == ["previous-op-missing"]


def test_a_repair_is_meant_while_it_is_due_and_a_repeatable_step_when_all_are_passed(watched):
    steps = [
        {"op": 10, "act": 2, "flags": REPEATABLE},
        {"op": 20, "act": 2},
        {"op": 25, "act": 2, "flags": REPAIR},
    ]
    watched.setlineorder("SMT-1", watched.make_order(steps=steps))
    unit = watched.lineaddop(2, "U1")["item_id"]
    watched.addop(unit, 20, None, 101, [32], result=1)
    for _ in range(3):
        watched.lineaddop(2, "U1")
    assert [op for op, _, _ in operations(watched, unit)] == [10, 20, 25, 20, 10]


def test_a_panel_goes_on_at_the_first_step_that_not_all_its_boards_have_passed(watched):
    order = watched.make_order(steps=TWO_OF_ONE_ACT, mptp=1, mpcount=2, barcode_mp="P[0-9]+")
    watched.setlineorder("SMT-1", order)
    watched.lineaddop(1, "P1")
    watched.lineaddop(2, "P1/1")
    (board,) = watched.getitembybarcode("P1/2")
    watched.setitemscrap(board["id"], 100, [32], "cracked")
    panel = watched.lineaddop(2, "P1")["item_id"]
    assert [op for op, _, _ in operations(watched, panel)] == [10, 25]


def test_all_reasons_against_a_new_unit_are_told_at_once_and_nothing_is_made(watched, make_watched):
    order = watched.make_order(flags=0, barcode_pcb="U[0-9]", amount=1)
    watched.setlineorder("SMT-1", order)
    watched.blockworkplace(101, "broken")
    assert watched.refused(2, "X1") == [
        "item-create-not-allowed",
        "barcode-mask",
        "previous-op-missing",
        "workplace-blocked",
    ]
    assert not any("item_id" in reason for reason in watched.linecanaddop(2, "X1")["reasons"])
    assert watched.units(order) == {}
    watched.updateorder(order, {"flags": 1})
    watched.lineaddop(1, "U1")
    assert watched.refused(1, "U2") == ["order-amount-reached"]
    watched.updateorder(order, {"status": 3})
    assert watched.refused(1, "U2") == ["order-not-active", "order-amount-reached"]
    strict = make_watched(parameters={"site": {"workers_required": "yes"}})
    strict.setlineorder("SMT-1", strict.make_order())
    assert strict.refused(1, "U1") == ["workers-missing"]
    strict.setlinelogin("SMT-1", [], [32])
    assert strict.lineaddop(1, "U1")["counter0"] == 1


def test_a_code_of_another_order_of_the_product_is_not_the_lines(watched, order):
    other = watched.make_order("VP-2")
    unit = watched.getitem(other, "U1", PCB)["id"]
    assert watched.can(1, "U1") == (None, ["barcode-exists"])
    assert watched.refusal("lineaddop", 1, "U1") == (1002, "barcode-exists")
    watched.setlineorder("SMT-1", other)
    assert watched.lineaddop(1, "U1")["item_id"] == unit


def test_without_an_order_the_only_unit_in_an_active_order_is_meant(watched):
    for method in ("linecanaddop", "lineaddop"):
        assert watched.refusal(method, 1, "U1") == (1001, "item-not-found")
    first, second = watched.make_order("VP-1", "PCB-A"), watched.make_order("VP-2", "PCB-B")
    unit, other = (watched.getitem(order, "U1", PCB)["id"] for order in (first, second))
    assert watched.can(1, "U1") == (None, ["item-ambiguous"])
    assert watched.refused(1, "U1") == ["item-ambiguous"]
    watched.updateorder(first, {"status": 2})
    assert watched.can(1, "U1") == (other, [])
    assert watched.lineaddop(1, "U1")["item_id"] == other
    watched.updateorder(second, {"status": 2})
    assert watched.refusal("lineaddop", 1, "U1") == (1001, "item-not-found")
    watched.setlineorder("SMT-1", first)
    watched.updateorder(first, {"status": 1})
    watched.updateorder(second, {"status": 1})
    assert watched.lineaddop(1, "U1")["item_id"] == unit


def test_a_code_is_a_panel_where_the_mask_of_panels_fits_and_a_board_else(watched):
    order = watched.make_order(mptp=1, mpcount=2, barcode_mp="P[0-9]+", barcode_pcb="B[0-9]+")
    watched.setlineorder("SMT-1", order)
    watched.lineaddop(1, "P1")
    watched.lineaddop(1, "B1")
    assert watched.refused(1, "X1") == ["barcode-mask"]
    assert watched.units(order) == {"P1": (PANEL, 0), "P1/1": (PCB, 0), "P1/2": (PCB, 0), "B1": (PCB, 0)}
    assert watched.getordercounts(order)[0] == {"op": 10, "act": 1, "good": 3, "bad": 0}
    watched.updateorder(order, {"mptp": 0})
    assert watched.refused(1, "P2") == ["barcode-mask"]


def test_a_panel_whose_board_would_get_a_code_of_another_unit_is_not_made(watched):
    order = watched.make_order(amount=3, mptp=1, mpcount=2, barcode_mp="P[0-9]+")
    unit = watched.getitem(order, "U1", PCB)["id"]
    watched.setitembarcode2(unit, "P1/2")
    watched.setlineorder("SMT-1", order)
    assert watched.can(1, "P1") == (None, ["barcode-exists"])
    assert watched.refusal("lineaddop", 1, "P1") == (1002, "barcode-exists")
    watched.updateorder(order, {"amount": 2})
    assert watched.can(1, "P1") == (None, ["barcode-exists", "order-amount-reached"])
    for method, params in (("lineaddop", (1, "P1")), ("getitem", (order, "P1", PANEL))):
        assert watched.refusal(method, *params) == (1002, "barcode-exists")
    assert watched.units(order) == {"U1": (PCB, 0)}


def test_a_boards_code_books_the_board(watched):
    order = watched.make_order(mptp=1, mpcount=3, barcode_mp="P[0-9]+")
    watched.setlineorder("SMT-1", order)
    watched.lineaddop(1, "P1")
    boards = [watched.getitembybarcode(f"P1/{n}")[0]["id"] for n in (1, 2, 3)]
    watched.setitembarcode2(boards[0], "B1")
    assert watched.lineaddop(2, "B1")["item_id"] == boards[0]
    watched.setitemscrap(boards[1], 100, [32], "cracked")
    watched.setitembadmark(boards[2], 100, [32])
    for code in ("P1/2", "P1/3"):
        assert watched.refused(2, code) == ["item-bad"]
    assert watched.getordercounts(order)[1]["good"] == 1


def test_a_board_that_leaves_a_machine_twice_is_booked_once(watched, order):
    watched.lineaddop(1, "U1")
    assert watched.refused(1, "U1") == ["op-already-done"]
    watched.updateorder(order, {}, [{"op": 10, "act": 1, "flags": REPEATABLE}])
    assert watched.lineaddop(1, "U1")["counter0"] == 2


def test_the_same_key_again_counts_nothing(watched, order):
    call = {"jsonrpc": "2.0", "id": 1, "method": "lineaddop", "params": [1, "U1"]}
    first = watched.plant.request(call, key="key-one-1")
    assert watched.plant.request(call, key="key-one-1") == first
    assert json.loads(first)["result"]["counter0"] == 1
    assert watched.counters()[1] == 1


def test_a_component_is_built_in_by_its_code(watched, order):
    watched.getitem(watched.make_order("VP-9", "LENS"), "L1", PCB)
    rows = [[11, "X1", "L9"]]
    assert watched.reasons("lineaddop", 1, "U1", data=rows) == ["component-not-found"]
    assert watched.units(order) == {}
    unit = watched.lineaddop(1, "U1", data=[[11, "X1", "L1"]])["item_id"]
    assert [rel["item"]["barcode"] for rel in watched.getitemrel(unit)] == ["L1"]


def test_material_is_taken_where_it_is_on_and_refused_where_it_is_off(watched, make_watched, order):
    assert watched.refusal("lineaddop", 1, "U1", mat_auto=True) == (1004, "plugin-off")
    assert watched.units(order) == {} and watched.counters()[1] == 0
    with_material = make_watched("material")
    with_material.setlineorder("SMT-1", with_material.make_order())
    with_material.setwpmat(100, "PASTE", "L1", 1, 1)
    with_material.lineaddop(1, "U1", mat_auto=True)
    assert with_material.reasons("lineaddop", 1, "U2", mat_auto=True) == ["material-short"]
    assert with_material.can(1, "U2") == (None, [])
    assert with_material.counters()[1] == 1
