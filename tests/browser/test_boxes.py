"""Packing by scan: with a keyboard alone, as a scanner types; and the label that is printed."""

import pytest

STEPS = [{"op": 10, "act": 12}]


@pytest.fixture
def units(plant):
    """Return a function that makes units of a new product and returns their codes."""

    def make(product, number):
        order = plant.rpc("makeorder", f"VP-{product}", product, 1, 1, 0)["id"]
        plant.rpc("updateorder", order, {}, STEPS)
        codes = [f"{product}-{n}" for n in range(number)]
        for code in codes:
            plant.rpc("getitem", order, code, 1)
        return codes

    return make


def scan(page, code):
    page.keyboard.type(code)
    page.keyboard.press("Enter")


def told(page, text):
    page.locator("#told").get_by_text(text).wait_for()


def test_three_units_are_packed_without_a_mouse(open_page, plant, units):
    first, second, third, fourth = units("PACKED", 4)
    plant.rpc("makebox", "PACKED", 3, "CARTON-P")
    page = open_page("/ui/boxes")
    scan(page, "CARTON-P")
    page.get_by_role("heading", name="CARTON-P").wait_for()
    for number, code in enumerate((first, second), 1):
        scan(page, code)
        told(page, f"✔ Unit {code} of PACKED is in. {number} of 3 in the box.")
    scan(page, first)
    told(page, f"✘ Unit {first} lies in box")
    scan(page, third)
    told(page, "The box is full: 3 of 3.")
    scan(page, fourth)
    told(page, "take another box, or give it another size")
    page.get_by_role("button", name="Take out", exact=True).first.focus()
    page.keyboard.press("Enter")
    scan(page, second)
    told(page, f"✔ Unit {second} of PACKED is out. 2 of 3 in the box.")
    page.locator("#around").get_by_text("Filled: 2 of 3").wait_for()
    page.get_by_role("button", name="Close the box").focus()
    page.keyboard.press("Enter")
    told(page, "nothing goes in or out")
    assert plant.rpc("getboxbylabel", "CARTON-P")["status"] == 1


def test_a_code_that_is_several_things_is_chosen(open_page, plant, units):
    (code,) = units("DOUBLE", 1)
    plant.rpc("makebox", "", 0, code)
    outer = plant.rpc("makebox", "")["id"]
    page = open_page(f"/ui/box/{outer}")
    scan(page, code)
    told(page, "is several things. Choose one.")
    page.get_by_role("button", name=f"Box {code}").click()
    told(page, f"✔ Box {code} is in. 1 in the box.")
    assert plant.rpc("getbox", outer)["items"] == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_everybody_can_use_it(open_page, accessible, plant, units, scheme):
    label = f"CARTON-{scheme}"
    (code,) = units(f"AXE-{scheme}", 1)
    inner = plant.rpc("makebox", "")["id"]
    box = plant.rpc("makebox", "", 5, label)["id"]
    plant.rpc("addboxbox", box, inner)
    page = open_page("/ui/boxes", color_scheme=scheme)
    accessible(page)
    page.goto(f"/ui/box/{box}")
    scan(page, code)
    told(page, "2 of 5 in the box.")
    page.get_by_role("button", name=f"Take out {code}").wait_for()
    accessible(page)
    page.emulate_media(media="print")
    assert page.get_by_text(label).last.is_visible() and not page.get_by_role("heading").first.is_visible()
