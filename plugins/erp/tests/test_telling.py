"""What happens on the floor is in the queue once, with what the ERP needs to know of it."""

from functools import partial

import pytest
from tracepro_erp import queue

from tracepro.findings import StartError
from tracepro.testing.races import refusals

T = "2026-11-20T10:00:00.000Z"


def cancels(rows):
    return [(row["kind"], row["body"].get("cancels")) for row in rows]


def test_an_operation_is_told_with_what_it_took(shop):
    lot = shop.call("receivemat", "R-10K", "L1", 100, "DN-7")["wfloormat_id"]
    unit = shop.unit("U1")
    op_id = shop.record(unit, tm0="2026-11-20T09:59:00Z", result=1, mat=[[lot, "R7", 2.5, 0]])
    by_kind = {row["kind"]: row["body"] for row in shop.queue()}
    same = {
        "op_id": op_id,
        "order_id": shop.order,
        "erp_ref": "VP-1",
        "item_id": unit,
        "barcode": "U1",
        "op": 10,
        "act": 1,
        "wp_id": 100,
        "workers": [32],
        "tm0": "2026-11-20T09:59:00.000Z",
        "tm1": T,
    }
    assert by_kind["operation"] == same | {"item": "PCB-A", "result": 1, "count": 1}
    used = {
        "wfloormat_id": lot,
        "mat_item": "R-10K",
        "mat_lot": "L1",
        "amount": 2.5,
        "ref": "R7",
        "hole_no": 0,
    }
    assert by_kind["consumption"] == same | {"mat": [used]}
    received = {"wfloormat_id": lot, "mat_item": "R-10K", "mat_lot": "L1", "amount": 100, "ref": "DN-7"}
    assert by_kind["receipt"] == received
    assert len(shop.queue()) == 3


def test_a_cancelled_operation_has_a_counter_entry_for_each_of_its_rows(shop):
    lot = shop.call("receivemat", "R-10K", "L1", 100)["wfloormat_id"]
    op_id = shop.record(shop.unit("U1"), mat=[[lot, "R7", 2, 0]])
    shop.call("addopmat", op_id, [[lot, "R8", 1, 0]])
    told = shop.queue("operation", "consumption")
    shop.call("cancelop", op_id, 100, [32], "wrong unit")
    counter = shop.queue("operation", "consumption")[len(told) :]
    assert sorted(cancels(counter)) == sorted((row["kind"], row["id"]) for row in told)
    bodies = {row["id"]: row["body"] for row in told}
    for row in counter:
        assert row["body"] == bodies[row["body"]["cancels"]] | {"cancels": row["body"]["cancels"]}


def test_scrap_that_is_taken_back_cancels_the_row_of_its_scrap_and_not_an_earlier_one(shop):
    unit = shop.unit("U1")
    for _ in range(2):
        shop.call("setitemscrap", unit, 100, [32], "cracked")
        shop.call("setitemscrap", unit, 100, [32], "burnt")
        shop.call("setitembad", unit, 101, [31], 0)
    rows = shop.queue()
    ids = [row["id"] for row in rows]
    assert cancels(rows) == [("scrap", None), ("scrap", ids[0]), ("scrap", None), ("scrap", ids[2])]
    assert rows[0]["body"] == {
        "order_id": shop.order,
        "erp_ref": "VP-1",
        "item": "PCB-A",
        "item_id": unit,
        "barcode": "U1",
        "reason": "cracked",
        "wp_id": 100,
        "workers": [32],
        "count": 1,
    }


def test_a_bad_mark_is_no_scrap_and_takes_scrap_back(shop):
    unit, other = shop.unit("U1"), shop.unit("U2")
    shop.call("setitembadmark", other, 100, [32])
    assert shop.queue() == []
    shop.call("setitemscrap", unit, 100, [32])
    shop.call("setitembadmark", unit, 100, [32])
    first, second = shop.queue()
    assert (first["kind"], second["body"]["cancels"]) == ("scrap", first["id"])


def test_a_scrapped_panel_is_told_as_the_boards_it_takes_along(shop):
    order = shop.make_order("VP-P", "PCB-P", mptp=1, mpcount=3)
    panel = shop.unit("P1", order, 2)
    boards = [related["item"]["id"] for related in shop.call("getitemrel", panel)]
    shop.call("setitemscrap", boards[0], 100, [32])
    shop.call("setitemscrap", panel, 100, [32])
    rows = shop.queue()
    assert sorted(row["body"]["item_id"] for row in rows) == boards
    shop.call("setitembad", panel, 100, [32], 0)
    taken_back = shop.queue()[3:]
    assert sorted(row["body"]["item_id"] for row in taken_back) == boards[1:]


