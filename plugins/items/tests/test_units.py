"""Units: created by scanning, found by either code, listed."""

import pytest

PCB, PANEL, ASSEMBLY = 1, 2, 3


def test_a_new_code_makes_a_unit_and_the_same_code_finds_it(floor):
    made = floor.getitem(floor.order, "U1", PCB)
    assert made == {
        "id": made["id"],
        "order_id": floor.order,
        "erp_ref": "VP-1",
        "item": "PCB-A",
        "tp": 1,
        "barcode": "U1",
        "barcode2": "",
        "bad": 0,
        "bad_reason": "",
        "rt_flags": 0,
        "created": "2026-11-20T10:00:00.000Z",
    }
    assert floor.getitem(floor.order, "U1", PCB) == floor.getitem(floor.order, "U1") == made
    assert floor.getitem(floor.order, "U1", ASSEMBLY) == made


def test_without_a_type_nothing_is_made(floor):
    assert floor.getitem(floor.order, "U1") is None
    assert floor.getitem(floor.order, "U1", 0) is None
    assert floor.getitem(floor.order, "") is None
    assert floor.getorderitems(floor.order) == []


def test_unknown_orders_and_units_are_not_found(floor):
    assert floor.refusal("getitem", 99, "U1", 1) == (1001, "order-not-found")
    assert floor.plant.call("getitem", 99, "U1", 0) is None
    for method in ("getorderitems", "getorderitemcounts", "getordercounts"):
        assert floor.refusal(method, 99) == (1001, "order-not-found")
    for method in ("getitemoperations", "getitemslots"):
        assert floor.refusal(method, 99) == (1001, "item-not-found")
    assert floor.refusal("setitembarcode2", 99, "X") == (1001, "item-not-found")
    assert floor.getitembybarcode("U1") == []
    assert floor.getitembyitem("PCB-A", "U1") is None


@pytest.mark.parametrize("tp", [9, 4, -1, "1"])
def test_only_the_types_of_real_units_can_be_made(floor, tp):
    assert floor.refusal("getitem", floor.order, "U1", tp) == (-32602, "invalid-params")


def test_a_unit_needs_a_code(floor):
    assert floor.refusal("getitem", floor.order, "", 1) == (-32602, "invalid-params")


def test_an_order_says_whether_units_may_be_made(floor):
    floor.updateorder(floor.order, {"barcode_pcb": "A[0-9]+", "barcode_mp": "P[0-9]+", "mpcount": 2})
    assert floor.refusal("getitem", floor.order, "A1x", PCB) == (1000, "barcode-mask")
    assert floor.refusal("getitem", floor.order, "A1", PANEL) == (1000, "barcode-mask")
    floor.unit("A1"), floor.unit("P1", PANEL), floor.unit("A2", ASSEMBLY)
    floor.updateorder(floor.order, {"flags": 0})
    assert floor.refusal("getitem", floor.order, "A3", PCB) == (1000, "item-create-not-allowed")
    floor.updateorder(floor.order, {"status": 2})
    error = floor.plant.error("getitem", floor.order, "x", PCB)
    codes = [reason["code"] for reason in error["data"]["reasons"]]
    assert codes == ["order-not-active", "item-create-not-allowed", "barcode-mask"]
    assert floor.getitem(floor.order, "A1", PCB)["barcode"] == "A1"


def test_the_amount_counts_boards_and_assemblies_that_are_not_bad(floor):
    floor.updateorder(floor.order, {"amount": 4, "mpcount": 3})
    floor.unit("P1", PANEL)
    first = floor.unit("U1")
    assert floor.refusal("getitem", floor.order, "U2", PCB) == (1000, "order-amount-reached")
    floor.setitemscrap(first, 100, [32])
    floor.unit("U2", ASSEMBLY)
    assert floor.refusal("getitem", floor.order, "P2", PANEL) == (1000, "order-amount-reached")
    floor.updateorder(floor.order, {"flags": 3})
    floor.unit("P2", PANEL)
    floor.updateorder(floor.order, {"flags": 1, "amount": 0})
    floor.unit("U3")
    assert floor.unit_counts() == {1: (7, 1), 2: (2, 0), 3: (1, 0)}


def test_a_panel_must_fit_into_the_amount_as_a_whole(floor):
    floor.updateorder(floor.order, {"amount": 2, "mpcount": 3})
    assert floor.refusal("getitem", floor.order, "P1", PANEL) == (1000, "order-amount-reached")
    assert floor.getitembybarcode("P1/1") == []


