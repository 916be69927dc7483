"""A step needs the carts that are listed for it at the workplace's machines; a cart is docked when its lots are loaded."""

import pytest
from tracepro_smdcarts import carts

R1, R2 = (1, "R-10K", "L1"), (2, "R-10K", "L2")


@pytest.fixture
def shop(make_shop):
    return make_shop(cart_check=True)


def codes(shop, unit, op=10, wp_id=100):
    return [
        reason["code"] for reason in shop.plant.call("canaddop", unit, [[op, None]], wp_id, [32])["reasons"]
    ]


def shown(shop, wp_id=100):
    return shop.plant.call("checkproc", shop.a, [[10, None]], wp_id, [32])


def unit(shop, order_id, code):
    return shop.plant.call("getitem", order_id, code, 1)["id"]


def test_a_step_waits_until_every_lot_of_its_carts_is_in_its_hole(shop):
    shop.set(shop.a, C1=("P1", 1, [R1, (3, "IC", None)]), C2=("P1", 2, [R2]))
    of_a, of_b = unit(shop, shop.a, "A1"), unit(shop, shop.b, "B1")
    assert codes(shop, of_a) == ["cart-missing", "cart-missing"] and codes(shop, of_b) == []
    shop.plant.call("setwpmat", 100, "R-10K", "L1", 5, 1)
    shop.plant.call("setwpmat", 100, "R-10K", "L2", 2, 3)
    assert codes(shop, of_a) == ["cart-missing"]
    error = shop.plant.error("addop", of_a, 10, 1, 100, [32])
    (reason,) = error["data"]["reasons"]
    assert {key: reason[key] for key in ("code", "op", "act", "plugin")} == {
        "code": "cart-missing",
        "op": 10,
        "act": 1,
        "plugin": "smdcarts",
    }
    assert "C2" in reason["info"] and "hole 2" in reason["info"]
    shop.plant.call("clearwpmat", 100)
    for hole, lot in ((1, "L1"), (2, "L2")):
        shop.plant.call("setwpmatclamped", 100, "R-10K", lot, 5, hole)
    assert shop.plant.call("addop", of_a, 10, 1, 100, [32])


def test_carts_of_other_machines_steps_and_workplaces_are_not_asked_for(shop):
    shop.set(shop.a, C1=("P2", 1, [R1]))
    one = unit(shop, shop.a, "A1")
    assert codes(shop, one) == codes(shop, one, wp_id=300) == []
    assert codes(shop, one, wp_id=200) == ["cart-missing"]
    assert shown(shop)["op_info"] == shown(shop, 300)["op_info"] == {}


def test_checkproc_shows_every_cart_of_a_step_and_what_it_lacks(shop):
    shop.set(shop.a, C1=("P1", 1, [R1]), C2=("P1", "right", [R2]))
    shop.plant.call("setwpmat", 100, "R-10K", "L1", 5, 1)
    entry = {"_tp": "cart", "machine": "P1", "program": "PRG"}
    docked = {**entry, "_name": "C1", "_status": "docked", "bank": 1, "missing": []}
    missing = [{"hole_no": 2, "mat_item": "R-10K", "mat_lot": "L2"}]
    lacking = {**entry, "_name": "C2", "_status": "missing", "bank": "right", "missing": missing}
    answer = shown(shop)
    assert answer["op_info"] == {"10": {**docked, "entries": [docked, lacking]}}
    assert [reason["code"] for reason in answer["reasons"]] == ["cart-missing"]


def test_without_the_option_carts_are_shown_and_keep_nothing_from_being_done(make_shop):
    shop = make_shop()
    shop.set(shop.a, C1=("P1", 1, [R1]))
    answer = shown(shop)
    assert answer["ok"] and answer["op_info"]["10"]["_status"] == "missing"
    assert codes(shop, unit(shop, shop.a, "A1")) == []


def test_checkproc_reads_the_carts_of_a_step_once(shop, monkeypatch):
    read, of_steps = [], carts.of_steps
    monkeypatch.setattr(carts, "of_steps", lambda *asked: read.append(asked) or of_steps(*asked))
    shop.plant.call("checkproc", shop.a, [[10, 1]], 100, [32])
    assert len(read) == 1
