"""The worker log: what terminals write, and what workplaces do."""

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
