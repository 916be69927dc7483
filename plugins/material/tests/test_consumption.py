"""What operations take, and what is refused."""

import pytest

from tracepro_hookspecs import hookimpl


def test_mat_auto_takes_every_hole(floor):
    resistors, caps = floor.lot("R-10K", "L1"), floor.lot("C-1U", "C1")
    floor.setwpmat(100, "R-10K", "L1", 50, 1, 4)
    floor.setwpmat(100, "C-1U", "C1", 50, 2)
    unit = floor.unit("U1")
    floor.record(unit, mat_auto=True)
    assert floor.took(unit) == [(resistors, "", 4, 1), (caps, "", 1, 2)]
    assert floor.loaded() == {1: [("L1", 46)], 2: [("C1", 49)]}
    floor.check_books([resistors, caps])


def test_without_mat_auto_nothing_is_taken(floor):
    floor.setwpmat(100, "R-10K", "L1", 50, 1)
    unit = floor.unit("U1")
    floor.record(unit)
    assert floor.took(unit) == []
    assert floor.loaded() == {1: [("L1", 50)]}


def test_mat_rows_take_from_the_hole_or_from_the_floor_never_both(floor):
    lot, other = floor.lot(amount=100), floor.lot(lot="L2", amount=10)
    floor.setwpmat(100, "R-10K", "L1", 5, 1)
    unit = floor.unit("U1")
    mat = [[lot, "R1", 2, 1], [lot, "R2", 3, 0], [other, "R3", 1.5, 1], [lot, "R4", 1, 7]]
    floor.record(unit, mat=mat)
    assert floor.took(unit) == [tuple(row) for row in mat]
    assert floor.loaded() == {1: [("L1", 3)]}
    assert (floor.on_floor(lot), floor.on_floor(other)) == (91, 8.5)
    assert floor.refusal("addopwithmat", unit, 10, 1, 100, [32], mat=[[lot, "R1", 4, 1]]) == "material-short"
    floor.check_books([lot, other])


def test_short_is_refused_with_every_hole_named_and_nothing_written(floor):
    floor.setwpmat(100, "R-10K", "L1", 3, 1, 4)
    floor.setwpmat(100, "C-1U", "C1", 1, 2, 2)
    unit, lot = floor.unit("U1"), floor.lot("D-1", "D1", 1)
    error = floor.error("addopwithmat", unit, 10, 1, 100, [32], mat_auto=True, mat=[[lot, "D1", 2, 0]])
    assert error["code"] == 1000
    assert [reason["code"] for reason in error["data"]["reasons"]] == ["material-short"] * 3
    assert {reason["plugin"] for reason in error["data"]["reasons"]} == {"material"}
    assert floor.getitemoperations(unit) == []
    assert floor.loaded() == {1: [("L1", 3)], 2: [("C1", 1)]}


def test_bom_holes_count_and_others_are_left_alone(floor):
    floor.setwpmat(100, "R-10K", "L1", 10, 1)
    floor.setwpmat(100, "C-1U", "C1", 10, 2)
    floor.setwpbom(100, [[1, "R-10K", 4]])
    floor.record(floor.unit("U1"), mat_auto=True)
    assert floor.loaded() == {1: [("L1", 6)], 2: [("C1", 10)]}
    floor.setwpbom(100, [[1, "R-10K", 4], [3, "D-1", 1]])
    assert floor.refusal("addop", floor.unit("U2"), 10, 1, 100, [32], mat_auto=True) == "material-short"
    floor.setwpbom(100, [[1, "R-22K", 4]])
    assert floor.refusal("addop", floor.unit("U2"), 10, 1, 100, [32], mat_auto=True) == "material-not-in-bom"


def test_a_decrement_of_nothing_traces_the_lot(floor):
    paste = floor.lot("PASTE", "P1", 1)
    floor.setwpbom(100, [[9, "PASTE", 0]])
    first, second = floor.unit("U1"), floor.unit("U2")
    floor.record(first, mat_auto=True)
    floor.setwpmat(100, "PASTE", "P1", 1, 9)
    floor.record(second, mat_auto=True)
    assert floor.took(first) == []
    assert floor.took(second) == [(paste, "", 0, 9)]


