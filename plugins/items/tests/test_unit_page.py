"""The page of a unit, the list of its parts and its whole record."""

import re

import pytest
from tracepro_items.pages import family, parts, timeline, unit_route

PLUGINS = ("workplaces", "workers", "orders", "items", "material", "auth", "pages")
PCB, PANEL, ASSEMBLY = 1, 2, 3
OPTIONAL, REPEATABLE, REPAIR = 1, 2, 8
IN, MEASUREMENT = 11, 2
EVIL = '<script>alert("x")</script>'
STEPS = [
    {"op": 10, "act": 1, "name": "Print", "flags": REPEATABLE},
    {"op": 20, "act": 2, "name": "Look", "flags": OPTIONAL},
    {"op": 30, "act": 3, "name": "Test", "flags": REPEATABLE},
    {"op": 35, "act": 9, "name": "Mend", "flags": REPAIR},
]
BOTH = pytest.mark.parametrize("database", ["sqlite", "postgresql"], indirect=True)


@pytest.fixture
def database(request):
    """SQLite, and PostgreSQL too where a test reads by statements of the pages."""
    return getattr(request, "param", "sqlite")


@pytest.fixture
def floor(make_floor):
    floor = make_floor(PLUGINS)
    floor.make_order(STEPS)
    return floor


def get(floor, path):
    answer = floor.plant.rest("GET", path)
    assert answer.status == 200, answer.text
    assert len(answer.body) < 100_000
    return answer.text


def ticks(text):
    """The steps of a page with their states."""
    rows = re.findall(r'class="step">(.*?)</span>.*?</span> (.*?)\n?</span>', text, re.DOTALL)
    return {int(name.split()[0]): word.strip() for name, word in rows}


def boxes(text):
    """Titles, links and captions of the picture."""
    picture = text.partition('<svg class="genealogy"')[2].partition("</section>")[0]
    found = re.findall(
        r'<(?:a href="([^"]*)"|g) class="node[^>]*>.*?class="name">(.*?)</text>.*?<text[^>]*>(.*?)</text>',
        picture,
        re.DOTALL,
    )
    return [(name, link, caption) for link, name, caption in found]


def test_the_route_has_a_tick_for_each_step(floor):
    unit = floor.unit("U-1")
    assert ticks(get(floor, "/ui/unit/U-1")) == {
        10: "Waiting",
        20: "Waiting",
        30: "Waiting",
        35: "Not needed",
    }
    assert "Not begun, next 10 Print" in get(floor, "/ui/unit/U-1")
    floor.do(unit, 10)
    floor.do(unit, 30, result=4)
    text = get(floor, "/ui/unit/U-1")
    assert ticks(text) == {10: "Passed", 20: "Skipped", 30: "Failed", 35: "Due"}
    assert "Failed at 30 Test" in text and "Failed (4)" in text
    assert '<a href="/ui/station/100">Line</a>, J. Novak' in text
    floor.do(unit, 30)
    assert "✔</span> Done" in get(floor, f"/ui/unit/{unit}")


@pytest.mark.parametrize(("mark", "word"), [("setitemscrap", "Scrapped"), ("setitembadmark", "Marked bad")])
def test_a_bad_unit_says_so_and_why(floor, mark, word):
    unit = floor.unit("U-1")
    getattr(floor, mark)(unit, 100, [32], EVIL)
    text = get(floor, "/ui/unit/U-1")
    assert f"✘</span> {word}" in text and "&lt;script&gt;" in text and "<script>" not in text


def test_digits_are_an_id_first_and_a_code_where_there_is_no_such_id(floor):
    first, second = floor.unit("2"), floor.unit("4711")
    assert (first, second) == (1, 2)
    assert "<h1>Unit 4711" in get(floor, "/ui/unit/2")
    assert "<h1>Unit 4711" in get(floor, "/ui/unit/4711")