def test_a_code_is_unique_within_a_product(floor):
    floor.unit("U1")
    same = floor.make_order(erp_ref="VP-2")
    assert floor.refusal("getitem", same, "U1", PCB) == (1002, "barcode-exists")
    assert floor.getitem(same, "U1") is None
    other = floor.make_order(erp_ref="VP-3", product="PCB-B")
    floor.unit("U1", order=other)
    assert [unit["item"] for unit in floor.getitembybarcode("U1")] == ["PCB-A", "PCB-B"]
    assert floor.getitembyitem("PCB-B", "U1")["order_id"] == other


def test_a_unit_is_found_by_either_of_its_codes(floor):
    unit = floor.unit("U1")
    assert floor.setitembarcode2(unit, "X1")["barcode2"] == "X1"
    assert floor.item("X1") == floor.item("U1") == floor.getitem(floor.order, "X1", PCB)
    assert floor.getitembyitem("PCB-A", "X1")["id"] == unit


def test_a_second_code_is_replaced_and_cleared(floor):
    first, second = floor.unit("U1"), floor.unit("U2")
    floor.setitembarcode2(first, "X1")
    floor.setitembarcode2(first, "X2")
    assert floor.getitembybarcode("X1") == []
    floor.setitembarcode2(second, "X1")
    assert floor.setitembarcode2(first, "")["barcode2"] == ""
    assert floor.getitembybarcode("X2") == []
    assert floor.item("U1")["id"] == first and floor.item("X1")["id"] == second


def test_a_second_code_must_be_free_in_the_product(floor):
    first, second = floor.unit("U1"), floor.unit("U2")
    floor.setitembarcode2(first, "X1")
    for code in ("U1", "X1"):
        assert floor.refusal("setitembarcode2", second, code) == (1002, "barcode-exists")
    assert floor.refusal("getitem", floor.make_order(erp_ref="VP-2"), "X1", PCB) == (1002, "barcode-exists")
    floor.setitembarcode2(second, "U2")
    floor.setitembarcode2(second, "")
    assert floor.item("U2")["id"] == second


def test_codes_are_compared_exactly(floor):
    floor.unit("u1"), floor.unit("U1"), floor.unit("Ú1"), floor.unit("U 1"), floor.unit("0U1")
    assert len(floor.getorderitems(floor.order)) == 5


@pytest.mark.parametrize("scanned", ["SN1\r\n", "]C1SN1", "\ufeff\tSN1\xa0"])
def test_a_code_means_the_same_whatever_the_scanner_adds(floor, scanned):
    unit = floor.unit("SN1\n")
    assert floor.item(scanned)["id"] == floor.getitembyitem("]d2PCB-A ", scanned)["id"] == unit
    assert floor.getitem(floor.order, scanned, PCB)["barcode"] == "SN1"
    assert floor.setitembarcode2(unit, "]C1X1\r\n")["barcode2"] == "X1"
    assert floor.item("X1")["id"] == unit


@pytest.mark.parametrize("wrong", [" ", "]C1\r\n", "SN\x1d1", "SN1\x1d", "SN\u200b1"])
def test_what_is_not_a_code_names_its_parameter(floor, wrong):
    for method, args in (("getitem", (floor.order, wrong, PCB)), ("getitembybarcode", (wrong,))):
        error = floor.plant.error(method, *args)
        assert error["code"] == -32602 and error["data"]["parameter"] == "barcode"
    assert floor.getorderitems(floor.order) == []


def test_slots_and_components_are_codes_wherever_they_stand(floor):
    part, host = floor.unit("PART", ASSEMBLY), floor.unit("HOST")
    rows = [[10, "feeder\r\n", "A "], [11, " R1\n", "]C1PART\r\n"], [0, "note ", " as it is "]]
    op = floor.do(host, 10, data=rows)
    stored = {row["id"]: row["data"] for row in floor.getitemoperations(host)}[op]
    assert stored == [[10, "feeder", "A "], [11, "R1", "PART"], [0, "note ", " as it is "]]
    assert floor.getitemslots(host) == {"feeder": "A "}
    assert floor.getitemrel(part)[0]["ref"] == "R1"
    error = floor.plant.error("addopdata", op, [[0, "", 1], [11, "R\x1d2", "PART"]])
    assert error["code"] == -32602 and "data_list[1][1] must be a code" in error["message"]


def test_an_order_lists_its_units_in_order(floor):
    panel, boards = floor.panel(boards=3)
    units = [panel, *boards, *[floor.unit() for _ in range(4)]]
    floor.make_order(erp_ref="VP-2", product="PCB-B")
    floor.unit("elsewhere")
    order = floor.findorder("VP-1")["id"]
    assert [unit["id"] for unit in floor.getorderitems(order)] == units
