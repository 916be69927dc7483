"""The order on a line, who is logged in on it, and what its terminals show."""

import pytest

from tracepro.calls.call import Call

KEYS = [
    "line_id",
    "line_name",
    "lineitem_id",
    "lineitem_name",
    "wp_id",
    "worker_ids",
    "workers",
    "order_id",
    "erp_ref",
    "operation",
    "act",
]
FIRST_PIECE = [{"op": 10, "act": 1, "flags": 16, "params": {"first_piece_act": 1}}]


def worker_ids(line):
    return {machine["wp_id"]: machine["worker_ids"] for machine in line["machines"]}


def test_an_order_is_put_on_a_line_and_taken_off(watched):
    order = watched.make_order()
    line = watched.setlineorder("SMT-1", order)
    assert (line["id"], line["name"], line["order_id"]) == (1, "SMT-1", order)
    assert line["machines"][1] == {
        "id": 2,
        "name": "placer",
        "wp_id": 101,
        "counter0": 0,
        "worker_ids": [],
        "op": None,
        "act": 2,
    }
    assert watched.linegetinfo("SMT-2")["line"]["order_id"] is None
    assert watched.setlineorder("SMT-1", None)["order_id"] is None
    assert watched.refusal("setlineorder", "SMT-1", 999) == (1001, "order-not-found")
    assert watched.refusal("setlineorder", "SMT-9", order) == (1001, "line-not-found")


@pytest.mark.parametrize("status", [0, 2, 3, 4, 5])
def test_whether_an_order_may_be_worked_on_is_asked_at_work(watched, status):
    order = watched.make_order()
    watched.updateorder(order, {"status": status})
    assert watched.setlineorder("SMT-1", order)["order_id"] == order
    assert watched.refused(1, "U1") == ["order-not-active"]


def test_a_change_of_order_stands_in_the_audit_and_the_same_again_does_not(watched):
    order = watched.make_order()
    noted = []

    def set_order(order_id):
        def work(db):
            call = Call(watched.plant.site, db, watched.plant.caller)
            watched.plant.site.methods["setlineorder"].method.handler(call, "SMT-1", order_id)
            noted.extend(call.changes)

        watched.plant.site.store.write_inline(work)

    for order_id in (order, order, None):
        set_order(order_id)
    assert [(change["what"], change["before"], change["after"]) for change in noted] == [
        ("line 1", None, order),
        ("line 1", order, None),
    ]


def test_a_new_run_begins_with_another_order_and_not_with_the_same(watched):
    first = watched.make_order(steps=FIRST_PIECE)
    watched.setlineorder("SMT-1", first)
    watched.lineaddop(1, "U1")
    watched.plant.clock.advance(minutes=1)
    watched.setlineorder("SMT-1", first)
    assert watched.refused(1, "U2") == ["first-piece-missing"]
    watched.setlineorder("SMT-1", watched.make_order("VP-2", "PCB-B"))
    watched.plant.clock.advance(minutes=1)
    watched.setlineorder("SMT-1", first)
    assert watched.can(1, "U2") == (None, [])
    assert watched.lineaddop(1, "U2")["counter0"] == 2


def test_a_change_of_order_begins_no_run_on_another_line(watched):
    order = watched.make_order(steps=FIRST_PIECE)
    watched.setlineorder("SMT-2", order)
    watched.lineaddop(11, "U1")
    watched.plant.clock.advance(minutes=1)
    watched.setlineorder("SMT-1", order)
    assert watched.refused(11, "U2") == ["first-piece-missing"]


def test_workers_are_logged_in_at_all_machines_or_at_those_named(watched):
    assert worker_ids(watched.setlinelogin("SMT-1", [], [32])) == {100: [32], 101: [32], 102: [32]}
    assert worker_ids(watched.setlinelogin("SMT-1", [101, 101], "31")) == {
        100: [32],
        101: [31, 32],
        102: [32],
    }
    assert worker_ids(watched.setlinelogin("SMT-1", [102], [32])) == {100: [], 101: [31], 102: [32]}
    watched.loginwp(31, 140)
    assert worker_ids(watched.linegetinfo("SMT-1")["line"]) == {100: [], 101: [], 102: [32]}
    watched.plant.clock.advance(hours=8)
    assert worker_ids(watched.linegetinfo("SMT-1")["line"]) == {100: [], 101: [], 102: []}


