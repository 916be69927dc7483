"""The worker log: what terminals write, and what workplaces do."""

from pathlib import Path

from tracepro_schemas import defs


def test_an_action_of_nobody_or_somebody_unknown_is_refused(plant):
    assert plant.error("addwlaction", None, None, 99)["code"] == -32602
    assert plant.error("addwlaction", 7, None, 99)["data"]["code"] == "worker-not-found"
    assert plant.error("logworkeraction", 32, 999, 99)["data"]["code"] == "workplace-not-found"
    assert plant.error("logworkeraction", 32, 100, 13)["code"] == -32602
    assert plant.error("loginwp", 32, 999)["data"]["code"] == "workplace-not-found"
    assert plant.call("addwlaction", None, 100, 99, "floor swept")["wl_id"]


def test_the_order_of_an_action_must_be_there_where_orders_are_kept(make_plant, plant_file, plant, database):
    kept = make_plant(plugins=("workplaces", "workers", "orders"), plant=plant_file, database="sqlite")
    order = kept.call("makeorder", "VP-1", "PCB-A")["id"]
    assert kept.call("addwlaction", 32, 100, 99, "", order, 10)["wl_id"]
    error = kept.error("addwlaction", 32, 100, 99, "", order + 1)
    assert (error["code"], error["data"]["code"]) == (1001, "order-not-found")
    assert plant.call("addwlaction", 32, 100, 99, "", 4711)["wl_id"]


def test_the_block_of_a_workplace_is_in_thelog_of(plant, log_of):
    plant.call("blockworkplace", 100, "stencil torn")
    plant.call("unblockworkplace", "100, 101")
    assert log_of(plant) == [(None, 100, defs.WWL_BLOCK), (None, 100, defs.WWL_UNBLOCK)]


def test_terminals_may_write_every_action(plant, log_of):
    actions = [value for name, value in vars(defs).items() if name.startswith("WWL_")]
    assert len(actions) == 13
    for action in actions:
        plant.call("logworkeraction", 32, 100, action)
        plant.call("addwlaction", None, 100, action)
    assert sorted(action for *_, action in log_of(plant)) == sorted(2 * actions)


def test_every_action_is_explained():
    text = (Path(__file__).parents[1] / "README.md").read_text("utf-8")
    rows = " ".join(line.split("|")[1] for line in text.splitlines() if line.startswith("| "))
    for name, value in vars(defs).items():
        if name.startswith("WWL_"):
            assert f"{name.removeprefix('WWL_')} {value}" in rows, name


def test_a_logout_that_names_no_workplace_is_logged_where_the_worker_was(plant, log_of):
    plant.call("loginwp", 32, 100)
    plant.call("addwlaction", 32, None, defs.WWL_LOGOUT)
    assert log_of(plant)[1:] == [(32, 100, defs.WWL_LOGOUT), (32, None, defs.WWL_LOGOUT)]
