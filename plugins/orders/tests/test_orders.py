"""Orders: looked up by id, by ERP reference, by product and status."""


def test_unknown_orders_are_null_to_finders_and_not_found_to_changes(plant):
    assert plant.call("findorder", "VP-0") is None
    assert plant.call("getorder", 99) is None
    error = plant.error("updateorder", 99, {})
    assert (error["code"], error["data"]["code"]) == (1001, "order-not-found")


def test_orders_are_listed_by_product_and_status(plant):
    for number, (item, status) in enumerate([("A", 1), ("A", 0), ("B", 1), ("B", 4)], 1):
        plant.call("makeorder", f"VP-{number}", item, status)

    def listed(*args):
        return [order["erp_ref"] for order in plant.call("queryorder", *args)]

    assert listed() == listed("", [1]) == ["VP-1", "VP-3"]
    assert listed("A") == ["VP-1", "VP-2"]
    assert listed("A", [1]) == ["VP-1"]
    assert listed("", "0, 4") == ["VP-2", "VP-4"]
    assert listed("C") == []