def test_a_code_of_several_products_leads_to_the_search(floor):
    floor.unit("SAME")
    floor.make_order(STEPS, "VP-2", "PCB-B")
    floor.unit("SAME")
    led = floor.plant.rest("GET", "/ui/unit/SAME")
    assert (led.status, led.headers["location"]) == (303, "/ui/search?code=SAME")
    text = get(floor, "/ui/search?code=SAME")
    assert "Unit SAME of PCB-A" in text and "Unit SAME of PCB-B" in text


@BOTH
def test_the_search_finds_either_code(floor):
    unit = floor.unit("U-1")
    floor.setitembarcode2(unit, "SERIAL/7")
    for code in ("U-1", "SERIAL/7"):
        led = floor.plant.rest("GET", f"/ui/search?code={code}")
        assert (led.status, led.headers["location"]) == (303, f"/ui/unit/{unit}")
    assert "SERIAL/7" in get(floor, "/ui/unit/SERIAL/7")


@pytest.mark.parametrize("path", ["/ui/unit/NONE", "/ui/unit/999", "/ui/unit/9999999999999999999999"])
def test_what_is_not_there_is_told_in_a_sentence(floor, path):
    answer = floor.plant.rest("GET", path)
    assert answer.status == 404 and "There is no unit with the code" in answer.text


def test_unknown_parts_and_records_are_not_found(floor):
    assert floor.plant.rest("GET", "/ui/unit-parts/9").status == 404
    assert floor.plant.rest("GET", "/api/units/9/record").status == 404


@BOTH
def test_the_picture_has_hosts_parts_and_lots_with_designators_and_links(floor):
    panel, (first, second, _) = floor.panel("P1")
    lot = floor.receivemat("R-10K", "LOT/7", 100)["wfloormat_id"]
    floor.addopwithmat(panel, 10, None, 100, [32], mat=[[lot, "R1", 1, 0], [lot, "R2", 1, 0]])
    device = floor.unit("D", ASSEMBLY)
    floor.do(device, 10, data=[[IN, "A1", "P1/2"]])
    assert boxes(get(floor, "/ui/unit/P1/2")) == [
        ("D", f"/ui/unit/{device}", "at A1 of it · PCB-A"),
        ("P1", f"/ui/unit/{panel}", "panel, this is board 2 · PCB-A"),
        ("P1/2", "", "PCB-A"),
        ("LOT/7", "/ui/lot/R-10K/LOT%2F7", "R1, R2 · R-10K"),
    ]
    assert boxes(get(floor, "/ui/unit/D"))[1:] == [("P1/2", f"/ui/unit/{second}", "A1 · PCB-A")]
    down = boxes(get(floor, "/ui/unit/P1"))
    assert down[0] == ("P1", "", "PCB-A") and ("P1/1", f"/ui/unit/{first}", "board 1 · PCB-A") in down
    table = get(floor, "/ui/unit/P1/2").partition("<details>")[2]
    assert f'<td>+1</td><td><a href="/ui/unit/{device}">D</a></td><td>at A1 of it</td>' in table
    assert '<td>−1</td><td><a href="/ui/lot/R-10K/LOT%2F7">LOT/7</a></td><td>R1, R2</td>' in table


@BOTH
def test_many_parts_and_lots_are_cut_and_listed_in_pages(floor):
    device = floor.unit("D", ASSEMBLY)
    for number in range(105):
        floor.unit(f"C{number}")
    floor.do(device, 10, data=[[IN, f"X{number}", f"C{number}"] for number in range(105)])
    lots = [floor.receivemat("R", f"L{number}", 9)["wfloormat_id"] for number in range(20)]
    floor.addopwithmat(device, 30, None, 100, [32], mat=[[lot, f"R{lot}", 1, 0] for lot in lots])
    found = boxes(get(floor, "/ui/unit/D"))
    assert len(found) == 1 + family.PARTS[0] + 1 + family.LOTS + 1
    assert (f"and {105 - family.PARTS[0]} more", f"/ui/unit-parts/{device}", "all parts of it") in found
    assert (f"and {20 - family.LOTS} more lots", f"/ui/unit-parts/{device}#lots", "all lots of it") in found
    first = get(floor, f"/ui/unit-parts/{device}")
    more = re.search(r'href="(/ui/unit-parts/\d+\?after=\d+)"', first)[1]
    rest = get(floor, more)
    assert [text.count('<td><a href="/ui/unit/') for text in (first, rest)] == [parts.PAGE_ROWS, 5]
    assert "X104" in rest and "?after=" not in rest and first.count("/ui/lot/R/L") == 20


