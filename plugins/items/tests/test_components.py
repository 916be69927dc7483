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


def test_a_board_is_never_a_component_of_its_own_panel(bench):
    panel, boards = bench.panel("P1", 2)
    assert bench.cannot(panel, 10, data=[[IN, "X", "P1/1"]]) == ["component-in-use"]
    other, _ = bench.panel("P2", 2)
    bench.do(other, 10, data=[[IN, "X", "P1/1"]])


def test_a_position_holds_one_unit(bench):
    host = bench.unit("H")
    for code in "PQR":
        bench.unit(code)
    first = bench.do(host, 10, data=[[IN, "U7", "P"], [IN, "U8", "Q"]])
    assert bench.cannot(host, 10, data=[[IN, "U7", "R"]]) == ["position-occupied"]
    assert bench.refusal("addopdata", first, [[IN, "U7", "R"]]) == (1000, "position-occupied")
    assert bench.cannot(host, 10, data=[[IN, "U9", "P"]]) == ["component-in-use"]
    bench.do(host, 10, data=[[IN, "U7", "R"], [OUT, "U7", "P"]])
    bench.do(host, 10, data=[[IN, "", "P"]])
    assert rel(bench, host)[1:] == [("child", "component", "U7", "R"), ("child", "component", "", "P")]
    bench.unit("S")
    bench.do(host, 10, data=[[IN, "", "S"]])
    for code in "TV":
        bench.unit(code)
    both = [[IN, "U1", "T"], [IN, "U1", "V"]]
    assert set(bench.cannot(host, 10, data=both)) == {"position-occupied"}


def test_the_same_unit_at_its_position_again_is_in_already(bench):
    host, part = bench.unit("H"), bench.unit("P")
    first = bench.do(host, 10, result=1, data=[[IN, "U7", "P"]])
    bench.setitembarcode2(part, "SN-1")
    again = bench.do(host, 10, data=[[IN, "U7", "SN-1"]])
    bench.addopdata(again, [[IN, "U7", "P"]])
    assert rel(bench, host) == [("child", "component", "U7", "P")]
    bench.cancelop(again, 100, [32], "wrong")
    assert rel(bench, host) == [("child", "component", "U7", "P")]
    bench.cancelop(first, 100, [32], "wrong")
    assert rel(bench, host) == []


def test_a_unit_stays_while_a_record_that_named_it_again_counts(bench):
    steps = [
        {"op": 10, "act": 1, "flags": 4},
        {"op": 20, "act": 2, "flags": 4},
        {"op": 30, "act": 3, "flags": 4},
    ]
    bench.updateorder(bench.order, {}, steps)
    host = bench.unit("H")
    bench.unit("P")
    first = bench.do(host, 30, data=[[IN, "U7", "P"]])
    again = bench.do(host, 20, data=[[IN, "U7", "P"]])
    out = bench.do(host, 10, data=[[OUT, "U7", "P"]])
    bench.cancelop(first, 100, [32], "")
    bench.cancelop(out, 100, [32], "")
    assert rel(bench, host) == [("child", "component", "U7", "P")]
    bench.cancelop(again, 100, [32], "")
    assert rel(bench, host) == []


def test_what_was_taken_out_comes_back_only_where_nothing_stands_in_the_way(bench):
    steps = [{"op": 10, "act": 1, "flags": 4 | REPEATABLE}, {"op": 20, "act": 2, "flags": 4}]
    bench.updateorder(bench.order, {}, steps)
    host, part = bench.unit("H"), bench.unit("P")
    bench.unit("Q")
    bench.do(host, 10, data=[[IN, "U7", "P"]])
    out = bench.do(host, 20, data=[[OUT, "U7", "P"]])
    swapped = bench.do(host, 10, data=[[IN, "U7", "Q"]])
    assert bench.refusal("cancelop", out, 100, [32], "") == (1000, "position-occupied")
    bench.cancelop(swapped, 100, [32], "")
    inside = bench.do(part, 10, data=[[IN, "X", "H"]])
    assert bench.refusal("cancelop", out, 100, [32], "") == (1000, "component-in-use")
    bench.cancelop(inside, 100, [32], "")
    bench.cancelop(out, 100, [32], "")
    assert rel(bench, host) == [("child", "component", "U7", "P")]


@pytest.fixture
def tower(bench):
    """Units built into each other: TOP holds MID, MID holds LOW and OTHER."""
    units = {code: bench.unit(code) for code in ("TOP", "MID", "LOW", "OTHER")}
    bench.do(units["MID"], 10, data=[[IN, "L", "LOW"], [IN, "O", "OTHER"]])
    bench.do(units["TOP"], 10, data=[[IN, "M", "MID"]])
    return units


def bad_hosts(bench, units):
    return [code for code, unit in units.items() if "component-bad" in bench.can(unit, 20)]