def test_the_operation_of_a_panel_counts_its_good_boards(shop):
    order = shop.make_order("VP-P", "PCB-P", mptp=1, mpcount=3)
    panel = shop.unit("P1", order, 2)
    boards = [related["item"]["id"] for related in shop.call("getitemrel", panel)]
    shop.call("setitembadmark", boards[0], 100, [32])
    shop.record(panel)
    (row,) = shop.queue("operation")
    assert (row["body"]["count"], row["body"]["item_id"]) == (2, panel)


def test_work_without_units_is_told_with_its_count_and_no_unit(shop):
    shop.call("addncops", shop.order, [[10, 1], [20, 2]], 7, 100, [32])
    bodies = [row["body"] for row in shop.queue()]
    told = [(body["op"], body["count"], body["item_id"], body["barcode"]) for body in bodies]
    assert told == [(10, 7, None, ""), (20, 7, None, "")]


def test_an_overrun_is_told_once_for_each_step(shop):
    order = shop.make_order("VP-OVER", flags=3, amount=1)
    for code in ("U1", "U2", "U3"):
        unit = shop.unit(code, order)
        shop.record(unit)
    shop.call("addncops", order, [[20, None]], 2, 100, [32])
    rows = [row["body"] for row in shop.queue("overrun")]
    assert [(row["op"], row["amount"], row["made"]) for row in rows] == [(10, 1, 2), (20, 1, 2)]
    assert rows[0] == {
        "order_id": order,
        "erp_ref": "VP-OVER",
        "item": "PCB-A",
        "op": 10,
        "act": 1,
        "amount": 1,
        "made": 2,
    }


def test_scrap_that_is_given_back_may_be_an_overrun(shop):
    order = shop.make_order("VP-OVER", flags=3, amount=1)
    units = [shop.unit(code, order) for code in ("U1", "U2")]
    shop.record(units[0])
    shop.call("setitemscrap", units[0], 100, [32])
    shop.record(units[1])
    assert shop.queue("overrun") == []
    shop.call("setitembad", units[0], 100, [32], 0)
    assert [row["body"]["op"] for row in shop.queue("overrun")] == [10]


def test_a_refused_call_tells_nothing(shop):
    shop.error("addop", shop.unit("U1"), 10, 1, 100, [99])
    shop.error("receivemat", "R", "L", -1)
    assert shop.queue() == []


def test_only_the_kinds_that_the_site_lists_are_told_and_reported_times_always(make_shop):
    shop = make_shop(options={"erp": {"kinds": "scrap, receipt"}})
    unit = shop.unit("U1")
    op_id = shop.record(unit)
    shop.call("cancelop", op_id, 100, [32], "")
    shop.call("setitemscrap", unit, 100, [32])
    shop.call("reportoptime", shop.order, 10, None, 100, [32], 60)
    assert [row["kind"] for row in shop.queue()] == ["scrap", "time"]


def test_an_unknown_kind_stops_the_start(make_plant):
    with pytest.raises(StartError, match="'scrapp', which is not a kind"):
        make_plant(("workplaces", "workers", "orders", "items", "erp"), options={"erp": {"kinds": "scrapp"}})


def test_a_batch_is_told_in_a_number_of_statements_that_does_not_grow(make_shop, monkeypatch):
    shop = make_shop()
    units = [shop.unit(f"U{n}") for n in range(20)]
    written = []
    monkeypatch.setattr(queue, "tell", lambda call, kind, rows: written.append((kind, len(rows))))
    shop.call("batch_addop", units, 10, 1, 100, [32])
    assert written == [("operation", 20)]


@pytest.mark.faults("a race")
@pytest.mark.parametrize("rounds", [5, pytest.param(200, marks=pytest.mark.slow)])
def test_of_two_terminals_that_overrun_an_order_together_one_tells_it(make_shop, database, at_once, rounds):
    shop = make_shop(queued=True)
    for number in range(rounds):
        order = shop.make_order(f"VP-R{number}", flags=3, amount=3)
        units = [shop.unit(f"R{number}-{n}", order) for n in range(4)]
        assert refusals(at_once(*(partial(shop.record, unit) for unit in units))) == []
        told = [row["body"] for row in shop.queue("overrun") if row["body"]["order_id"] == order]
        assert [(row["op"], row["made"]) for row in told] == [(10, 4)]
        shop.call("erpdone", [row["id"] for row in shop.queue()])
