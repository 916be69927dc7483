"""The end of work, and what was recorded at workplaces lately."""


def test_a_row_for_each_worker_and_each_step(floor):
    ids = floor.stopwork(floor.order, [[10, None], [None, 2]], 100, [32, 33])["wl_ids"]
    assert len(set(ids)) == 4
    assert floor.stopwork(floor.order, [[10, None]], 100, [])["wl_ids"] == []
    assert len(floor.stopwork(floor.order, [[10, None], [None, 1]], 100, [32])["wl_ids"]) == 1


def test_work_ends_on_finished_orders_too(floor):
    floor.updateorder(floor.order, {"status": 3})
    assert len(floor.stopwork(floor.order, [[10, None]], 100, "32")["wl_ids"]) == 1


WRONG = [
    ({"order_id": 99}, (1001, "order-not-found")),
    ({"wp_id": 99}, (1001, "workplace-not-found")),
    ({"op_act_list": [[99, None]]}, (1000, "op-not-in-route")),
    ({"op_act_list": []}, (-32602, "invalid-params")),
    ({"workers": [99]}, (1000, "worker-unknown")),
    ({"workers": [34]}, (1000, "worker-inactive")),
]


def test_wrong_ends_of_work_are_refused(floor):
    call = {"order_id": floor.order, "op_act_list": [[10, None]], "wp_id": 100, "workers": [32]}
    for wrong, expected in WRONG:
        assert floor.refusal("stopwork", **call | wrong) == expected, wrong


def test_the_log_has_what_was_recorded_within_the_time_newest_first(floor):
    unit = floor.unit()
    old = floor.do(unit, 10, tm1="2026-11-20T11:00:00Z")
    floor.plant.clock.advance(seconds=60)
    at_other = floor.do(unit, 20, wp_id=101)
    new = floor.do(unit, 30)
    assert [row["id"] for row in floor.getwplog(100, 59)] == [new]
    assert [row["id"] for row in floor.getwplog(100, 60)] == [new, old]
    assert [row["id"] for row in floor.getwplog([101, 100], 3600)] == [new, at_other, old]
    assert [row["id"] for row in floor.getwplog("100,101", 9_223_372_036_854_775_807)] == [new, at_other, old]
    assert floor.getwplog([], 60) == []
    assert floor.refusal("getwplog", 99, 60) == (1001, "workplace-not-found")
    assert floor.refusal("getwplog", 100, -1)[0] == -32602
