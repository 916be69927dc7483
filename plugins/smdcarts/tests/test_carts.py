"""Carts are listed for a step of an order: replaced as a whole, one bank and one place each."""

import pytest

R1, R2 = (1, "R-10K", "L1"), (2, "R-10K", "L2")
C1 = ("P1", 1, [R1])


def test_carts_are_listed_by_name_with_the_ids_of_lots_that_are_known(shop):
    lot = shop.plant.call("getfloormat", "R-10K", "L1", 100)["wfloormat_id"]
    reels = [R1, (2, "C-100N", "K1"), (3, "IC", ""), (4, "IC", None)]
    answer = shop.set(shop.a, C2=("P1", "right", []), C1=("P1", 1, reels))
    rows = [("R-10K", "L1", lot), ("C-100N", "K1", None), ("IC", None, None), ("IC", None, None)]
    names = ("hole_no", "mat_item", "scanned_lot", "wfloormat_id")
    item_data = [dict(zip(names, (hole, *row), strict=True)) for hole, row in enumerate(rows, 1)]
    place = {"machine": "P1", "program": "PRG"}
    assert answer == [
        {"cart": "C1", "bank": 1, "item_data": item_data, **place},
        {"cart": "C2", "bank": "right", "item_data": [], **place},
    ]
    assert shop.listed(shop.a) == answer
    later = shop.plant.call("getfloormat", "C-100N", "K1", 5)["wfloormat_id"]
    assert shop.listed(shop.a)[0]["item_data"][1]["wfloormat_id"] == later


def test_what_was_answered_may_be_sent_again(shop):
    answer = shop.set(shop.a, C1=C1)
    again = {row["cart"]: {key: row[key] for key in ("machine", "bank", "item_data")} for row in answer}
    assert shop.plant.call("setcartsfororder", shop.a, 10, "PRG", again) == answer


def test_a_step_has_its_own_carts_and_setting_them_clears_what_it_had(shop):
    shop.set(shop.a, C1=C1, C2=("P1", 2, []))
    shop.set(shop.a, op=20, C9=("AOI", 1, []))
    assert [row["cart"] for row in shop.set(shop.a, C3=("P1", 1, []))] == ["C3"]
    assert (shop.names(shop.a), shop.names(shop.a, 20), shop.names(shop.b)) == (["C3"], ["C9"], [])
    assert shop.set(shop.a) == shop.listed(shop.a) == []


def test_a_refused_map_leaves_what_was_listed(shop):
    shop.set(shop.a, C1=C1)
    refused = {
        "two carts on one bank": {"C1": ("P1", 1, []), "C2": ("P1", 1, [])},
        "a bank by number and by digits": {"C1": ("P1", 1, []), "C2": ("P1", "1", [])},
        "one lot on two carts": {"C1": ("P1", 1, [R1]), "C2": ("P1", 2, [(7, "R-10K", "L1")])},
        "one lot twice on a cart": {"C1": ("P1", 1, [R1, (7, "R-10K", "L1")])},
        "one cart by two spellings": {"C2": ("P1", 1, []), " C2 ": ("P1", 2, [])},
        "no name": {"": ("P1", 1, [])},
        "a name of white space": {" ": ("P1", 1, [])},
        "a name that is too long": {"C" * 256: ("P1", 1, [])},
    }
    for why, carts in refused.items():
        assert shop.refusal(shop.a, **carts) == -32602, why
    assert shop.refusal(shop.a, C2=("P9", 1, [])) == "machine-not-found"
    assert shop.refusal(999, C2=C1) == "order-not-found"
    assert shop.refusal(shop.a, op=15, C2=C1) == "op-not-in-route"
    assert shop.plant.error("getcartsfororder", 999, 10)["data"]["code"] == "order-not-found"
    assert shop.names(shop.a) == ["C1"]