@BOTH
def test_a_large_panel_is_cut_and_listed_in_pages(floor):
    panel, boards = floor.panel("P1", 120)
    found = boxes(get(floor, "/ui/unit/P1"))
    assert found[-1][0] == f"and {120 - family.PARTS[0]} more"
    text = get(floor, f"/ui/unit-parts/{panel}")
    assert f"/ui/unit-parts/{panel}?board=100" in text
    assert f'href="/ui/unit/{boards[-1]}"' in get(floor, f"/ui/unit-parts/{panel}?board=100")


def test_deep_trees_are_cut_where_one_can_go_on(floor):
    codes = [f"T{number}" for number in range(9)]
    for code in codes:
        floor.unit(code, ASSEMBLY)
    for outer, inner in zip(codes, codes[1:], strict=False):
        floor.do(floor.item(outer)["id"], 10, data=[[IN, "X", inner]])
    names = [name for name, *_ in boxes(get(floor, "/ui/unit/T0"))]
    assert names == ["T0", "T1", "T2", "T3", "1 part"]
    names = [name for name, *_ in boxes(get(floor, "/ui/unit/T8"))]
    assert names == ["Further up", "T4", "T5", "T6", "T7", "T8"]


@BOTH
def test_the_records_come_in_pages_the_newest_first(floor):
    unit = floor.unit("U-1")
    ops = [floor.do(unit, 10, data=[[0, "n", f"row {n}"]]) for n in range(timeline.PAGE + 3)]
    first = get(floor, "/ui/unit/U-1")
    more = re.search(r'href="(/ui/unit/\d+\?before=(\d+))#records"', first)
    assert int(more[2]) == ops[3]
    rest = get(floor, more[1])
    seen = re.findall(r"<td>row (\d+)</td>", first + rest)
    assert seen == [str(n) for n in reversed(range(timeline.PAGE + 3))]
    assert "?before=" not in rest and "genealogy" not in rest.partition("<h1>")[2]


def test_what_the_panel_did_stands_with_the_board_unless_it_was_bad(floor):
    panel, (first, second, _) = floor.panel("P1")
    floor.setitemscrap(second, 100, [32])
    floor.do(panel, 10, data=[[MEASUREMENT, "U", {"value": 3.3, "low": 3, "unit": "V"}]])
    text = get(floor, f"/ui/unit/{first}")
    assert f'<a href="/ui/unit/{panel}">on its panel</a>' in text and "3.3 V (3 to …)" in text
    assert "Nothing was recorded yet." in get(floor, f"/ui/unit/{second}")


@BOTH
def test_long_data_is_cut_and_said_to_be(floor):
    unit = floor.unit("U-1")
    floor.do(unit, 10, data=[[0, "old", "x"]])
    floor.do(unit, 10, data=[[0, f"{n} {'k' * 240}", "v" * 1000] for n in range(timeline.DATA_OF_PAGE + 1)])
    text = get(floor, "/ui/unit/U-1")
    assert text.count("vvv…</td>") == timeline.DATA and text.count("More than can be shown here") == 2


def test_a_cancelled_record_says_so(floor):
    unit = floor.unit("U-1")
    floor.cancelop(floor.do(unit, 10), 100, [32], "wrong")
    assert "Cancelled" in get(floor, "/ui/unit/U-1") and ticks(get(floor, "/ui/unit/U-1"))[10] == "Waiting"


