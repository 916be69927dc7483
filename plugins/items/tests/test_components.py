"""Components: built in by code at a reference designator, taken out again, in one place only."""

import pytest

PCB, ASSEMBLY = 1, 3
IN, OUT = 11, 12
REPEATABLE = 2


@pytest.fixture
def bench(floor):
    """A floor whose first step may be repeated, so that every test can build in as often as it likes."""
    steps = [{"op": 10, "act": 1, "flags": REPEATABLE}, {"op": 20, "act": 2}]
    floor.updateorder(floor.order, {}, steps)
    return floor


def rel(floor, unit):
    return [
        (relation["rel"], relation["kind"], relation["ref"], relation["item"]["barcode"])
        for relation in floor.getitemrel(unit)
    ]


def test_a_component_is_built_in_and_taken_out(bench):
    host, part = bench.unit("H"), bench.unit("P")
    bench.do(host, 10, data=[[IN, "U7", "P"]])
    assert rel(bench, host) == [("child", "component", "U7", "P")]
    assert rel(bench, part) == [("parent", "component", "U7", "H")]
    bench.do(host, 10, data=[[OUT, "U7", "P"]])
    assert rel(bench, host) == rel(bench, part) == []


def test_a_failed_operation_builds_in_as_well(bench):
    host = bench.unit("H")
    bench.unit("P")
    bench.do(host, 10, result=1, data=[[IN, "U7", "P"]])
    assert rel(bench, host) == [("child", "component", "U7", "P")]


def test_a_component_is_found_by_its_second_code_and_taken_out_wherever_it_is(bench):
    host, part = bench.unit("H"), bench.unit("P")
    bench.setitembarcode2(part, "SN-1")
    bench.do(host, 10, data=[[IN, "U7", "SN-1"]])
    bench.do(host, 10, data=[[OUT, "", "P"]])
    assert rel(bench, host) == []


def test_one_operation_may_swap_a_component(bench):
    host = bench.unit("H")
    bench.unit("P1")
    bench.unit("P2")
    bench.do(host, 10, data=[[IN, "U7", "P1"]])
    bench.do(host, 10, data=[[OUT, "U7", "P1"], [IN, "U7", "P2"], [IN, "U8", "P1"]])
    assert rel(bench, host) == [("child", "component", "U7", "P2"), ("child", "component", "U8", "P1")]


def test_a_unit_with_the_code_of_another_product_can_hold_it(bench):
    board = bench.unit("SN-1")
    bench.make_order(erp_ref="VP-2", product="DEVICE")
    device = bench.unit("SN-1", ASSEMBLY)
    bench.do(device, 10, data=[[IN, "A1", "SN-1"]])
    assert [relation["item"]["id"] for relation in bench.getitemrel(device)] == [board]


WRONG = [
    ([[IN, "U1", "nothing"]], "component-not-found"),
    ([[IN, "U1", "H"]], "component-not-found"),
    ([[OUT, "U1", "P"]], "component-not-found"),
    ([[IN, "U1", "P"], [OUT, "U2", "P"]], "component-not-found"),
    ([[IN, "U1", "P"], [IN, "U2", "P"]], "component-in-use"),
    ([[IN, "U1", "USED"]], "component-in-use"),
    ([[IN, "U1", "TWICE"]], "component-ambiguous"),
    ([[IN, "U1", "BAD"]], "item-bad"),
]


def test_what_can_not_be_built_in_or_taken_out_is_refused_whole(bench):
    host, other = bench.unit("H"), bench.unit("O")
    for name in ("P", "USED", "TWICE", "BAD"):
        bench.unit(name)
    bench.do(other, 10, data=[[IN, "U1", "USED"]])
    bench.setitemscrap(bench.item("BAD")["id"], 100, [32], "burnt")
    first = bench.order
    bench.make_order(erp_ref="VP-2", product="PCB-B")
    bench.unit("TWICE")
    bench.order = first
    for rows, code in WRONG:
        assert bench.cannot(host, 10, data=rows) == [code], rows
    assert bench.getitemoperations(host) == [] and rel(bench, host) == []


def test_a_unit_can_not_hold_what_holds_it(bench):
    a, b, c = (bench.unit(code) for code in "ABC")
    bench.do(a, 10, data=[[IN, "X", "B"]])
    bench.do(b, 10, data=[[IN, "X", "C"]])
    assert bench.cannot(c, 10, data=[[IN, "X", "A"]]) == ["component-in-use"]
    panel, boards = bench.panel("P1", 2)
    assert bench.cannot(boards[0], 10, data=[[IN, "X", "P1"]]) == ["component-in-use"]


def test_in_a_batch_a_component_goes_into_one_unit_only(bench):
    units = [bench.unit(code) for code in "AB"]
    bench.unit("P")
    error = bench.plant.error("batch_addop", units, 10, 1, 100, [32], data=[[IN, "X", "P"]])
    assert [(reason["code"], reason["item_id"]) for reason in error["data"]["reasons"]] == [
        ("component-in-use", units[1])
    ]


def test_data_added_later_builds_in_too(bench):
    host, part = bench.unit("H"), bench.unit("P")
    op_id = bench.do(host, 10)
    bench.addopdata(op_id, [[IN, "U7", "P"]])
    assert rel(bench, part) == [("parent", "component", "U7", "H")]
    assert bench.refusal("addopdata", op_id, [[IN, "U8", "P"]]) == (1000, "component-in-use")