def test_what_is_wrong_in_a_map_is_said(shop):
    place = {"machine": "P1", "bank": 1, "item_data": []}
    for content, sentence in (
        (None, "cart_map.C1 must be an object with machine, bank and item_data: where"),
        (place | {"bank": True}, "bank must be a whole number or a code, not"),
        (place | {"item_data": [7]}, "must be an object with at least hole_no and mat_item, not"),
    ):
        error = shop.plant.error("setcartsfororder", shop.a, 10, "PRG", {"C1": content})
        assert error["code"] == -32602 and sentence in error["message"]


def test_banks_of_two_machines_and_lots_of_two_articles_are_not_the_same(shop):
    carts = {
        "C1": ("P1", 1, [R1]),
        "C2": ("P2", 1, [(1, "C-100N", "L1")]),
        "C3": ("P1", 2, [(1, "R-10K", None)]),
    }
    assert [row["cart"] for row in shop.set(shop.a, **carts)] == ["C1", "C2", "C3"]


def test_codes_are_trimmed_wherever_they_stand_in_the_map(shop):
    (cart,) = shop.set(shop.a, **{" C1\n": (" P1", " left", [(1, "R-10K\t", "]C0L1")])})
    assert (cart["cart"], cart["machine"], cart["bank"]) == ("C1", "P1", "left")
    assert (cart["item_data"][0]["mat_item"], cart["item_data"][0]["scanned_lot"]) == ("R-10K", "L1")


def test_a_cart_of_an_order_that_a_line_works_on_keeps_its_reels(shop):
    shop.set(shop.b, C1=("P1", 1, [R1, R2]))
    shop.set(shop.a, C1=C1)
    shop.run("L2", shop.b)
    assert shop.refusal(shop.a, C1=C1) == "cart-in-use"
    assert (
        shop.refusal(shop.a, op=20, C2=("P1", 2, []), C1=("P1", 1, [R1, (2, "R-10K", None)])) == "cart-in-use"
    )
    assert shop.names(shop.a) == ["C1"]
    assert shop.set(shop.a, C1=("P2", "other", [R2, R1]))[0]["bank"] == "other"
    shop.set(shop.b, C1=C1)
    shop.run("L2", None)
    assert shop.set(shop.a, C1=C1)[0]["cart"] == "C1"


def test_overwritten_carts_are_in_the_audit(shop):
    for carts in ({"C1": C1}, {"C1": C1}, {}):
        shop.set(shop.a, **carts)
    listed = [{"cart": "C1", "machine": "P1", "bank": 1, "program": "PRG", "reels": [[1, "R-10K", "L1"]]}]
    what = {"what": f"order {shop.a}", "field": "carts of step 10"}
    assert shop.audited() == [
        [what | {"before": [], "after": listed}],
        [],
        [what | {"before": listed, "after": []}],
    ]


@pytest.fixture
def error_on_l1(shop):
    """Return a function that calls with a token for L1 and returns the number of the error, None for none."""
    plant = shop.plant
    token = plant.token("read", "write", lines=["L1"])

    def error(method, *params):
        call = {"jsonrpc": "2.0", "id": 1, "method": method, "params": params}
        answer = plant.rest("POST", "/api/", call, token=token).json
        return answer.get("error", {}).get("code")

    return error


def test_a_token_for_a_line_lists_carts_for_its_machines_only(shop, error_on_l1, as_map):
    def error(**carts):
        return error_on_l1("setcartsfororder", shop.a, 10, "PRG", as_map(carts))

    assert error(C1=C1) is None
    assert error(C1=C1, C2=("P2", 1, [])) == -32002
    assert error(C1=("AOI", 1, [])) is None
    shop.run("L2", shop.a)
    assert error(C1=("AOI", 1, [])) == -32002
    assert error(C1=C1) == -32002
    shop.run("L2", None)
    shop.set(shop.a, C2=("P2", 1, []))
    assert error() == -32002
    assert shop.names(shop.a) == ["C2"]