def test_long_routes_are_cut(floor):
    steps = [{"op": n, "act": 1, "name": f"Step {n}"} for n in range(1, unit_route.STEPS + 6)]
    floor.make_order(steps, "VP-LONG")
    floor.unit("U-1")
    assert "and 5 more steps" in get(floor, "/ui/unit/U-1")


def test_every_text_is_shown_as_text(floor):
    order = floor.make_order([{"op": 10, "act": 1, "name": EVIL}], EVIL, EVIL, item_name=EVIL)
    unit = floor.unit(EVIL, ASSEMBLY, order)
    floor.setitembarcode2(unit, f"2{EVIL}")
    part = floor.unit(f"P{EVIL}", order=order)
    lot = floor.receivemat(EVIL, EVIL, 9)["wfloormat_id"]
    data = [
        [IN, EVIL, f"P{EVIL}"],
        [0, EVIL, EVIL],
        [0, "json", [EVIL]],
        [2, EVIL, {"value": 1, "unit": EVIL}],
    ]
    floor.addopwithmat(unit, 10, None, 100, [32], mat=[[lot, EVIL, 1, 0]], data=data)
    for path in (f"/ui/unit/{unit}", f"/ui/unit/{part}", f"/ui/unit-parts/{unit}", "/ui/unit/<script>"):
        text = floor.plant.rest("GET", path).text
        assert "&lt;script&gt;" in text and not re.search(
            r"<script(?!( type=\"module\")? src=\"/ui/files/)", text
        )


def test_the_whole_record_is_one_json_object_however_long(floor):
    unit = floor.unit("U-1", ASSEMBLY)
    for number in range(60):
        floor.unit(f"C{number}")
    ops = [floor.do(unit, 10, data=[[10, "slot", n]]) for n in range(53)]
    floor.do(unit, 30, data=[[IN, f"X{n}", f"C{n}"] for n in range(60)])
    record = floor.plant.rest("GET", f"/api/units/{unit}/record").json
    assert record["item"]["barcode"] == "U-1" and record["order"]["erp_ref"] == "VP-1"
    assert [operation["id"] for operation in record["operations"][1:]] == ops[::-1]
    assert record["operations"][1]["data"] == [[10, "slot", 52]] and record["slots"] == {"slot": 52}
    assert [part["ref"] for part in record["components"]] == [f"X{n}" for n in range(60)]
    assert record["state"] == "Done" and record["boards"] == []
    board = floor.plant.rest("GET", f"/api/units/{floor.item('C7')['id']}/record").json
    assert board["in"] == [{"kind": "component", "ref": "X7", "item_id": unit}]
    assert board["operations"] == []


def test_a_record_with_more_data_than_a_list_may_have_is_sent_all_the_same(make_floor):
    floor = make_floor(PLUGINS, parameters={"api": {"list_rows": 30}})
    floor.make_order(STEPS)
    unit = floor.unit("U-1")
    for _ in range(3):
        floor.do(unit, 10, data=[[0, str(n), n] for n in range(20)])
    record = floor.plant.rest("GET", f"/api/units/{unit}/record").json
    assert [len(operation["data"]) for operation in record["operations"]] == [20, 20, 20]


def test_more_material_than_a_list_may_have_is_said_to_be(make_floor):
    floor = make_floor(PLUGINS, parameters={"api": {"list_rows": 30}})
    floor.make_order(STEPS)
    unit = floor.unit("U-1")
    lot = floor.receivemat("R", "L", 99)["wfloormat_id"]
    for _ in range(2):
        floor.addopwithmat(unit, 10, None, 100, [32], mat=[[lot, f"R{n}", 1, 0] for n in range(20)])
    text = get(floor, "/ui/unit/U-1")
    assert text.count("More than can be shown here") == 2
