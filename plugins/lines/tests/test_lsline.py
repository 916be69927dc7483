"""The LS line: boards enter with their first operation there, and an endpoint that scans nothing books the next one."""

import pytest
from tracepro_items import api as items_api

from tracepro_schemas import defs

LINE, OVEN = "SMT-1", 102
STEPS = [{"op": 10, "act": 1}, {"op": 20, "act": 2, "flags": 1}, {"op": 30, "act": 3}]
"""Printing, placing (which may be left out), and the oven."""


class Boards:
    """A line with boards on it, and short names."""

    def __init__(self, watched):
        self.watched = watched
        self.plant = watched.plant
        self.order = watched.make_order(steps=STEPS)

    def enter(self, code, order=None, wp_id=100, op=10, tp=1, **more):
        """Record the first step on a board and return its id."""
        unit = self.plant.call("getitem", order or self.order, code, tp)["id"]
        self.record(unit, op, wp_id, **more)
        return unit

    def record(self, unit, op, wp_id, **more):
        return self.plant.call("addop", item_id=unit, op=op, act=None, wp_id=wp_id, workers=[32], **more)[
            "op_id"
        ]

    def next(self, op=30, wp_id=OVEN, line=LINE, **more):
        where = {"line_name": line, "op": op, "act": None, "wp_id": wp_id, "workers": [32]}
        return self.plant.call("lslineoptonextboard", **where | more)

    def taken(self, **more):
        """Return which board was next, and which were skipped for it."""
        answer = self.next(**more)
        return answer["item_id"], answer["skipped"]

    def refusal(self, **more):
        where = {"line_name": LINE, "op": 30, "act": None, "wp_id": OVEN, "workers": [32]}
        return self.watched.refusal("lslineoptonextboard", **where | more)

    def history(self, line=LINE):
        return [(row["item_id"], row["ops"]) for row in self.plant.call("getlsline", line)["history"]]

    def wait(self, minutes):
        self.plant.clock.advance(minutes=minutes)


@pytest.fixture
def make_boards(make_watched):
    return lambda **settings: Boards(make_watched(**settings))


@pytest.fixture
def boards(make_boards):
    return make_boards()


NONE = (1000, "no-next-board")


def test_the_history_has_boards_in_order_of_entry_with_their_steps_on_the_line(boards):
    assert boards.plant.call("getlsline", LINE) == {
        "line": {"id": 1, "name": LINE, "params": {}},
        "history": [],
    }
    first = boards.enter("U1")
    boards.wait(1)
    second = boards.enter("U2", result=1)
    elsewhere = boards.enter("U3", wp_id=110)
    for unit, wp_id in ((first, 101), (second, 140)):
        if unit == first:
            boards.record(unit, 20, wp_id)
    boards.record(second, 10, 100)
    assert boards.history() == [(first, [10, 20]), (second, [10])] and boards.history("SMT-2") == [
        (elsewhere, [10])
    ]
    boards.next()
    row = boards.plant.call("getlsline", LINE)["history"][0]
    assert row == {
        "item_id": first,
        "barcode": "U1",
        "entered": "2026-11-20T10:00:00.000Z",
        "ops": [10, 20, 30],
    }


def test_a_board_that_begins_elsewhere_enters_with_its_first_step_here(boards):
    unit = boards.enter("U1", wp_id=110)
    other = boards.enter("U2")
    boards.record(unit, 20, 101)
    assert boards.history() == [(other, [10]), (unit, [20])]


def test_work_that_is_counted_without_units_and_what_was_cancelled_enter_nothing(boards):
    boards.plant.call("addncops", boards.order, [[10, None]], 5, 100, [32])
    unit = boards.enter("U1")
    op_id = boards.record(unit, 20, 101)
    boards.plant.call("cancelop", op_id, 101, [32], "wrong unit")
    assert boards.history() == [(unit, [10])]
    again = boards.plant.call("getitemoperations", unit)[0]["id"]
    boards.plant.call("cancelop", again, 100, [32], "wrong unit")
    assert boards.history() == [] and boards.refusal() == NONE


def test_the_next_board_is_the_first_that_entered_whatever_its_order(boards):
    """A changeover: the boards of the old order are on the line still."""
    new = boards.watched.make_order("VP-2", "PCB-B", steps=STEPS)
    units = [boards.enter("A1"), boards.enter("A2"), boards.enter("B1", new), boards.enter("A3")]
    answer = boards.next(result=0, data=[[1, "peak", 244.5]])
    assert answer == {"op_id": answer["op_id"], "item_id": units[0], "barcode": "A1", "skipped": []}
    (operation,) = boards.plant.call("getitemoperations", units[0])[1:]
    wanted = (answer["op_id"], 30, OVEN, [32], [[1, "peak", 244.5]])
    assert tuple(operation[key] for key in ("id", "op", "wp_id", "workers", "data")) == wanted
    assert [boards.taken() for _ in range(3)] == [(unit, []) for unit in units[1:]]
    assert boards.refusal() == NONE


