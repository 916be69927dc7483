"""Reported times, and what a worker did in the shift."""

import pytest

NOW = "2026-11-20T10:00:00Z"
PRAGUE = {"site": {"timezone": "Europe/Prague"}}


def work(shop, worker_id=32):
    """Return what a worker did as {(order, op): (count, seconds)}."""
    rows = shop.call("getreportedwork", worker_id)["work"]
    return {(row["erp_ref"], row["op"]): (row["count"], row["seconds"]) for row in rows}


def test_a_reported_time_is_in_the_queue_and_in_the_work_of_each_worker(shop):
    queue_id = shop.call("reportoptime", shop.order, None, 1, 100, "31, 32", 90.5)["queue_id"]
    (row,) = shop.queue()
    assert row == {
        "id": queue_id,
        "kind": "time",
        "tm": "2026-11-20T10:00:00.000Z",
        "body": {
            "order_id": shop.order,
            "erp_ref": "VP-1",
            "item": "PCB-A",
            "op": 10,
            "act": 1,
            "wp_id": 100,
            "workers": [31, 32],
            "seconds": 90.5,
        },
    }
    assert work(shop, 31) == work(shop, 32) == {("VP-1", 10): (0, 90.5)}
    shop.call("reportoptime", shop.order, 10, 1, 100, [32], 9.5)
    assert work(shop) == {("VP-1", 10): (0, 100)}


@pytest.mark.parametrize(
    "changed, code",
    [
        ({"order_id": 99}, "order-not-found"),
        ({"wp_id": 999}, "workplace-not-found"),
        ({"op": 15}, "op-not-in-route"),
        ({"op": 10, "act": 2}, "op-not-in-route"),
        ({"op": None, "act": 2}, "op-ambiguous"),
        ({"workers": [99]}, "worker-unknown"),
        ({"workers": [33]}, "worker-inactive"),
        ({"op": None}, None),
        ({"seconds": 0}, None),
        ({"seconds": -1}, None),
        ({"seconds": 2_678_401}, None),
        ({"seconds": "60"}, None),
    ],
)
def test_a_time_that_cannot_be_is_refused(make_shop, changed, code):
    shop = make_shop()
    params = {"order_id": shop.order, "op": 10, "act": None, "wp_id": 100, "workers": [32], "seconds": 60}
    error = shop.error("reportoptime", **params | changed)
    assert error["data"]["code"] == code if code else error["code"] == -32602
    if code in ("op-not-in-route", "op-ambiguous"):
        assert error["code"] == 1000 and [reason["code"] for reason in error["data"]["reasons"]] == [code]
    assert shop.queue() == [] and work(shop) == {}


def test_time_may_be_reported_on_an_order_that_is_finished(make_shop):
    shop = make_shop()
    shop.call("updateorder", shop.order, {"status": 3})
    assert shop.call("reportoptime", shop.order, 10, None, 100, [], 60)["queue_id"]


def test_each_worker_has_the_whole_time_and_a_batch_takes_it_once(shop):
    units = [shop.unit(f"U{n}") for n in range(3)]
    begin = "2026-11-20T09:58:20Z"
    shop.call("batch_addop", units, 10, 1, 100, [31, 32], begin, NOW)
    assert work(shop, 31) == work(shop, 32) == {("VP-1", 10): (3, 100)}
    shop.record(units[0], tm0=begin, tm1=NOW)
    assert work(shop, 31) == {("VP-1", 10): (3, 100)}
    assert work(shop, 32) == {("VP-1", 10): (4, 200)}


def test_several_orders_and_steps_of_one_call_share_its_time(shop):
    other = shop.make_order("VP-2", "PCB-B")
    units = [shop.unit("U1"), shop.unit("U2"), shop.unit("U3"), shop.unit("V1", other)]
    begin = "2026-11-20T09:58:20Z"
    shop.call("batch_addop", units, 10, 1, 100, [32], begin, NOW)
    assert work(shop) == {("VP-1", 10): (3, 75), ("VP-2", 10): (1, 25)}
    shop.call("addncops", other, [[20, None], [30, None]], 5, 101, [31], begin, NOW)
    assert work(shop, 31) == {("VP-2", 20): (5, 50), ("VP-2", 30): (5, 50)}


def test_what_is_cancelled_does_not_count_and_the_batch_took_its_time_while_one_is_left(shop):
    units = [shop.unit(f"U{n}") for n in range(3)]
    begin = "2026-11-20T09:58:20Z"
    ops = shop.call("batch_addop", units, 10, 1, 100, [32], begin, NOW)["ops"]
    for left, op in zip((2, 1), ops[1:], strict=True):
        shop.call("cancelop", op["op_id"], 100, [31], "")
        assert work(shop) == {("VP-1", 10): (left, 100)}
    shop.call("cancelop", ops[0]["op_id"], 100, [31], "")
    assert work(shop) == {}
    (counted,) = shop.call("addncops", shop.order, [[20, None]], 5, 101, [32], begin, NOW)["op_ids"]
    shop.call("cancelop", counted, 100, [31], "")
    assert work(shop) == {}


