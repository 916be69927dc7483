"""Panels and boards: codes, what an operation on a panel counts for, scrapping and taking back."""

import pytest

PCB, PANEL = 1, 2


def test_a_panel_comes_with_its_boards(floor):
    panel, boards = floor.panel("P1", 3)
    rows = [(unit["id"], unit["tp"], unit["barcode"]) for unit in floor.getorderitems(floor.order)]
    assert rows == [(panel, 2, "P1")] + [(board, 1, f"P1/{n}") for n, board in enumerate(boards, 1)]
    assert floor.unit_counts() == {1: (3, 0), 2: (1, 0)}


def test_a_board_has_its_panels_code_until_it_gets_its_own_and_is_found_by_both(floor):
    _, boards = floor.panel("P1", 2)
    assert floor.getitem(floor.order, "P1/2", PCB)["id"] == boards[1]
    floor.setitembarcode2(boards[1], "B2")
    assert floor.item("B2")["id"] == floor.item("P1/2")["id"] == boards[1]


def test_a_panel_whose_boards_codes_are_taken_is_not_made(floor):
    floor.unit("P1/2")
    floor.updateorder(floor.order, {"mpcount": 2})
    assert floor.refusal("getitem", floor.order, "P1", PANEL) == (1002, "barcode-exists")
    assert [unit["barcode"] for unit in floor.getorderitems(floor.order)] == ["P1/2"]
    assert floor.unit_counts() == {1: (1, 0)}


def test_a_panels_code_leaves_room_for_positions(floor):
    floor.updateorder(floor.order, {"mpcount": 10})
    assert floor.refusal("getitem", floor.order, "P" * 253, PANEL) == (-32602, "invalid-params")
    floor.unit("P" * 252, PANEL)


def test_an_operation_on_a_panel_counts_for_each_board_that_is_not_bad(floor):
    panel, boards = floor.panel("P1", 3)
    floor.setitembadmark(boards[2], 100, [32])
    op_id = floor.do(panel, 10)
    assert floor.counts()[10] == (2, 0)
    assert [row["id"] for row in floor.getitemoperations(boards[0])] == [op_id]
    assert floor.getitemoperations(boards[0])[0]["item_id"] == panel
    assert floor.getitemoperations(boards[2]) == []
    assert floor.can(boards[0], 20) == []
    assert floor.can(boards[2], 20) == ["item-bad", "previous-op-missing"]


def test_a_board_taken_back_later_has_not_done_what_its_panel_did(floor):
    panel, boards = floor.panel("P1", 2)
    floor.setitemscrap(boards[0], 100, [32])
    floor.do(panel, 10)
    floor.setitembad(boards[0], 100, [32], 0)
    assert floor.can(boards[0], 10) == []
    assert floor.can(boards[0], 20) == ["previous-op-missing"]
    assert floor.can(panel, 20) == ["previous-op-missing"]
    assert floor.can(panel, 10) == ["op-already-done"]
    floor.do(boards[0], 10)
    assert floor.can(panel, 20) == []


def test_a_boards_own_later_record_overrides(floor):
    panel, boards = floor.panel("P1", 2)
    floor.do(panel, 10, result=1)
    assert floor.counts()[10] == (0, 2)
    floor.do(boards[0], 10)
    assert floor.counts()[10] == (1, 1)
    assert floor.can(boards[0], 20) == []
    answer = floor.canaddop(panel, [[20, None]], 100, [32])
    assert [(reason["code"], reason["item_id"]) for reason in answer["reasons"]] == [
        ("previous-op-missing", boards[1])
    ]
    floor.do(boards[1], 10)
    floor.do(panel, 20)
    assert floor.counts() == {10: (2, 0), 20: (2, 0), 30: (0, 0)}


def test_a_panels_later_record_overrides_its_boards(floor):
    floor.updateorder(floor.order, {}, [{"op": 10, "act": 1, "flags": 2}, {"op": 20, "act": 2}])
    panel, boards = floor.panel("P1", 2)
    floor.do(boards[0], 10)
    floor.do(panel, 10, result=1)
    assert floor.counts()[10] == (0, 2)
    assert floor.can(boards[0], 20) == ["previous-op-missing"]


