"""What boxes show on pages: where a unit is packed, and where a label leads."""

import re

import pytest

LABEL = "<b>BOX</b>"


@pytest.fixture
def database():
    return "sqlite"


@pytest.fixture
def floor(make_floor):
    return make_floor("auth", "pages")


def panel_of(floor, unit):
    """The links of the panel on a unit's page, and the whole panel."""
    answer = floor.plant.rest("GET", f"/ui/unit/{unit}")
    assert answer.status == 200
    panel = answer.text.partition("<h2>Packed in</h2>")[2].partition("</section>")[0]
    return re.findall(r'href="(/ui/box/\d+)">(.*?)</a>', panel), panel


def test_the_page_of_a_unit_tells_its_box_and_those_around_it(floor):
    unit, other = floor.unit(), floor.unit()
    inner, outer = floor.makebox("", 0, LABEL)["id"], floor.makebox("", 0)["id"]
    floor.addboxitem(inner, unit)
    floor.addboxbox(outer, inner)
    links, panel = panel_of(floor, unit)
    assert links == [
        (f"/ui/box/{inner}", "&lt;b&gt;BOX&lt;/b&gt;"),
        (f"/ui/box/{outer}", f"Box {outer}"),
    ]
    assert "as a part" not in panel
    assert panel_of(floor, other) == ([], "")


def test_a_part_lies_where_what_it_is_built_into_lies(floor):
    panel, boards = floor.panel("P1", 2)
    box = floor.makebox("", 0, "B1")["id"]
    floor.addboxitem(box, panel)
    links, text = panel_of(floor, boards[0])
    assert links == [(f"/ui/box/{box}", "B1")] and "It lies there as a part of another unit." in text


def test_a_label_leads_to_its_box(floor):
    box = floor.makebox("", 0, "B/1")["id"]
    led = floor.plant.rest("GET", "/ui/search?code=B/1")
    assert (led.status, led.headers["location"]) == (303, f"/ui/box/{box}")