def test_a_panel_between_units_is_taken_back_alone(make_shop):
    shop = make_shop()
    order = shop.make_order("VP-P", "PCB-P", mptp=1, mpcount=4)
    units = [shop.unit("U1", order), shop.unit("P1", order, 2), shop.unit("U2", order)]
    ops = shop.call("batch_addop", units, 10, 1, 100, [32], "2026-11-20T09:58:20Z", NOW)["ops"]
    left = []
    for op in (ops[1], ops[2], ops[0]):
        shop.call("cancelop", op["op_id"], 100, [31], "")
        left.append(work(shop))
    assert left == [{("VP-P", 10): (2, 100)}, {("VP-P", 10): (1, 100)}, {}]


def test_parts_of_a_batch_are_rounded_to_a_microsecond(shop):
    orders = [shop.order, shop.make_order("VP-2", "PCB-2"), shop.make_order("VP-3", "PCB-3")]
    units = [shop.unit(f"U{order}", order) for order in orders]
    shop.call("batch_addop", units, 10, 1, 100, [32], "2026-11-20T09:59:58Z", NOW)
    assert set(work(shop).values()) == {(1, 0.666667)}


def test_a_panel_counts_its_boards(make_shop):
    shop = make_shop()
    order = shop.make_order("VP-P", "PCB-P", mptp=1, mpcount=4)
    op_id = shop.record(shop.unit("P1", order, 2), tm0="2026-11-20T09:59:00Z")
    assert work(shop) == {("VP-P", 10): (4, 60)}
    shop.call("cancelop", op_id, 100, [32], "")
    assert work(shop) == {}


def test_work_belongs_to_the_shift_that_holds_its_end(make_shop):
    shop = make_shop(parameters=PRAGUE)
    shop.record(shop.unit("U1"), tm0="2026-11-20T04:50:00Z", tm1="2026-11-20T05:00:00Z")
    shop.record(shop.unit("U2"), tm0="2026-11-20T04:50:00Z", tm1="2026-11-20T04:59:59.999Z")
    answer = shop.call("getreportedwork", 32)
    assert answer["shift"] == {"start": "2026-11-20T05:00:00.000Z", "end": "2026-11-20T13:00:00.000Z"}
    assert [(row["count"], row["seconds"]) for row in answer["work"]] == [(1, 600)]


@pytest.mark.parametrize(
    "now, start, end",
    [
        ("2026-11-20T01:00:00Z", "2026-11-19T21:00:00.000Z", "2026-11-20T05:00:00.000Z"),
        ("2026-10-25T02:30:00Z", "2026-10-24T20:00:00.000Z", "2026-10-25T05:00:00.000Z"),
        ("2026-03-29T01:30:00Z", "2026-03-28T21:00:00.000Z", "2026-03-29T04:00:00.000Z"),
    ],
)
def test_a_night_shift_is_one_on_the_days_when_clocks_are_changed_too(make_shop, now, start, end):
    shop = make_shop(parameters=PRAGUE)
    shop.plant.clock.set(now)
    shop.record(shop.unit("U1"), tm0=start, tm1=start)
    shop.record(shop.unit("U2"), tm0=start, tm1=now)
    shop.record(shop.unit("U3"), tm0=start, tm1=end)
    answer = shop.call("getreportedwork", 32)
    assert answer["shift"] == {"start": start, "end": end}
    assert answer["work"][0]["count"] == 2


def test_shifts_that_are_changed_today_hold_for_what_was_recorded_before(make_shop):
    shop = make_shop(parameters={"site": {"timezone": "Europe/Prague", "shifts": "10:30"}})
    shop.record(shop.unit("U1"), tm1="2026-11-20T09:31:00Z")
    shop.record(shop.unit("U2"), tm1="2026-11-20T09:29:00Z")
    answer = shop.call("getreportedwork", 32)
    assert answer["shift"]["start"] == "2026-11-20T09:30:00.000Z"
    assert answer["work"][0]["count"] == 1


def test_nobody_who_is_unknown_has_work(make_shop):
    shop = make_shop()
    assert shop.error("getreportedwork", 99)["data"]["code"] == "worker-not-found"
    assert shop.call("getreportedwork", 33)["work"] == []


def test_old_work_is_deleted_by_those_who_write(make_shop, monkeypatch, database):
    from tracepro_erp import models, worked

    monkeypatch.setattr(worked, "PURGE_EVERY", 2)
    shop = make_shop()
    for n in range(4):
        shop.record(shop.unit(f"U{n}"))
    shop.plant.clock.advance(hours=24 * 9)
    for n in range(2):
        shop.record(shop.unit(f"V{n}"))
    assert len(shop.plant.read(lambda call: call.db.rows(models.Work.select()))) == 2
    assert work(shop) == {("VP-1", 10): (2, 0)}