@pytest.mark.parametrize("mark", ["setitemscrap", "setitembadmark"])
def test_a_bad_component_stops_its_hosts_up_to_the_top_until_it_is_taken_back(bench, tower, mark):
    bench.plant.call(mark, tower["LOW"], 100, [32])
    bench.plant.call(mark, tower["OTHER"], 100, [32])
    assert bad_hosts(bench, tower) == ["TOP", "MID"]
    assert bench.cannot(tower["TOP"], 20) == ["component-bad"]
    bench.setitembad(tower["LOW"], 100, [32], 0)
    assert bad_hosts(bench, tower) == ["TOP", "MID"]
    bench.setitembad(tower["OTHER"], 100, [32], 0)
    assert bad_hosts(bench, tower) == []


def test_the_operation_that_takes_the_last_bad_component_out_is_allowed(bench, tower):
    bench.setitemscrap(tower["LOW"], 100, [32])
    bench.setitemscrap(tower["OTHER"], 100, [32])
    assert bench.cannot(tower["MID"], 10, data=[[OUT, "L", "LOW"]]) == ["component-bad"]
    assert bench.cannot(
        tower["MID"], 10, data=[[OUT, "L", "LOW"], [IN, "L", "LOW"], [OUT, "O", "OTHER"]]
    ) == ["item-bad"]
    out = bench.do(tower["MID"], 10, data=[[OUT, "L", "LOW"], [OUT, "O", "OTHER"]])
    assert bad_hosts(bench, tower) == []
    bench.cancelop(out, 100, [32], "wrong unit")
    assert bad_hosts(bench, tower) == ["TOP", "MID"]
    out = bench.do(tower["TOP"], 10, data=[[OUT, "M", "MID"]])
    assert bad_hosts(bench, tower) == ["MID"]
    bench.do(tower["TOP"], 10, data=[[IN, "M", "MID"]])
    assert bad_hosts(bench, tower) == ["TOP", "MID"]
    bench.do(tower["TOP"], 10, data=[[OUT, "M", "MID"]])
    bench.setitembad(tower["LOW"], 100, [32], 0)
    bench.setitembad(tower["OTHER"], 100, [32], 0)
    assert bad_hosts(bench, tower) == []


def test_cancelling_what_built_a_bad_component_in_frees_its_hosts(bench, tower):
    device = bench.unit("DEVICE")
    part = bench.unit("PART")
    built = bench.do(tower["LOW"], 10, data=[[IN, "D", "DEVICE"]])
    deeper = bench.do(device, 10, data=[[IN, "X", "PART"]])
    bench.setitemscrap(part, 100, [32])
    assert bad_hosts(bench, tower) == ["TOP", "MID", "LOW"]
    bench.cancelop(built, 100, [32], "wrong unit")
    assert bad_hosts(bench, tower) == []
    assert bench.cannot(device, 20) == ["component-bad"]
    bench.cancelop(deeper, 100, [32], "wrong unit")
    assert bench.can(device, 20) == ["previous-op-missing"]


def test_a_component_of_a_panel_concerns_the_panel_and_one_of_a_board_both_while_the_board_is_not_bad(bench):
    panel, boards = bench.panel("P1", 2)
    of_panel, of_board = bench.unit("CARRIER"), bench.unit("SHIELD")
    bench.do(panel, 10, data=[[IN, "C", "CARRIER"]])
    bench.do(boards[0], 10, data=[[IN, "S", "SHIELD"]])
    units = {"panel": panel, "first": boards[0], "second": boards[1]}
    bench.setitemscrap(of_panel, 100, [32])
    assert bad_hosts(bench, units) == ["panel"]
    bench.setitembad(of_panel, 100, [32], 0)
    bench.setitemscrap(of_board, 100, [32])
    assert bad_hosts(bench, units) == ["panel", "first"]
    bench.setitemscrap(boards[0], 100, [32])
    assert bad_hosts(bench, units) == ["first"]


def test_boards_that_a_panel_takes_along_stop_what_they_are_built_into(bench):
    panel, boards = bench.panel("P1", 2)
    device = bench.unit("DEVICE")
    bench.do(device, 10, data=[[IN, "A", "P1/1"], [IN, "B", "P1/2"]])
    bench.setitemscrap(boards[0], 100, [32])
    bench.setitemscrap(panel, 100, [32])
    bench.setitembad(panel, 100, [32], 0)
    assert bench.cannot(device, 20) == ["component-bad"]
    bench.setitembad(boards[0], 100, [32], 0)
    bench.do(device, 20)


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


def test_a_reason_names_the_other_unit_by_its_code(bench):
    holding, host = bench.unit("HOLDING"), bench.unit("HOST")
    bench.unit("IN-USE"), bench.unit("FREE")
    bench.do(holding, 10, data=[[IN, "U7", "IN-USE"]])

    def said(unit, code):
        return bench.plant.error("addop", unit, 10, None, 100, [32], data=[[IN, "U7", code]])["message"]

    assert "is built into unit HOLDING;" in said(host, "IN-USE")
    assert "of unit HOLDING holds unit IN-USE;" in said(holding, "FREE")
