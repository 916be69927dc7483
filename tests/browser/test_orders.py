"""Orders in a browser: one is made and released by a form, and its routing is edited, without a mouse."""

import pytest


@pytest.fixture
def make_order(plant):
    def make(erp_ref, steps=((10, 1), (20, 2))):
        order = plant.rpc("makeorder", erp_ref, "PCB-B", 1, 1, 5)["id"]
        operations = [{"op": op, "act": act, "name": f"Step {op}"} for op, act in steps]
        plant.rpc("updateorder", order, {}, operations)
        return order

    return make


@pytest.mark.parametrize(
    ("scheme", "pages"), [("light", ["", "/{}", "/{}/units", "/{}/route", "s/new"]), ("dark", ["/{}"])]
)
def test_everybody_can_use_them(open_page, accessible, make_order, plant, scheme, pages):
    order = make_order(f"VP-SEEN-{scheme}")
    unit = plant.rpc("getitem", order, f"SEEN-{scheme}", 1)["id"]
    plant.rpc("addop", unit, 10, 1, 100, [31])
    page = open_page("/ui/orders", color_scheme=scheme)
    for path in pages:
        if path:
            page.goto(f"/ui/order{path.format(order)}")
        accessible(page)


def test_an_order_is_made_like_another_and_released_by_keyboard(open_page, make_order, plant):
    make_order("VP-PATTERN")
    page = open_page("/ui/orders/new")
    for text in ("VP-MADE", "", "12", "VP-PATTERN"):
        page.keyboard.press("Control+A")
        page.keyboard.type(text)
        page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.get_by_role("heading", name="Order VP-MADE").wait_for()
    page.get_by_role("button", name="Release").press("Enter")
    asked = []
    page.on("dialog", lambda dialog: [asked.append(dialog.message), dialog.dismiss()])
    page.get_by_role("button", name="Hold").press("Enter")
    assert asked == ["Hold order VP-MADE? Nothing can be recorded on it then, until it is released again."]
    made = plant.rpc("findorder", "VP-MADE")
    assert (made["status"], made["amount"], made["item"], made["flags"]) == (1, 12, "PCB-B", 1)
    assert [(step["op"], step["name"]) for step in made["operations"]] == [(10, "Step 10"), (20, "Step 20")]


def test_a_refusal_says_why_and_what_was_typed_stays(open_page, make_order):
    make_order("VP-TAKEN")
    page = open_page("/ui/orders/new")
    page.get_by_label("Reference", exact=True).fill("VP-TAKEN")
    page.get_by_label("Product").fill("PCB-B")
    page.keyboard.press("Enter")
    page.get_by_role("alert").get_by_text("VP-TAKEN").wait_for()
    assert page.get_by_label("Product").input_value() == "PCB-B"


def test_an_order_whose_routing_got_no_answer_is_sent_again_and_made_once(open_page, make_order, plant):
    make_order("VP-AWAY")
    page = open_page("/ui/orders/new?copy=VP-AWAY")
    page.watched.allowed.append("net::ERR_FAILED")
    page.route(
        "**/api/",
        lambda route: route.abort() if "updateorder" in route.request.post_data else route.continue_(),
    )
    page.get_by_label("Reference", exact=True).fill("VP-BACK")
    page.keyboard.press("Enter")
    page.get_by_role("alert").get_by_text("The server doesn't answer").wait_for()
    page.unroute("**/api/")
    page.get_by_label("Amount").fill("7")
    page.keyboard.press("Enter")
    page.get_by_role("heading", name="Order VP-BACK").wait_for()
    made = plant.rpc("findorder", "VP-BACK")
    assert (made["amount"], len(made["operations"])) == (7, 2)


def test_a_routing_is_edited_as_rows_and_nothing_of_a_step_is_lost(open_page, make_order, plant):
    order = make_order("VP-ROUTE", [(10, 1), (20, 2), (30, 3)])
    kept = {"op": 10, "act": 1, "name": "Print", "desc": "Side A", "flags": 2, "params": {"own": [1]}}
    plant.rpc("updateorder", order, {}, [kept, {"op": 20, "act": 2}, {"op": 30, "act": 3}])
    page = open_page(f"/ui/order/{order}/route")
    page.get_by_role("button", name="Remove").nth(1).click()
    page.get_by_role("button", name="Add a step").click()
    row = page.locator("tbody tr").last
    assert row.get_by_label("Step", exact=True).input_value() == "40"
    row.get_by_label("Kind of work").select_option(label="REPAIR")
    row.get_by_label("Repair", exact=True).check()
    row.get_by_label("Back to step").fill("10")
    page.get_by_role("button", name="Save the routing").click()
    page.get_by_role("heading", name="Order VP-ROUTE").wait_for()
    first, second, third = plant.rpc("getorder", order)["operations"]
    assert first == kept and second["op"] == 30
    assert (third["op"], third["act"], third["flags"], third["params"]) == (40, 9, 8, {"back_to": 10})
