"""Non-charged work: counted on an order without scanning, on a unit nobody sees."""


def charge(floor, *ops, count=1, **params):
    return floor.addncops(floor.order, [[op, None] for op in ops], count, 100, [32], **params)["op_ids"]


def refusal(floor, *ops, count=1, **params):
    wanted = {
        "order_id": floor.order,
        "op_act_list": [[op, None] for op in ops],
        "count": count,
        "wp_id": 100,
    }
    error = floor.plant.error("addncops", **wanted | {"workers": [32]} | params)
    return [reason["code"] for reason in error["data"].get("reasons", ())] or error["data"]["code"]


def test_work_is_counted_without_units_and_beside_them(floor):
    floor.pass_all(floor.unit(), 10, 20)
    ids = charge(floor, 10, 30, count=5)
    assert len(set(ids)) == 2
    charge(floor, 10, count=2)
    assert floor.counts() == {10: (8, 0), 20: (1, 0), 30: (5, 0)}


def test_ids_come_back_in_the_order_of_the_pairs(floor):
    ids = floor.addncops(floor.order, [[30, None], [None, 1], [20, 2]], 1, 100, [32])["op_ids"]
    assert {operation["id"]: operation["op"] for operation in floor.getwplog(100, 60)} == {
        ids[0]: 30,
        ids[1]: 10,
        ids[2]: 20,
    }


def test_a_pair_that_is_named_twice_is_counted_twice(floor):
    floor.updateorder(floor.order, {"amount": 10})
    ids = floor.addncops(floor.order, [[10, None], [20, None], [None, 1]], 4, 100, [32])["op_ids"]
    assert len(set(ids)) == 3
    assert floor.counts() == {10: (8, 0), 20: (4, 0), 30: (0, 0)}
    assert refusal(floor, 10, 10, 20, count=2) == ["order-amount-reached"]
    assert len(charge(floor, 10, 10)) == 2
    floor.cancelop(ids[2], 100, [32], "once was enough")
    assert floor.counts()[10] == (6, 0)


def test_predecessors_and_repeats_do_not_matter(floor):
    charge(floor, 30)
    charge(floor, 30)
    assert floor.counts()[30] == (2, 0)


def test_the_hidden_unit_is_in_no_finder_list_or_count(floor):
    (op_id,) = charge(floor, 10)
    (logged,) = floor.getwplog(100, 60)
    hidden = logged["item_id"]
    assert (logged["id"], logged["barcode"], logged["count"]) == (op_id, "", 1)
    assert floor.getorderitems(floor.order) == [] and floor.unit_counts() == {}
    assert floor.getitembybarcode("") == [] and floor.getitembyitem("PCB-A", "") is None
    assert floor.getitem(floor.order, "") is None
    for method in ("getitemoperations", "getitemslots", "getitemdetails", "getitemrel", "tracetree"):
        assert floor.refusal(method, hidden) == (1001, "item-not-found"), method
    assert floor.refusal("getitemextra", hidden) == (1001, "item-not-found")
    assert floor.refusal("addop", hidden, 10, 1, 100, [32]) == (1001, "item-not-found")
    assert floor.refusal("canaddop", hidden, [[10, 1]], 100, [32]) == (1001, "item-not-found")
    assert floor.refusal("setitemscrap", hidden, 100, [32]) == (1001, "item-not-found")
    assert floor.refusal("setitembarcode2", hidden, "X") == (1001, "item-not-found")
    assert floor.refusal("getitem", floor.order, "", 9)[0] == -32602


def test_the_sum_of_a_step_stays_within_the_amount(floor):
    floor.updateorder(floor.order, {"amount": 10})
    floor.unit()
    charge(floor, 10, 20, count=8)
    assert refusal(floor, 10, 20, count=3) == ["order-amount-reached"] * 2
    charge(floor, 10, count=2)
    assert refusal(floor, 10) == ["order-amount-reached"]
    floor.updateorder(floor.order, {"flags": 3})
    charge(floor, 10, count=100)
    floor.updateorder(floor.order, {"flags": 1, "amount": 0})
    charge(floor, 10, count=100)
    assert floor.counts()[10] == (210, 0)


def test_what_units_not_bad_passed_counts_along(floor):
    floor.updateorder(floor.order, {"amount": 3})
    units = [floor.unit() for _ in range(3)]
    floor.pass_all(units[0], 10, 20)
    floor.do(units[1], 10, result=1)
    assert refusal(floor, 10, 20, count=3) == ["order-amount-reached"] * 2
    charge(floor, 10, count=2)
    assert refusal(floor, 10) == ["order-amount-reached"]
    floor.do(units[1], 10)
    assert floor.counts()[10] == (4, 0)
    for unit in units[:2]:
        floor.setitemscrap(unit, 100, [32])
    charge(floor, 10)
    assert refusal(floor, 10) == ["order-amount-reached"]
    floor.setitembadmark(units[0], 100, [32])
    assert floor.counts()[10] == (4, 0)
    assert refusal(floor, 10) == ["order-amount-reached"]
    assert refusal(floor, 20, count=4) == ["order-amount-reached"]
    charge(floor, 20, count=3)


def test_all_reasons_are_told(floor):
    floor.updateorder(floor.order, {"status": 2, "amount": 1})
    floor.blockworkplace(100, "cleaning")
    assert refusal(floor, 10, 99, count=2, workers=[99, 34]) == [
        "order-not-active",
        "op-not-in-route",
        "order-amount-reached",
        "workplace-blocked",
        "worker-unknown",
        "worker-inactive",
    ]


WRONG = [
    ({"order_id": 99}, "order-not-found"),
    ({"wp_id": 99}, "workplace-not-found"),
    ({"op_act_list": [[99, None]]}, ["op-not-in-route"]),
    ({"op_act_list": [[None, None]]}, "invalid-params"),
    ({"count": 0}, "invalid-params"),
    ({"count": 2_000_000_000}, "invalid-params"),
    ({"tm0": "2026-11-20T10:00:01Z", "tm1": "2026-11-20T10:00:00Z"}, "invalid-params"),
]


def test_wrong_calls_are_refused(floor):
    for wrong, code in WRONG:
        assert refusal(floor, 10, **wrong) == code, wrong
    assert floor.counts()[10] == (0, 0)


def test_material_needs_its_plugin(floor):
    call = (floor.order, 10, None, 2, 100, [32])
    assert floor.refusal("addncopswithmat", *call, None, None, True) == (1004, "plugin-off")
    assert floor.addncopswithmat(*call)["op_id"] > 0
    assert floor.counts()[10] == (2, 0)


def test_material_is_taken_times_the_count(make_floor):
    floor = make_floor(("workplaces", "workers", "orders", "items", "material"))
    floor.make_order()
    lot = floor.getfloormat("R-10K", "L1", 100)["wfloormat_id"]
    floor.setwpmat(100, "C-100N", "L2", 50, 1, 2)
    mat = [[lot, "R1", 1.5, 0]]
    op_id = floor.addncopswithmat(floor.order, 10, None, 4, 100, [32], None, None, True, mat)["op_id"]
    (logged,) = floor.getwplog(100, 60)
    assert [(row["mat_lot"], row["ref"], row["amount"]) for row in logged["mat"]] == [
        ("L1", "R1", 6),
        ("L2", "", 8),
    ]
    floor.cancelop(op_id, 100, [32], "")
    assert [row["amount"] for row in floor.getwpmat(100)] == [50]
    assert floor.counts()[10] == (0, 0)
