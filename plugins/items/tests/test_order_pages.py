"""What units add to the page of an order, and the page of its units."""

import re

import pytest
from tracepro_items.pages import order as pages

PLUGINS = ("auth", "workplaces", "workers", "orders", "items", "pages")
EVIL = "<b onload=x>"


@pytest.fixture
def floor(make_sqlite_floor):
    return make_sqlite_floor(PLUGINS)


def get(floor, path):
    answer = floor.plant.rest("GET", path)
    assert answer.status == 200
    return answer.text


def units(text):
    return re.findall(r'href="/ui/unit/\d+">([^<]*)</a>', text)


def test_an_order_shows_what_its_steps_count_and_how_much_is_through_the_last_it_needs(floor):
    steps = [
        {"op": 10, "act": 1},
        {"op": 20, "act": 2},
        {"op": 30, "act": 3, "flags": 1},
        {"op": 40, "act": 9, "flags": 8},
    ]
    order = floor.make_order(steps, amount=7)
    for number in range(3):
        unit = floor.unit(f"U{number}")
        floor.do(unit, 10)
        floor.do(unit, 20, result=number // 2)
    floor.plant.call("setitemscrap", floor.item("U0")["id"], 100, [32], "cracked")
    text = get(floor, f"/ui/order/{order}")
    assert "Done: 1 of 7" in text
    rows = re.findall(
        r'<tr><td>(\d+ [^<]*)</td><td class="number">(\d+)</td><td class="number">(\d+)</td>\n<td class="number">([^<]*)<',
        text,
    )
    assert rows[:2] == [("10 ACT 1", "3", "0", "100.0\u202f%"), ("20 ACT 2", "2", "1", "66.7\u202f%")]
    assert rows[2:] == [("30 ACT 3", "0", "0", "–"), ("40 ACT 9", "0", "0", "–")]
    assert "<svg" in text and f'href="/ui/order/{order}/units"' in text
    assert "Done: 1 of 7" in get(floor, "/ui/orders")


def test_of_an_order_without_steps_nothing_is_done(floor):
    order = floor.make_order([])
    assert "Done: 0" in get(floor, f"/ui/order/{order}") and "Done: 0" in get(floor, "/ui/orders")


def test_what_clients_store_is_shown_as_text_and_a_long_routing_is_cut(floor):
    steps = [{"op": op, "act": 1, "name": f"{EVIL}{op}"} for op in range(1, 1001)]
    order = floor.make_order(steps, erp_ref=EVIL, product=EVIL)
    unit = floor.unit(EVIL)
    floor.do(unit, 1)
    floor.plant.call("setitemscrap", unit, 100, [32], EVIL)
    shown, listed = get(floor, f"/ui/order/{order}"), get(floor, f"/ui/order/{order}/units")
    assert EVIL not in shown and EVIL not in listed
    assert listed.count("&lt;b onload=x&gt;") >= 4
    assert "… and 960 more steps." in shown and len(shown) < 100_000


def test_units_are_filtered_and_go_on_after_the_last_that_was_looked_through(
    make_floor, database, monkeypatch
):
    monkeypatch.setattr(pages, "SHOWN", 2)
    monkeypatch.setattr(pages, "LOOKED_THROUGH", 4)
    floor = make_floor(PLUGINS)
    order = floor.make_order()
    ids = [floor.unit(f"U{number}") for number in range(6)]
    floor.make_order(erp_ref="VP-2", product="PCB-B")
    floor.unit("ELSEWHERE")
    floor.plant.call("setitemscrap", ids[5], 100, [32], "cracked")
    floor.do(ids[0], 10)
    first = get(floor, f"/ui/order/{order}/units")
    assert units(first) == ["U0", "U1"] and "10 ACT 1" in first
    found, path = [], f"/ui/order/{order}/units"
    while path:
        text = get(floor, path)
        found.append(units(text))
        link = re.search(rf'<a class="button" href="(/ui/order/{order}/units\?[^"]*)"', text)
        path = link and link[1].replace("&amp;", "&")
    assert found == [["U0", "U1"], ["U2", "U3"], ["U4", "U5"]]
    scrapped = get(floor, f"/ui/order/{order}/units?bad=1")
    assert units(scrapped) == [] and "look further" in scrapped
    assert units(get(floor, f"/ui/order/{order}/units?bad=1&after={ids[3]}")) == ["U5"]
    assert floor.plant.rest("GET", "/ui/order/99/units").status == 404
