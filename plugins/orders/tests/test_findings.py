"""What tracepro check says of orders."""

from tracepro_orders import plugin

PLANT = {
    "acts": [{"id": 1, "name": "PRINT"}, {"id": 2, "name": "PLACE"}, {"id": 3, "name": "REFLOW"}],
    "workplaces": [{"id": 100, "name": "printer", "acts": [1]}],
    "orders": [
        {
            "erp_ref": "VP-1",
            "item": "A",
            "status": 1,
            "operations": [{"op": 10, "act": 1}, {"op": 20, "act": 2}],
        },
        {"erp_ref": "VP-2", "item": "A", "status": 0, "operations": [{"op": 10, "act": 3}]},
    ],
}


def test_an_act_of_an_active_order_that_is_done_nowhere_is_a_finding_where_the_site_asks_for_it(make_plant):
    strict = make_plant(("workplaces", "orders"), PLANT, parameters={"site": {"check_workplaces": "yes"}})
    assert strict.read(plugin.tracepro_site_findings) == {
        "act 2": "order VP-1 needs it at step 20, and no workplace is assigned to it; assign one in the plant file, or correct "
        "the routing."
    }
    assert make_plant(("workplaces", "orders"), PLANT).read(plugin.tracepro_site_findings) == {}
