"""The pages of holes: what they show, to whom, how much of it, and that what clients store is shown as text."""

import re

import pytest

PLUGINS = ("auth", "workplaces", "workers", "orders", "items", "material", "pages")
EVIL = '<b onload="x">&amp;'
SHOWN = "&lt;b onload=&#34;x&#34;&gt;&amp;amp;"
LINES = {
    "lines": [
        {"name": name, "machines": [{"name": f"M{wp_id}", "wp_id": wp_id}]}
        for name, wp_id in (("L1", 100), ("L2", 101))
    ]
}


@pytest.fixture
def database():
    """One is enough, but for the list of workplaces: what else is read here is tested on both elsewhere."""
    return "sqlite"


@pytest.fixture
def floor(make_floor):
    return make_floor(PLUGINS)


def holes(answer):
    assert answer.status == 200
    return [
        int(number) for number in re.findall(r'<th scope="row" class="number hole">(\d+)</th>', answer.text)
    ]


def test_the_holes_of_a_workplace_with_what_they_need_and_what_waits(make_floor):
    floor = make_floor(PLUGINS, splice="queue")
    floor.setwpbom(100, [[1, "R-10K", 2], [2, "C-100N", 1]])
    for lot, amount in (("L1", 1500), ("L2", 7), ("L3", 7), ("L4", 7), ("L5", 7)):
        floor.setwpmat(100, "R-10K", lot, amount, 1)
    answer = floor.plant.rest("GET", "/ui/material/100")
    assert holes(answer) == [2, 1]
    assert "Needs C-100N" in answer.text and "1 hole runs out within 20 units" in answer.text
    assert "764 units" in answer.text and "1\u202f500" in answer.text
    assert ">L4</a>: 7" in answer.text and "L5" not in answer.text and "and 1 more" in answer.text
    assert 'data-hole="1"' in answer.text and 'data-lot="L2"' in answer.text


def test_what_the_order_still_needs_beyond_what_is_loaded(floor):
    floor.setwpbom(100, [[1, "R-10K", 2], [2, "C-100N", 1], [3, "PASTE", 0]])
    for hole, (item, amount) in enumerate((("R-10K", 100), ("C-100N", 4), ("PASTE", 1)), 1):
        floor.setwpmat(100, item, "L1", amount, hole)
    assert "still to be made" not in floor.plant.page("/ui/material/100").words
    floor.updateorder(floor.order, {"amount": 50})
    floor.record(floor.unit("U1"), mat_auto=True)
    page = floor.plant.page("/ui/material/100")
    assert "Order VP-1 , PCB-A: 49 units are still to be made here." in page.words
    # 49 units: 98 pieces are loaded of 98, 3 of 49, and paste is traced only
    assert re.findall(r"(\d+|–)</td>\n<td>\n–", page.response.text) == ["46", "0", "–"]
    floor.updateorder(floor.order, {"amount": 0})
    assert "still to be made" not in floor.plant.page("/ui/material/100").words


def test_a_workplace_with_one_hole_needs_no_scan_of_it(floor):
    floor.setwpbom(100, [[7, "R-10K", 2]])
    assert 'data-wp="100" data-hole="7"' in floor.plant.rest("GET", "/ui/material/100").text
    floor.setwpbom(100, [[7, "R-10K", 2], [8, "R-10K", 2]])
    assert 'data-wp="100">' in floor.plant.rest("GET", "/ui/material/100").text


def test_many_holes_are_shown_in_pages_what_runs_out_first_on_top(floor):
    floor.setwpbom(100, [[number, "R-10K", 1] for number in range(1, 151)])
    first = floor.plant.rest("GET", "/ui/material/100")
    assert holes(first) == [*range(1, 61)] and len(first.body) < 100_000
    (path,) = re.findall(r'href="(/ui/material/100\?after=\d+)">More holes', first.text)
    assert holes(floor.plant.rest("GET", path)) == [*range(61, 121)]
    last = floor.plant.rest("GET", "/ui/material/100?after=120")
    assert holes(last) == [*range(121, 151)] and "More holes" not in last.text


@pytest.mark.parametrize("database", ["sqlite", "postgresql"])
def test_the_list_has_the_workplaces_with_a_bom_or_material_in_pages(floor, monkeypatch):
    assert "No workplace has a BOM or material here" in floor.plant.rest("GET", "/ui/material").text
    floor.setwpbom(100, [[1, "R-10K", 2]])
    floor.setwpmat(101, "R-10K", "L1", 5)
    monkeypatch.setattr("tracepro_material.pages.holes.WORKPLACES", 1)
    first = floor.plant.rest("GET", "/ui/material").text
    assert "/ui/material/100" in first and "/ui/material/101" not in first
    assert 'href="/ui/material?after=100">More' in first
    second = floor.plant.rest("GET", "/ui/material?after=100").text
    assert '<a class="tile" href="/ui/material/101">Placer 2</a>' in second and ">More" not in second


def test_a_number_leads_to_a_workplace_that_has_nothing_yet(floor):
    led = floor.plant.rest("GET", "/ui/material?wp=101")
    assert (led.status, led.headers["location"]) == (303, "/ui/material/101")
    assert "Nothing is loaded here, and no BOM says" in floor.plant.rest("GET", "/ui/material/101").text
    assert floor.plant.rest("GET", "/ui/material/999").status == 404


def test_who_may_only_read_sees_no_way_to_load(floor):
    floor.setwpmat(100, "R-10K", "L1", 5, 1)
    answer = floor.plant.rest("GET", "/ui/material/100", token=floor.plant.token("read"))
    assert holes(answer) == [1]
    for button in ("material.js", "<dialog", 'id="scan"', 'class="close"'):
        assert button not in answer.text
        assert button in floor.plant.rest("GET", "/ui/material/100").text


def test_a_token_of_one_line_sees_the_workplaces_of_that_line(make_floor):
    floor = make_floor((*PLUGINS, "lines"), plant=LINES)
    for wp_id in (100, 101):
        floor.setwpmat(wp_id, "R-10K", f"L{wp_id}", 5)
    token = floor.plant.token("read", "write", lines=["L1"])
    listed = floor.plant.rest("GET", "/ui/material", token=token).text
    assert "/ui/material/100" in listed and "/ui/material/101" not in listed
    assert floor.plant.rest("GET", "/ui/material/100", token=token).status == 200
    assert floor.plant.rest("GET", "/ui/material/101", token=token).status == 403


def test_what_clients_store_is_shown_as_text(make_floor):
    acts = [{"id": 1, "name": "PLACE", "desc": ""}, {"id": 2, "name": "TEST", "desc": ""}]
    named = {
        "acts": acts,
        "workplaces": [{"id": 100, "name": EVIL, "erp_ref": "", "esd": False, "acts": [1]}],
    }
    floor = make_floor(PLUGINS, splice="queue", plant=named)
    for lot in (EVIL, f"2{EVIL}"):
        floor.setwpmat(100, EVIL, lot, 5, 1)
    floor.setwpbom(100, [[1, "R-10K", 1], [2, EVIL, 1]])
    for path in ("/ui/material", "/ui/material/100"):
        answer = floor.plant.rest("GET", path)
        assert answer.status == 200 and EVIL not in answer.text and SHOWN in answer.text