def test_a_panel_may_go_on_when_each_of_its_good_boards_may(floor):
    panel, boards = floor.panel("P1", 3)
    floor.do(boards[0], 10)
    floor.do(boards[1], 10)
    assert floor.cannot(panel, 20) == ["previous-op-missing"]
    floor.setitemscrap(boards[2], 100, [32])
    floor.do(panel, 20)
    assert floor.counts() == {10: (2, 0), 20: (2, 0), 30: (0, 0)}


def test_rework_of_a_panel_sends_its_boards_back_and_of_a_board_only_itself(make_floor):
    floor = make_floor()
    repair = {"op": 90, "act": 9, "flags": 8, "params": {"back_to": 10}}
    floor.make_order([{"op": 10, "act": 1}, {"op": 20, "act": 2}, repair])
    panel, boards = floor.panel("P1", 2)
    floor.do(panel, 10)
    floor.do(panel, 20, result=1)
    floor.do(boards[0], 90)
    assert floor.counts() == {10: (1, 0), 20: (0, 1), 90: (1, 0)}
    assert floor.can(boards[0], 10) == [] and floor.can(boards[1], 10) == ["op-already-done"]
    floor.do(boards[1], 90)
    floor.do(panel, 10)
    floor.do(panel, 20, result=1)
    floor.do(panel, 90)
    assert floor.counts() == {10: (0, 0), 20: (0, 0), 90: (2, 0)}
    floor.pass_all(panel, 10, 20)


def test_scrapping_a_panel_takes_its_good_boards_and_gives_back_only_those(floor):
    panel, boards = floor.panel("P1", 4)
    floor.setitemscrap(boards[0], 100, [32], "own")
    floor.setitembadmark(boards[1], 100, [32])
    assert floor.setitemscrap(panel, 100, [32], "bent")["bad_reason"] == "bent"
    assert [floor.item(f"P1/{n}")["bad"] for n in (1, 2, 3, 4)] == [1, 2, 1, 1]
    assert floor.item("P1/3")["bad_reason"] == "bent" and floor.item("P1/1")["bad_reason"] == "own"
    assert floor.unit_counts() == {1: (0, 3), 2: (0, 1)}
    floor.setitemscrap(boards[2], 100, [32], "also on its own")
    floor.setitembad(panel, 100, [32], 0)
    assert [floor.item(f"P1/{n}")["bad"] for n in (1, 2, 3, 4)] == [1, 2, 1, 0]
    assert floor.item("P1/4")["bad_reason"] == ""
    assert floor.unit_counts() == {1: (1, 2), 2: (1, 0)}


def test_all_boards_bad_does_not_scrap_the_panel(floor):
    panel, boards = floor.panel("P1", 2)
    for board in boards:
        floor.setitemscrap(board, 100, [32])
    assert floor.item("P1")["bad"] == 0


def test_a_panel_without_a_good_board_goes_nowhere(floor):
    panel, boards = floor.panel("P1", 2)
    floor.setitemscrap(boards[0], 100, [32])
    floor.setitembadmark(boards[1], 100, [32])
    assert floor.can(panel, 10, 20) == ["item-bad"]
    assert floor.cannot(panel, 10) == ["item-bad"]
    batch = floor.plant.error("batch_addop", [panel], 10, 1, 100, [32])
    assert [(row["code"], row["item_id"]) for row in batch["data"]["reasons"]] == [("item-bad", panel)]
    floor.setitembad(boards[0], 100, [32], 0)
    floor.do(panel, 10)


def test_a_panel_never_clears_a_boards_own_fail(floor):
    panel, boards = floor.panel("P1", 3)
    floor.do(panel, 10)
    own = floor.do(boards[0], 20, result=1)
    by_panel = floor.do(panel, 20)
    assert floor.counts()[20] == (2, 1)
    assert by_panel not in [row["id"] for row in floor.getitemoperations(boards[0])]
    assert by_panel in [row["id"] for row in floor.getitemoperations(boards[1])]
    assert floor.can(boards[0], 30) == ["previous-op-missing"] and floor.can(boards[1], 30) == []
    assert floor.cannot(panel, 30) == ["previous-op-missing"]
    floor.cancelop(own, 100, [32], "wrong board")
    assert floor.counts()[20] == (2, 0)
    assert floor.can(boards[0], 20) == [] and floor.can(boards[0], 30) == ["previous-op-missing"]
    floor.do(boards[0], 20)
    floor.do(panel, 30)
    assert floor.counts() == {10: (3, 0), 20: (3, 0), 30: (3, 0)}


