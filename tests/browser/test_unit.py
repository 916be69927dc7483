"""The page of a unit and that of a lot in a browser: the picture by keyboard, light and dark, on a phone, writing off."""

import itertools
import json

import pytest

NUMBERS = itertools.count(1)
STEPS = [{"op": 10, "act": 1, "name": "Assemble", "flags": 2}, {"op": 20, "act": 8, "name": "Test"}]
WORK = {"op": 10, "act": None, "wp_id": 100, "workers": [32]}


@pytest.fixture
def family(plant):
    """A device with a module at A1, both with a lot; their codes are of this test alone."""
    number = next(NUMBERS)
    order = plant.rpc("makeorder", f"FAMILY-{number}", f"DEVICE-{number}", 1, 1, 0)["id"]
    plant.rpc("updateorder", order, {}, STEPS)
    device, module = f"DEV-{number}", f"MOD-{number}"
    ids = [plant.rpc("getitem", order, code, 3)["id"] for code in (device, module)]
    lot = plant.rpc("receivemat", f"SCREW-{number}", f"LOT/{number}", 100)["wfloormat_id"]
    plant.rpc("addopwithmat", item_id=ids[1], mat=[[lot, "S1", 2, 0]], **WORK)
    plant.rpc("addopwithmat", item_id=ids[0], mat=[[lot, "S7", 4, 0]], data=[[11, "A1", module]], **WORK)
    return {"device": device, "module": module, "lot": f"LOT/{number}", "article": f"SCREW-{number}"}


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_everybody_can_use_the_pages_of_a_unit_and_of_a_lot(open_page, accessible, family, scheme):
    page = open_page(f"/ui/unit/{family['device']}", color_scheme=scheme)
    page.get_by_text("As a table").click()
    accessible(page)
    page.get_by_role("link", name=family["lot"]).first.click()
    page.get_by_role("heading", name=f"Lot {family['lot']}").wait_for()
    page.get_by_text("Write off").first.click()
    accessible(page)


def test_the_keyboard_leads_to_a_component_and_back(open_page, family):
    page = open_page("/ui")
    page.get_by_role("searchbox").fill(family["device"])
    page.keyboard.press("Enter")
    page.get_by_role("heading", name=family["device"]).wait_for()
    picture = page.get_by_role("group", name="Genealogy")
    assert "A1 · " in picture.text_content() and "S7 · " in picture.text_content()
    for _ in range(30):
        page.keyboard.press("Tab")
        if family["module"] in page.evaluate("document.activeElement.textContent.slice(0, 40)"):
            break
    page.keyboard.press("Enter")
    page.get_by_role("heading", name=family["module"]).wait_for()
    assert "at A1 of it" in page.get_by_role("group", name="Genealogy").text_content()
    page.go_back()
    page.get_by_role("heading", name=family["device"]).wait_for()


def test_the_whole_record_is_a_file(open_page, family):
    page = open_page(f"/ui/unit/{family['device']}")
    with page.expect_download() as download:
        page.get_by_role("link", name="The whole record as JSON").click()
    with open(download.value.path(), encoding="utf-8") as file:
        assert json.load(file)["item"]["barcode"] == family["device"]


def test_nothing_is_wider_than_a_phone_but_what_scrolls_itself(open_page, family):
    page = open_page(f"/ui/unit/{family['device']}")
    page.set_viewport_size({"width": 390, "height": 800})
    for path in (f"/ui/unit/{family['device']}", f"/ui/search?code={family['lot']}"):
        page.goto(path)
        assert page.evaluate("document.documentElement.scrollWidth") <= 390


def test_a_lot_is_written_off_once_with_a_reason(open_page, family):
    page = open_page(f"/ui/search?code={family['lot']}")
    page.get_by_text("Write off").first.click()
    page.get_by_label("How much is lost").fill("4")
    page.get_by_label("Why").fill("<i>wet</i>")
    page.get_by_role("button", name="Write off").click()
    page.get_by_role("cell", name="<i>wet</i>").wait_for()
    assert page.get_by_role("cell", name="Written off").count() == 1
    assert "90 on the floor" in page.text_content("main")
