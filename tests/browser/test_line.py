"""A line in a browser: the page for a wall screen keeps up by itself; its order is set and workers log in by keyboard."""

import pytest

FIVE_SECONDS = 5_000


@pytest.fixture
def order(plant, request):
    made = plant.rpc("makeorder", f"VP-{request.node.name}"[:60], "PCB-L", 1, 1, 3)["id"]
    plant.rpc("updateorder", made, {}, [{"op": 10, "act": 17, "name": "Mill"}])
    plant.rpc("setlineorder", "MILL-1", made)
    yield made
    plant.rpc("setlineorder", "MILL-1", None)


@pytest.mark.parametrize(
    ("scheme", "pages"),
    [
        ("light", ["line/MILL-1", "lines", "lines/order?line_name=MILL-1", "lines/login?line_name=MILL-1"]),
        ("dark", ["line/MILL-1"]),
    ],
)
def test_everybody_can_use_it(open_page, accessible, order, scheme, pages):
    page = open_page("/ui", color_scheme=scheme)
    for path in pages:
        page.goto(f"/ui/{path}")
        accessible(page)


def test_it_keeps_up_by_itself_and_keeps_the_focus(open_page, plant, order):
    page = open_page("/ui")
    page.clock.install()
    page.goto("/ui/line/MILL-1")
    page.get_by_text("Done: 0 of 3").wait_for()
    page.locator("#set-order").focus()
    unit = plant.rpc("getitem", order, f"U-{order}", 1)["id"]
    plant.rpc("addop", unit, 10, 17, 150, [31])
    page.clock.run_for(FIVE_SECONDS)
    page.get_by_text("Done: 1 of 3").wait_for()
    card = page.locator(".machines .card", has=page.get_by_role("link", name="mill A"))
    card.get_by_text("Working").wait_for()
    assert page.evaluate("document.activeElement.id") == "set-order"


def test_its_order_is_set_and_taken_off_by_keyboard(open_page, plant, order):
    plant.rpc("setlineorder", "MILL-1", None)
    page = open_page("/ui/line/MILL-1")
    page.get_by_role("link", name="Set order").press("Enter")
    page.wait_for_url("**/ui/lines/order?*")
    page.keyboard.type("VP-NONE")
    page.keyboard.press("Enter")
    page.get_by_role("alert").get_by_text("There is no order VP-NONE").wait_for()
    reference = plant.rpc("getorder", order)["erp_ref"]
    page.get_by_label("Reference of the order").fill(reference)
    page.keyboard.press("Enter")
    page.get_by_role("link", name=reference).wait_for()
    assert plant.rpc("linegetinfo", "MILL-1")["line"]["order_id"] == order
    page.get_by_role("link", name="Set order").press("Enter")
    page.wait_for_url("**/ui/lines/order?*")
    page.get_by_role("button", name="Take the order off").press("Enter")
    page.get_by_text("No order").first.wait_for()
    assert plant.rpc("linegetinfo", "MILL-1")["line"]["order_id"] is None


def test_workers_log_in_by_their_cards_one_after_the_other(open_page, plant):
    page = open_page("/ui/lines/login?line_name=MILL-1")
    for card, said in (("04A1B1", "A. Svoboda is logged in."), ("04A1B2", "J. Novak is logged in.")):
        page.keyboard.type(card)
        page.keyboard.press("Enter")
        page.get_by_role("status").get_by_text(said).wait_for()
    page.keyboard.type("NOBODY")
    page.keyboard.press("Enter")
    page.get_by_role("alert").get_by_text("Nobody has this card").wait_for()
    machines = plant.rpc("linegetinfo", "MILL-1")["line"]["machines"]
    assert [machine["worker_ids"] for machine in machines] == [[31, 32], [31, 32]]
