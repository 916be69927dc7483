"""Where the ERP reference of an order leads."""

from tracepro_orders import search


def test_an_erp_reference_leads_to_its_order(plant):
    order = plant.call("makeorder", "VP/1", "PCB-A", 1, 1, 0)["id"]
    found = plant.read(lambda call: [search.pages_of_code(call, code) for code in ("VP/1", "PCB-A", "")])
    assert found == [{f"/ui/order/{order}": "Order VP/1 of PCB-A"}, {}, {}]