def test_one_operation_takes_from_two_spliced_reels(make_floor):
    floor = make_floor(splice="queue")
    lots = [floor.lot(lot=name) for name in ("L1", "L2", "L3")]
    for name, amount in (("L1", 5), ("L2", 1), ("L3", 10)):
        floor.setwpmat(100, "R-10K", name, amount, 1, 4)
    units = [floor.unit(f"U{n}") for n in range(4)]
    for unit in units[:3]:
        floor.record(unit, mat_auto=True)
    assert [floor.took(unit) for unit in units[:3]] == [
        [(lots[0], "", 4, 1)],
        [(lots[0], "", 1, 1), (lots[1], "", 1, 1), (lots[2], "", 2, 1)],
        [(lots[2], "", 4, 1)],
    ]
    assert floor.loaded() == {1: [("L3", 4)]}
    floor.record(units[3], mat_auto=True)
    assert floor.loaded() == {1: [("L3", 0)]}
    assert floor.refusal("addop", units[3], 10, 1, 100, [32], mat_auto=True) == "material-short"
    floor.setwpmat(100, "R-10K", "L1", 9, 1)
    assert floor.loaded() == {1: [("L1", 9)]}
    floor.check_books(lots)


def test_a_batch_takes_for_every_unit_or_for_none(floor):
    lot = floor.lot(amount=100)
    floor.setwpmat(100, "R-10K", "L1", 9, 1, 4)
    units = [floor.unit(f"U{n}") for n in range(3)]
    assert floor.refusal("batch_addop", units, 10, 1, 100, [32], mat_auto=True) == "material-short"
    assert floor.loaded() == {1: [("L1", 9)]}
    floor.batch_addop(units[:2], 10, 1, 100, [32], mat_auto=True, mat=[[lot, "R9", 2, 0]])
    assert [floor.took(unit) for unit in units[:2]] == [[(lot, "R9", 2, 0), (lot, "", 4, 1)]] * 2
    assert floor.loaded() == {1: [("L1", 1)]}
    assert floor.on_floor(lot) == 87
    floor.check_books([lot])


def test_non_charged_operations_take_times_the_count(floor):
    lot = floor.lot(amount=100)
    floor.setwpmat(100, "R-10K", "L1", 20, 1, 2)
    floor.addncopswithmat(floor.order, 10, 1, 5, 100, [32], mat_auto=True, mat=[[lot, "", 3, 0]])
    assert floor.loaded() == {1: [("L1", 10)]}
    assert floor.on_floor(lot) == 65
    assert (
        floor.refusal("addncopswithmat", floor.order, 10, 1, 6, 100, [32], mat_auto=True) == "material-short"
    )
    floor.check_books([lot])


@pytest.mark.parametrize(("per_board", "left"), [(False, 98), (True, 94)])
def test_a_panel_takes_once_or_per_good_board(make_floor, per_board, left):
    floor = make_floor(material_per_board=per_board)
    order = floor.make_order("VP-2", "PANEL", mptp=1, mpcount=4)
    panel = floor.unit("P1", 2, order)
    floor.setitembadmark(floor.unit("P1/2", 0, order), 100, [32])
    floor.setwpmat(100, "R-10K", "L1", 100, 1, 2)
    floor.record(panel, mat_auto=True)
    assert floor.loaded() == {1: [("L1", left)]}


class Siren:
    """A plugin that keeps the alerts it is told to raise."""

    def __init__(self):
        self.raised = []

    @hookimpl
    def tracepro_apply_alert(self, module, src, wp_id, info, params, key):
        self.raised.append((module, src, wp_id, info, params, key))
        return len(self.raised)


def test_recorded_short_is_corrected_and_told(make_floor):
    siren = Siren()
    floor = make_floor(extra={"siren": siren}, material_short="record")
    lot, other = floor.lot(amount=3), floor.lot(lot="L2", amount=1)
    floor.setwpmat(100, "R-10K", "L1", 3, 1, 4)
    floor.setwpbom(100, [[1, "R-10K", 4], [2, "C-1U", 1]])
    unit = floor.unit("U1")
    floor.record(unit, mat_auto=True, mat=[[other, "R9", 5, 0]])
    assert floor.took(unit) == [(other, "R9", 5, 0), (lot, "", 4, 1)]
    assert floor.loaded() == {1: [("L1", 0)]}
    floor.check_books([lot, other])
    assert [alert[:3] for alert in siren.raised] == [("material", "material-short", 100)] * 3
    assert "Hole 2 of workplace 100 lacks 1;" in siren.raised[0][3]
    told = [
        {"hole_no": 2, "mat_item": "C-1U"},
        {"hole_no": 1, "mat_item": "R-10K"},
        {"hole_no": 0, "mat_item": "R-10K"},
    ]
    assert sorted(alert[4]["hole_no"] for alert in siren.raised) == [0, 1, 2]
    assert all(alert[4] in told for alert in siren.raised)
    assert {alert[5] for alert in siren.raised} == {"2 C-1U", "1 R-10K", "0 R-10K"}


def test_without_a_plugin_for_alerts_what_was_short_stands_in_the_log(make_floor, caplog):
    floor = make_floor(material_short="record")
    floor.setwpbom(100, [[2, "C-1U", 1]])
    floor.record(floor.unit("U1"), mat_auto=True)
    assert floor.plant.site.notifier.flush()
    assert [record.message for record in caplog.records] == [
        "Hole 2 of workplace 100 lacks 1; load material there."
    ]