def test_no_other_board_is_judged_where_the_first_goes(boards, monkeypatch):
    units, judged = [boards.enter(f"U{number}") for number in range(4)], []
    reasons_by_unit = items_api.reasons_by_unit

    def counted(call, request):
        judged.append(len(request.item_ids))
        return reasons_by_unit(call, request)

    monkeypatch.setattr(items_api, "reasons_by_unit", counted)
    assert boards.taken() == (units[0], []) and judged == [1]
    boards.plant.call("setitemscrap", units[1], 100, [32])
    assert boards.taken() == (units[2], [units[1]]) and judged == [1, 1, 3]


def test_boards_that_can_not_take_the_step_are_skipped_and_told(boards):
    off = boards.watched.make_order("VP-2", "PCB-B", steps=STEPS)
    units = [boards.enter(f"U{n}") for n in range(4)] + [
        boards.enter("V", off),
        boards.enter("GOOD"),
        boards.enter("LAST"),
    ]
    boards.plant.call("setitemscrap", units[0], 100, [32])
    boards.plant.call("setitembadmark", units[1], 100, [32])
    boards.record(units[2], 20, 101, result=1)
    boards.record(units[3], 30, OVEN, result=1)
    boards.plant.call("updateorder", off, {"status": defs.ORDER_ST_HOLD})
    waiting = [units[n] for n in (0, 1, 2, 4)]
    assert boards.taken() == (units[5], waiting)
    boards.record(units[2], 20, 101)
    boards.plant.call("setitembad", units[0], 100, [32], 0)
    boards.plant.call("updateorder", off, {"status": defs.ORDER_ST_ACTIVE})
    assert [boards.taken() for _ in range(3)] == [
        (units[0], []),
        (units[2], [units[1]]),
        (units[4], [units[1]]),
    ]


def test_a_board_with_a_record_of_the_step_is_not_next_be_it_failed_or_repeatable(boards):
    steps = [STEPS[0], {"op": 30, "act": 3, "flags": defs.STEP_F_REPEATABLE}]
    order = boards.watched.make_order("VP-2", "PCB-B", steps=steps)
    for code, result in (("U1", 0), ("U2", 1)):
        boards.record(boards.enter(code, order), 30, OVEN, result=result)
    assert boards.refusal() == NONE


def test_a_booking_that_is_taken_back_makes_the_board_wait_again(boards):
    unit = boards.enter("U1")
    boards.enter("U2")
    boards.plant.call("cancelop", boards.next()["op_id"], OVEN, [32], "the board was lifted off")
    assert boards.taken() == (unit, [])


def test_a_board_whose_routing_does_not_have_the_step_is_neither_next_nor_skipped(boards):
    other = boards.watched.make_order("VP-2", "PCB-B", steps=STEPS[:1])
    boards.enter("V1", other)
    unit = boards.enter("U1")
    assert boards.taken() == (unit, [])


def test_op_or_act_is_enough_and_one_of_them_is_needed(boards):
    units = [boards.enter("U1"), boards.enter("U2")]
    assert boards.taken(op=None, act=3) == (units[0], [])
    assert boards.taken(act=3) == (units[1], [])
    assert boards.refusal(op=None)[0] == -32602
    boards.enter("U3")
    assert boards.refusal(act=2) == boards.refusal(op=77) == NONE


def test_a_board_waits_as_long_as_the_option_says_from_its_entry(boards):
    early = boards.enter("U1")
    boards.wait(50)
    boards.record(early, 20, 101)
    late = boards.enter("U2", tm1="2026-11-20T08:00:00Z")
    boards.wait(10)
    assert [unit for unit, _ in boards.history()] == [early, late]
    boards.wait(1)
    assert boards.history() == [(late, [10])]
    assert boards.taken() == (late, [])
    boards.enter("U3")
    boards.wait(60)
    boards.plant.clock.advance(seconds=0.001)
    assert boards.refusal() == NONE


def test_a_board_that_left_and_came_back_enters_anew(boards):
    """Nothing was recorded on it at the line for longer than boards wait, on a line where it began again."""
    back = boards.enter("U1", result=1)
    boards.wait(61)
    other = boards.enter("U2")
    boards.record(back, 10, 100)
    assert boards.history() == [(other, [10]), (back, [10])]
    assert [boards.taken()[0] for _ in range(2)] == [other, back]