def test_a_panels_fail_leaves_a_boards_own_fail_alone_too(make_floor):
    floor = make_floor()
    floor.make_order([{"op": 10, "act": 1}, {"op": 20, "act": 2}, {"op": 90, "act": 9, "flags": 8}])
    panel, boards = floor.panel("P1", 2)
    floor.do(panel, 10, result=1)
    floor.do(boards[0], 10, result=2)
    by_panel = floor.do(panel, 10, result=1)
    floor.cancelop(by_panel, 100, [32], "")
    assert floor.counts()[10] == (0, 2)
    by_panel = floor.do(panel, 10)
    assert floor.counts()[10] == (1, 1)
    floor.do(boards[0], 10)
    floor.do(panel, 20)


def test_rework_of_a_panel_ends_the_own_fails_of_its_good_boards(make_floor):
    floor = make_floor()
    repair = {"op": 90, "act": 9, "flags": 8, "params": {"back_to": 20}}
    floor.make_order([{"op": 10, "act": 1}, {"op": 20, "act": 2}, {"op": 30, "act": 3}, repair])
    panel, boards = floor.panel("P1", 2)
    floor.pass_all(panel, 10)
    for board in boards:
        floor.do(board, 20, result=1)
    rework = floor.do(panel, 90)
    assert rework in [row["id"] for row in floor.getitemoperations(boards[0])]
    assert floor.counts() == {10: (2, 0), 20: (0, 0), 30: (0, 0), 90: (2, 0)}
    floor.pass_all(panel, 20, 30)
    assert floor.counts() == {10: (2, 0), 20: (2, 0), 30: (2, 0), 90: (2, 0)}


def test_a_board_that_is_left_out_still_takes_its_share_of_material(make_floor):
    plugins = ("workplaces", "workers", "orders", "items", "material")
    floor = make_floor(plugins, options={"material": {"material_per_board": True}})
    floor.make_order()
    panel, boards = floor.panel("P1", 2)
    floor.do(boards[0], 10, result=1)
    floor.setwpmat(100, "R-10K", "L1", 100, 1, 3)
    op_id = floor.do(panel, 10, mat_auto=True)
    assert floor.getwpmat(100)[0]["amount"] == 94
    assert op_id not in [row["id"] for row in floor.getitemoperations(boards[0])]
    used = {row["item"]["id"] for row in floor.whereused("R-10K", "L1")["units"]}
    assert used >= set(boards)
    assert [row["mat_lot"] for row in floor.tracetree(boards[0])["mat"]] == ["L1"]


def test_a_board_taken_back_from_a_scrapped_panel_works_on_alone(floor):
    panel, boards = floor.panel("P1", 2)
    floor.do(panel, 10)
    floor.setitemscrap(panel, 100, [32])
    floor.setitembad(boards[0], 100, [32], 0)
    floor.pass_all(boards[0], 20, 30)
    assert "item-bad" in floor.cannot(panel, 20)
    assert floor.counts() == {10: (2, 0), 20: (1, 0), 30: (1, 0)}


def test_a_board_taken_back_alone_stays_when_its_panel_is_taken_back(floor):
    panel, boards = floor.panel("P1", 2)
    floor.setitemscrap(panel, 100, [32])
    floor.setitembad(boards[0], 100, [32], 0)
    assert floor.unit_counts() == {1: (1, 1), 2: (0, 1)}
    floor.setitembad(panel, 100, [32], 0)
    assert floor.unit_counts() == {1: (2, 0), 2: (1, 0)}


def test_a_scrapped_panel_does_nothing(floor):
    panel, _ = floor.panel("P1", 2)
    floor.setitemscrap(panel, 100, [32])
    assert floor.cannot(panel, 10) == ["item-bad"]


@pytest.mark.parametrize("boards", [0, 1])
def test_a_panel_of_no_board_or_one_goes_its_way(floor, boards):
    panel, _ = floor.panel("P1", boards)
    assert floor.can(panel, 20) == ["previous-op-missing"]
    floor.pass_all(panel, 10, 20)
    assert floor.can(panel, 20) == ["op-already-done"]
    assert floor.counts()[10] == (boards, 0)