def test_even_recording_has_an_end(make_floor):
    floor = make_floor(material_short="record")
    lot = floor.lot()
    mat = [[lot, "", 1_000_000_000, 0]]
    assert (
        floor.refusal("addncopswithmat", floor.order, 10, 1, 1_000_000, 100, [32], mat=mat)
        == "material-short"
    )
    floor.check_books([lot])


def test_a_wrong_article_is_refused_even_when_shortage_is_recorded(make_floor):
    floor = make_floor(material_short="record")
    floor.setwpmat(100, "C-1U", "C1", 10, 1)
    floor.setwpbom(100, [[1, "R-10K", 4]])
    assert floor.refusal("addop", floor.unit("U1"), 10, 1, 100, [32], mat_auto=True) == "material-not-in-bom"


def test_unknown_lots(floor):
    unit = floor.unit("U1")
    error = floor.error("addopwithmat", unit, 10, 1, 100, [32], mat=[[999, "", 1, 0]])
    assert (error["code"], error["data"]["code"]) == (1001, "floor-material-not-found")
    assert floor.refusal("addopmat", floor.record(unit), [[999, "", 1, 0]]) == "floor-material-not-found"


def test_material_added_later(floor):
    lot, unit = floor.lot(), floor.unit("U1")
    operation = floor.record(unit)
    assert floor.addopmat(operation, [[lot, "R1", 2, 0]]) == {"op_id": operation}
    assert floor.took(unit) == [(lot, "R1", 2, 0)]
    assert floor.refusal("addopmat", operation, [[lot, "R1", 99, 0]]) == "material-short"
    assert floor.refusal("addopmat", 999, []) == "operation-not-found"
    floor.check_books([lot])


def test_a_cancelled_operation_takes_no_more_material(floor):
    lot, unit = floor.lot(amount=10), floor.unit("U1")
    operation = floor.record(unit, mat=[[lot, "R1", 2, 0]])
    floor.cancelop(operation, 100, [32], "wrong unit")
    assert floor.refusal("addopmat", operation, [[lot, "R1", 2, 0]]) == "op-not-latest"
    assert floor.on_floor(lot) == 10 and floor.took(unit) == []
    floor.check_books([lot])


def test_a_cancelled_operation_gives_back_where_material_is_off(make_floor):
    bench = {"name": "HAND", "machines": [{"name": "Bench", "wp_id": 101, "op": 10, "act": 1}]}
    without = ("workplaces", "workers", "orders", "items", "lines")
    floor = make_floor((*without, "material"), lines={"HAND": without}, plant={"lines": [bench]})
    lot, unit = floor.lot(amount=10), floor.unit("U1")
    operation = floor.record(unit, mat=[[lot, "R1", 2, 0]])
    assert floor.refusal("addop", unit, 10, 1, 101, [32], mat_auto=True) == "plugin-off"
    assert floor.cancelop(operation, 101, [32], "wrong unit")["mat"] == []
    assert floor.on_floor(lot) == 10 and floor.took(unit) == []
    floor.check_books([lot])


def test_a_cancelled_operation_gives_back_to_hole_and_floor(floor):
    lot, other = floor.lot(amount=100), floor.lot(lot="L2", amount=10)
    floor.setwpmat(100, "R-10K", "L1", 50, 1, 4)
    unit = floor.unit("U1")
    first = floor.record(unit, mat_auto=True, mat=[[other, "R9", 2, 1]])
    floor.cancelop(first, 100, [32], "wrong unit")
    assert floor.loaded() == {1: [("L1", 50)]}
    assert floor.on_floor(other) == 10
    assert floor.took(unit) == []
    second = floor.record(unit, mat_auto=True)
    floor.closewpmat(100, "R-10K", "L1")
    floor.cancelop(second, 100, [32], "wrong unit")
    assert floor.on_floor(lot) == 100
    floor.check_books([lot, other])


def test_a_cancelled_short_operation_takes_its_correction_back(make_floor):
    floor = make_floor(material_short="record")
    lot, unit = floor.lot(amount=3), floor.unit("U1")
    floor.setwpmat(100, "R-10K", "L1", 3, 1, 4)
    floor.cancelop(floor.record(unit, mat_auto=True), 100, [32], "wrong unit")
    assert floor.loaded() == {1: [("L1", 3)]}
    floor.check_books([lot])


def test_bad_mat_rows(floor):
    for mat in [[[1]], [[1, "", -1, 0]], [[1, "", 0.1234567, 0]], [["x", "", 1, 0]], 5, None]:
        assert floor.error("addopwithmat", 1, 10, 1, 100, [32], mat=mat)["code"] == -32602, mat