def test_lines_wait_as_long_as_their_own_option_says(make_boards):
    boards = make_boards(options={"lines": {"ls_max_wait_minutes": 0.5}})
    unit = boards.enter("U1")
    boards.plant.clock.advance(seconds=30)
    assert boards.history() == [(unit, [10])]
    boards.plant.clock.advance(seconds=0.001)
    assert boards.history() == [] and boards.refusal() == NONE


def test_a_panel_goes_as_one_and_its_boards_have_the_step_then(boards):
    order = boards.watched.make_order("VP-2", "PCB-B", steps=STEPS, mptp=1, mpcount=2)
    panel = boards.enter("P", order, tp=2)
    board = boards.plant.call("getitembyitem", "PCB-B", "P/1")["id"]
    boards.record(board, 20, 101)
    assert boards.history() == [(panel, [10]), (board, [20])]
    assert boards.taken() == (panel, []) and boards.refusal() == NONE
    panel, alone = boards.enter("Q", order, tp=2), boards.plant.call("getitembyitem", "PCB-B", "Q/1")["id"]
    boards.plant.call("setitemscrap", panel, 100, [32])
    boards.plant.call("setitembad", alone, 100, [32], 0)
    boards.record(alone, 20, 101)
    assert boards.taken() == (alone, [panel])


def test_the_first_piece_of_a_run_goes_though_boards_before_it_can_not(boards):
    first = {"op": 30, "act": 3, "flags": defs.STEP_F_FIRST_PIECE, "params": {"first_piece_act": 3}}
    order = boards.watched.make_order("VP-2", "PCB-B", steps=[*STEPS[:2], first])
    units = [boards.enter(f"U{n}", order) for n in range(3)]
    boards.record(units[0], 20, 101, result=1)
    assert boards.taken() == (units[1], [units[0]])
    assert boards.refusal() == NONE


def test_the_next_board_is_judged_in_the_run_in_which_its_work_ended(boards):
    """What is booked late belongs to the run before the change of order, whose first piece nobody has checked."""
    first = {"op": 30, "act": 3, "flags": defs.STEP_F_FIRST_PIECE, "params": {"first_piece_act": 3}}
    order = boards.watched.make_order("VP-2", "PCB-B", steps=[STEPS[0], first])
    boards.plant.call("setlineorder", LINE, order)
    units = [boards.enter(f"U{n}", order) for n in range(2)]
    assert boards.taken() == (units[0], [])
    boards.wait(5)
    for order_id in (boards.order, order):
        boards.plant.call("setlineorder", LINE, order_id)
    boards.wait(1)
    assert boards.refusal(tm1="2026-11-20T10:00:00Z") == NONE
    assert boards.taken() == (units[1], [])


def test_where_to_look_is_said_where_no_board_waits(boards):
    error = boards.plant.error("lslineoptonextboard", LINE, 30, None, OVEN, [32])
    assert error["message"].startswith(
        "No board that entered line SMT-1 lately waits for step 30; have a board enter"
    )


def test_what_keeps_every_board_is_said(boards):
    boards.enter("U1")
    boards.plant.call("blockworkplace", OVEN, "too cold")
    error = boards.plant.error("lslineoptonextboard", LINE, 30, None, OVEN, [32])
    assert [reason["code"] for reason in error["data"]["reasons"]] == ["no-next-board"]
    assert "too cold" in error["data"]["reasons"][0]["info"]
    boards.plant.call("unblockworkplace", OVEN)
    assert boards.refusal(workers=[999]) == NONE and boards.next()


def test_the_line_and_a_workplace_of_it_are_asked_for(boards):
    boards.enter("U1")
    assert boards.refusal(line_name="SMT-9") == (1001, "line-not-found")
    assert boards.refusal(wp_id=999) == (1001, "workplace-not-found")
    assert boards.refusal(wp_id=110)[0] == boards.refusal(wp_id=140)[0] == -32602
    assert boards.refusal(tm0="2026-11-20T10:00:00Z", tm1="2026-11-20T09:00:00Z")[0] == -32602
    assert boards.watched.refusal("getlsline", "SMT-9") == (1001, "line-not-found")
    assert boards.watched.refusal("setlslineparam", "SMT-9", "a", 1) == (1001, "line-not-found")


def test_parameters_are_any_json_by_name_and_of_one_line(boards):
    params = {"b": [1, {"c": None}], "a": 350, "null": None}
    for name, value in params.items():
        boards.plant.call("setlslineparam", LINE, name, value)
    answer = boards.plant.call("setlslineparam", LINE, "a", "slow")
    assert answer == {"id": 1, "name": LINE, "params": params | {"a": "slow"}}
    assert list(answer["params"]) == sorted(params)
    assert boards.plant.call("getlsline", LINE)["line"] == answer
    assert boards.plant.call("getlsline", "SMT-2")["line"]["params"] == {}
    assert boards.watched.refusal("setlslineparam", LINE, "", 1)[0] == -32602
