"""The pages of boxes: what they show, to whom, how much of it, and that what clients store is shown as text."""

import re

import pytest

MORE = ("auth", "pages")
EVIL = '<b onload="x">&amp;'
SHOWN = "&lt;b onload=&#34;x&#34;&gt;&amp;amp;"
BOTH = pytest.mark.parametrize("database", ["sqlite", "postgresql"])


@pytest.fixture
def database():
    """One is enough, but for the two lists in pages."""
    return "sqlite"


@pytest.fixture
def floor(make_floor):
    return make_floor(*MORE)


@pytest.fixture
def get(floor):
    def page(path, *scopes):
        token = floor.plant.token(*scopes) if scopes else None
        return floor.plant.rest("GET", path, token=token)

    return page


def shown(answer, kind):
    """Return the ids of boxes or units that a page links to, in its order."""
    assert answer.status == 200
    return [int(number) for number in re.findall(rf'href="/ui/{kind}/(\d+)"', answer.text)]


def more(answer):
    return re.findall(r'<a class="button" href="(/ui/box[^"]*)">', answer.text)


@BOTH
def test_the_latest_boxes_come_first_in_pages(floor, get, monkeypatch):
    monkeypatch.setattr("tracepro_boxes.pages.BOXES", 2)
    first, second = floor.box(label="A", box_size=4), floor.box(floor.unit(), floor.unit())
    third = floor.box(floor.unit(), box_size=3, inside=[first])
    answer = get("/ui/boxes")
    assert shown(answer, "box") == [third, second] and more(answer) == [f"/ui/boxes?before={second}"]
    assert "2 of 3" in answer.text and '<td class="number">2</td>' in answer.text
    last = get(more(answer)[0])
    assert shown(last, "box") == [first] and more(last) == [] and "0 of 4" in last.text


@BOTH
def test_what_lies_in_a_box_is_shown_in_pages_the_last_packed_first(floor, get, monkeypatch):
    monkeypatch.setattr("tracepro_boxes.pages.BOXES", 2)
    monkeypatch.setattr("tracepro_boxes.pages.UNITS", 2)
    units, inner = [floor.unit() for _ in range(3)], [floor.box(floor.unit()), floor.box(), floor.box()]
    box = floor.box(*units, inside=inner, box_size=10)
    answer = get(f"/ui/box/{box}")
    assert (shown(answer, "unit"), shown(answer, "box")) == (units[:0:-1], inner[:2])
    assert "Filled: 6 of 10" in answer.text and "<br>1 unit<" in answer.text and "<dd>4</dd>" in answer.text
    more_boxes, more_units = more(answer)
    assert shown(get(more_units), "unit") == units[:1]
    assert shown(get(more_boxes), "box") == inner[2:]


def test_a_box_shows_what_it_lies_in_and_what_may_be_done_with_it(floor, get):
    inner, middle, outer = floor.nested(floor.unit())
    assert shown(get(f"/ui/box/{inner}"), "box") == [outer, middle]
    assert shown(get(f"/ui/box/{outer}"), "box") == [middle]
    buttons = {
        "pack": 'id="scan"',
        "close": 'data-status="1"',
        "open": 'data-status="0"',
        "ship": 'data-status="2"',
    }

    def offered(box, *scopes):
        text = get(f"/ui/box/{box}", *scopes).text
        return [name for name, button in buttons.items() if button in text]

    assert offered(inner) == ["pack", "close", "ship"]
    assert offered(inner, "read") == []
    floor.set(outer, status=1)
    assert (offered(outer), offered(inner)) == (["open", "ship"], ["ship"])
    floor.set(outer, status=2)
    assert offered(outer) == [] and 'id="relabel"' not in get(f"/ui/box/{inner}").text


def test_a_label_is_printed_with_its_code(floor, get):
    box = floor.box(floor.unit(), item="PCB-A", label="CARTON-7")
    text = get(f"/ui/box/{box}").text
    assert '<p class="label-code">CARTON-7</p>' in text and '<svg viewBox="0 0 29 29" class="qr">' in text
    assert "style=" not in text
    assert 'class="label"' not in get(f"/ui/box/{floor.box()}").text


def test_a_label_or_a_unit_leads_to_the_box(floor, get):
    panel, (board, _) = floor.panel()
    box = floor.box(panel, label="CARTON-7")
    for code in ("CARTON-7", "P1", "P1%2F1"):
        led = get(f"/ui/boxes?code={code}")
        assert (led.status, led.headers["location"]) == (303, f"/ui/box/{box}"), code
    assert get("/ui/search?code=CARTON-7").headers["location"] == f"/ui/box/{box}"
    lonely = floor.unit(code="LONELY")
    for code in ("LONELY", "nothing", "%00", "x" * 256):
        answer = get(f"/ui/boxes?code={code}")
        assert answer.status in (200, 400) and "location" not in answer.headers
    assert f"/ui/unit/{lonely}" not in get("/ui/boxes?code=LONELY").text


def test_a_code_in_several_boxes_shows_them(floor, get):
    other = floor.make_order("VP-2", "PCB-B")
    boxes = [floor.box(floor.unit(order, "SAME")) for order in (floor.order, other)]
    floor.box()
    answer = get("/ui/boxes?code=SAME")
    assert shown(answer, "box") == boxes and more(answer) == []


def test_there_is_no_page_of_a_box_that_was_never_made(get):
    answer = get("/ui/box/99")
    assert answer.status == 404 and "There is no box 99" in answer.text
    assert "There is no box here." in get("/ui/boxes").text


def test_who_may_only_read_makes_no_box(get):
    assert 'id="make"' in get("/ui/boxes").text
    assert 'id="make"' not in get("/ui/boxes", "read").text
    assert get("/ui/boxes", "write").status == 403


def test_a_page_is_short_however_much_is_in_the_box(floor, get):
    codes = [f"{number:03}{'&' * 200}" for number in range(60)]
    box = floor.box(*(floor.unit(code=code) for code in codes), label="&" * 255)
    answer = get(f"/ui/box/{box}")
    assert len(shown(answer, "unit")) == 50 and len(answer.body) < 200_000


def test_what_clients_store_is_shown_as_text(floor, get):
    order = floor.make_order("VP-2", EVIL)
    inner = floor.box(label=f"in {EVIL}")
    box = floor.box(floor.unit(order, f"U{EVIL}"), item=EVIL, label=EVIL, inside=[inner])
    for path in (
        "/ui/boxes",
        f"/ui/box/{box}",
        f"/ui/box/{inner}",
        f"/ui/boxes?code=no{EVIL.replace('&', '%26')}",
    ):
        answer = get(path)
        assert answer.status == 200 and EVIL not in answer.text and SHOWN in answer.text, path


def panel_of(floor, unit):
    """The links of the panel on a unit's page, and the whole panel."""
    answer = floor.plant.rest("GET", f"/ui/unit/{unit}")
    assert answer.status == 200
    panel = answer.text.partition("<h2>Packed in</h2>")[2].partition("</section>")[0]
    return re.findall(r'href="(/ui/box/\d+)">(.*?)</a>', panel), panel


def test_the_page_of_a_unit_tells_its_box_and_those_around_it(floor):
    unit, other = floor.unit(), floor.unit()
    inner, outer = floor.makebox("", 0, EVIL)["id"], floor.makebox("", 0)["id"]
    floor.addboxitem(inner, unit)
    floor.addboxbox(outer, inner)
    links, panel = panel_of(floor, unit)
    assert links == [
        (f"/ui/box/{inner}", SHOWN),
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
