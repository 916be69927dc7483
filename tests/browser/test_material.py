"""Loading material at a workplace by scan: with a keyboard alone, as a scanner types."""

import pytest

WP = 111
HOLE = "R-10K-0603"


def scan(page, code):
    page.keyboard.type(code)
    page.keyboard.press("Enter")


def told(page, text):
    page.locator("#told").get_by_text(text).wait_for()


def test_reels_are_loaded_and_closed_without_a_mouse(open_page, plant):
    plant.rpc("receivemat", HOLE, "KEYS-1", 1000)
    page = open_page(f"/ui/material/{WP}")
    scan(page, "1")
    told(page, "Hole 1: scan the label of the reel.")
    scan(page, f"{HOLE};KEYS-1;1000")
    told(page, f"✔ {HOLE}, lot KEYS-1 is in hole 1: 1000.")
    page.locator("#holes").get_by_text("166 units").wait_for()

    scan(page, f"{HOLE};KEYS-2")  # the reel first, and a label without an amount
    told(page, "scan the hole it goes into")
    scan(page, "HOLE 2")
    page.get_by_role("dialog").get_by_text("How much is on the reel?").wait_for()
    scan(page, "90")
    told(page, "✘ Hole 2 of workplace 111 takes C-470U-35V, not R-10K-0603; load the right article.")

    page.get_by_role("button", name="Close lot KEYS-1 in hole 1").focus()
    page.keyboard.press("Enter")
    page.get_by_role("dialog").get_by_text("lot KEYS-1: 1000 booked").wait_for()
    scan(page, "900")
    told(page, "✔ Lot KEYS-1 is off hole 1, 900 went to the floor. 100 less than booked.")
    page.locator("#holes").get_by_text(f"Needs {HOLE}").wait_for()
    assert page.evaluate("document.activeElement.id") == "code"


def test_a_reel_that_got_no_answer_is_booked_once_when_it_is_tried_again(open_page, plant):
    plant.rpc("receivemat", "C-470U-35V", "LOST-1", 500)
    page = open_page(f"/ui/material/{WP}")
    page.watched.allowed.append("ERR_FAILED")
    keys = []

    def lose(route):
        keys.append(route.request.headers["idempotency-key"])
        if len(keys) > 1:
            return route.continue_()
        route.fetch()  # the server books it, and the answer is lost
        return route.abort()

    page.route("**/api/", lose)
    for answer in ("The server doesn't answer. Do the same again: it is booked once.", "is in hole 2: 500."):
        scan(page, "2")
        scan(page, "C-470U-35V;LOST-1;500")
        told(page, answer)
    assert len(set(keys)) == 1
    plant.rpc("closewpmat", WP, "C-470U-35V", "LOST-1", 500, 2)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_everybody_can_use_it(open_page, accessible, plant, scheme):
    page = open_page("/ui/material", color_scheme=scheme)
    accessible(page)
    page.get_by_role("link", name="SMT-1 placer A").click()
    page.get_by_role("heading", name="Material at SMT-1 placer A").wait_for()
    page.wait_for_load_state()
    scan(page, "1")
    told(page, "Hole 1: scan the label")
    accessible(page)