def test_nobody_named_changes_nothing(watched, make_watched):
    watched.setlinelogin("SMT-1", [100], [32])
    assert worker_ids(watched.setlinelogin("SMT-1")) == {100: [32], 101: [], 102: []}
    strict = make_watched(parameters={"site": {"workers_required": "yes"}})
    assert strict.reasons("setlinelogin", "SMT-1") == ["workers-missing"]


@pytest.mark.parametrize(
    ("params", "refusal"),
    [
        (("SMT-9", [], [32]), (1001, "line-not-found")),
        (("SMT-1", [100, 110], [32]), (-32602, "invalid-params")),
        (("SMT-1", [140], [32]), (-32602, "invalid-params")),
        (("SMT-1", [999], [32]), (1001, "workplace-not-found")),
        (("SMT-1", [100], [32, 999]), (1001, "worker-not-found")),
        (("SMT-1", [100], [32, 33]), (1000, "worker-inactive")),
    ],
)
def test_all_log_in_or_none(watched, params, refusal):
    assert watched.refusal("setlinelogin", *params) == refusal
    assert set(map(tuple, worker_ids(watched.linegetinfo("SMT-1")["line"]).values())) == {()}


def test_the_checks_of_a_login_are_made_at_each_workplace(make_watched):
    watched = make_watched(options={"workers": {"iluo_check": "yes"}})
    skills = [{"act": act, "level": "U"} for act in (1, 2)]
    watched.plant.load({"workers": [{"id": 32, "name": "J. Novak", "skills": skills}]})
    assert watched.reasons("setlinelogin", "SMT-1", [], [32]) == ["iluo-insufficient"]
    assert worker_ids(watched.setlinelogin("SMT-1", [100, 101], [32])) == {100: [32], 101: [32], 102: []}


def test_an_environment_has_the_keys_of_the_watcher(watched):
    assert watched.linegetenvironment("SMT-1", "AOI") == {
        "line_id": 1,
        "line_name": "SMT-1",
        "lineitem_id": 3,
        "lineitem_name": "AOI",
        "wp_id": 102,
        "worker_ids": [],
        "workers": [],
        "order_id": None,
        "erp_ref": None,
        "operation": None,
        "act": None,
    }
    order = watched.make_order("VP-7")
    watched.setlineorder("SMT-1", order)
    watched.setlinelogin("SMT-1", [101], [32, 31])
    placer = watched.linegetenvironment("SMT-1", "placer")
    assert list(placer) == KEYS
    assert (placer["order_id"], placer["erp_ref"], placer["operation"], placer["act"]) == (
        order,
        "VP-7",
        20,
        2,
    )
    assert placer["worker_ids"] == [31, 32]
    assert placer["workers"] == [{"id": 31, "name": "A. Svoboda"}, {"id": 32, "name": "J. Novak"}]
    assert watched.refusal("linegetenvironment", "SMT-9", "AOI") == (1001, "line-not-found")
    assert watched.refusal("linegetenvironment", "SMT-2", "AOI") == (1001, "machine-not-found")


def test_an_act_that_picks_two_steps_tells_no_operation(watched):
    watched.setlineorder("SMT-1", watched.make_order(steps=[{"op": 20, "act": 2}, {"op": 30, "act": 2}]))
    placer = watched.linegetenvironment("SMT-1", "placer")
    assert (placer["operation"], placer["act"]) == (None, 2)


def test_a_line_tells_all_its_machines(watched):
    watched.setlineorder("SMT-1", watched.make_order())
    info = watched.linegetinfo("SMT-1")
    assert list(info) == ["line", "machines"] and info["line"]["id"] == 1
    names = [machine["name"] for machine in info["line"]["machines"]]
    assert info["machines"] == [watched.linegetenvironment("SMT-1", name) for name in names]
    assert watched.refusal("linegetinfo", "SMT-9") == (1001, "line-not-found")
