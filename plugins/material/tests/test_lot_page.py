"""The page of a lot, and its moves as CSV."""

import csv
import re
from io import StringIO

import pytest
from tracepro_material.pages import lot as lot_page
from tracepro_material.pages import moves

PLUGINS = ("workplaces", "workers", "orders", "items", "material", "boxes", "auth", "pages")
BOTH = pytest.mark.parametrize("database", ["sqlite", "postgresql"], indirect=True)
EVIL = '<script>alert("x")</script>'


@pytest.fixture
def database(request):
    """SQLite, and PostgreSQL too where a test reads by statements of the pages."""
    return getattr(request, "param", "sqlite")


@pytest.fixture
def floor(make_floor):
    return make_floor(PLUGINS)


def get(floor, path, **how):
    answer = floor.plant.rest("GET", path, **how)
    assert answer.status == 200, answer.text
    assert len(answer.body) < 100_000
    return answer.text


def facts(text):
    """What the page says of the lot, by word."""
    return dict(re.findall(r"<dt>(.*?)</dt><dd>(.*?)</dd>", text))


def rows_of(text, section):
    """The first cells of a section's table, without tags."""
    body = text.partition(f'id="{section}"')[2].partition("</section>")[0].partition("<tbody>")[2]
    cells = re.findall(r"<tr>(.*?)</tr>", body, re.DOTALL)
    strip = re.compile(r"<[^>]+>")
    return [
        [strip.sub("", cell).strip() for cell in re.findall(r"<td.*?</td>", row, re.DOTALL)] for row in cells
    ]


@BOTH
def test_a_lot_says_where_it_is_and_how_much_there_was(floor):
    lot = floor.lot("R-10K", "L/1", 100)
    floor.setwpmat(100, "R-10K", "L/1", 30, 5)
    floor.writeoffmat(lot, 7, "wet")
    floor.record(floor.unit("U1"), mat=[[lot, "R1", 2.5, 0]])
    text = get(floor, "/ui/lot/R-10K/L/1")
    said = facts(text)
    assert said["Article"] == "R-10K"
    amounts = [said[word] for word in ("Received", "On the floor", "Loaded", "Written off", "Used")]
    assert amounts == ["100", "60.5", "30", "7", "2.5"]
    assert [said[word] for word in ("Units", "Orders", "Boxes")] == ["1", "1", "0"]
    assert '30 at <a href="/ui/station/100">Placer</a>, hole 5' in text and "60.5 on the floor" in text
    assert [row[1:] for row in rows_of(text, "moves")] == [
        ["Written off", "7", "–", "wet"],
        ["Loaded", "30", "Placer, hole 5", "–"],
        ["Received", "100", "–", "–"],
    ]


@BOTH
def test_what_a_lot_went_into_is_listed_in_pages_with_hosts_and_boxes(floor):
    lot = floor.lot("R", "L", 1000)
    units = [floor.unit(f"U{number}") for number in range(lot_page.UNITS + 2)]
    for unit in units:
        floor.record(unit, mat=[[lot, "R1", 1, 0]])
    host = floor.unit("HOST", 3)
    floor.record(host, data=[[11, "A1", "U0"]])
    box = floor.makebox("", 0, "B1")["id"]
    floor.addboxitem(box, host)
    text = get(floor, "/ui/lot/R/L")
    assert rows_of(text, "units")[0] == ["U0", "VP-1", "PCB-A", "HOST (A1)", f"Box {box}"]
    assert facts(text)["Units"] == str(len(units)) and facts(text)["Boxes"] == "1"
    more = re.search(r'href="(/ui/lot/R/L\?after=\d+)#units"', text)[1]
    rest = get(floor, more)
    assert [row[0] for row in rows_of(text, "units") + rows_of(rest, "units")] == [
        f"U{n}" for n in range(len(units))
    ]
    assert "?after=" not in rest


def test_more_units_than_are_counted_are_said_to_be_more(floor, monkeypatch):
    monkeypatch.setattr(lot_page, "COUNTED", 3)
    lot = floor.lot()
    for number in range(4):
        floor.record(floor.unit(f"U{number}"), mat=[[lot, "", 1, 0]])
    assert facts(get(floor, "/ui/lot/R-10K/L1"))["Units"] == "3 or more"


def test_panels_of_more_boards_than_a_list_may_have_come_one_by_one(make_floor, make_plant):
    floor = make_floor(PLUGINS)
    order = floor.make_order("VP-P", "PCB-P", mptp=1, mpcount=150)
    lot = floor.lot()
    for number in range(2):
        floor.record(floor.unit(f"P{number}", 2, order), mat=[[lot, "", 1, 0]])
    text = get(floor, "/ui/lot/R-10K/L1")
    assert len(rows_of(text, "units")) == lot_page.ROWS
    assert f"and {302 - lot_page.ROWS} more boards of these panels" in text


@BOTH
def test_moves_come_in_pages_the_newest_first(floor, monkeypatch):
    monkeypatch.setattr(lot_page, "MOVES", 3)
    lot = floor.lot(amount=100)
    for number in range(5):
        floor.writeoffmat(lot, 1, f"w{number}")
    first = get(floor, "/ui/lot/R-10K/L1")
    more = re.search(r'href="(/ui/lot/R%2D10K/L1|/ui/lot/R-10K/L1)\?before=(\d+)#moves"', first)
    rest = get(floor, f"/ui/lot/R-10K/L1?before={more[2]}")
    assert [row[4] for row in rows_of(first, "moves") + rows_of(rest, "moves")] == [
        "w4",
        "w3",
        "w2",
        "w1",
        "w0",
        "–",
    ]


@BOTH
def test_every_move_is_in_the_csv_however_many(floor, monkeypatch):
    monkeypatch.setattr(moves, "PAGE", 2)
    lot = floor.lot(amount=100)
    for number in range(3):
        floor.writeoffmat(lot, 1, f"w{number}")
    units = [floor.unit(f"U{number}") for number in range(3)]
    for unit in units:
        floor.record(unit, mat=[[lot, "R1", 1, 0], [lot, "R2", 1.5, 0]])
    floor.cancelop(floor.record(units[0], mat=[[lot, "R3", 1, 0]]), 100, [32], "wrong")
    answer = floor.plant.rest("GET", f"/api/lots/{lot}/moves")
    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    rows = list(csv.DictReader(StringIO(answer.text)))
    told = [(row["move"], row["amount"], row["unit"], row["designator"], row["reason"]) for row in rows]
    assert told[:4] == [
        *(("Written off", "1", "", "", f"w{number}") for number in (2, 1, 0)),
        ("Received", "100", "", "", ""),
    ]
    taken = {
        ("Taken", amount, f"U{n}", ref, "") for n in range(3) for ref, amount in (("R1", "1"), ("R2", "1.5"))
    }
    assert set(told[4:]) == taken | {
        ("Taken", "1", "U0", "R3", ""),
        ("Given back", "1", "U0", "R3", "cancelled"),
    }
    assert len(told) == 12


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@sum", "\t=1", "\r=1"])
def test_no_cell_is_a_formula(text):
    assert moves.safe(text) == f"'{text}"
    assert moves.safe("R1=2") == "R1=2"


def test_texts_of_clients_are_no_formulas_in_the_csv(floor):
    lot = floor.lot()
    floor.writeoffmat(lot, 1, "=cmd|' /C calc'!A0")
    floor.record(floor.unit("+U"), mat=[[lot, "@R1", 1, 0]])
    rows = list(csv.reader(StringIO(floor.plant.rest("GET", f"/api/lots/{lot}/moves").text)))
    assert rows[1][-1] == "'=cmd|' /C calc'!A0" and rows[-1][-3:-1] == ["'+U", "'@R1"]


def test_unknown_lots_are_told_in_a_sentence(floor):
    answer = floor.plant.rest("GET", "/ui/lot/R-10K/NONE")
    assert answer.status == 404 and "There is no lot NONE of R-10K" in answer.text
    assert floor.plant.rest("GET", "/api/lots/9/moves").status == 404


def test_slashes_may_be_in_article_and_lot(floor):
    for article, number in (("A/B", "C/D"), ("A", "1/2")):
        floor.lot(article, number)
        text = get(floor, f"/ui/lot/{article}/{number}")
        assert f"<h1>Lot {number}</h1>" in text and facts(text)["Article"] == article


@BOTH
@pytest.mark.parametrize("code", ["L/1", "R-10K;L/1", "R-10K;L/1;5"])
def test_the_search_finds_a_lot_by_its_number_and_by_its_label(floor, code):
    floor.lot("R-10K", "L/1")
    led = floor.plant.rest("GET", f"/ui/search?code={code.replace(';', '%3B')}")
    assert (led.status, led.headers["location"]) == (303, "/ui/lot/R-10K/L%2F1")


def test_one_number_of_two_articles_is_shown_as_two_lots(floor):
    for article in ("R-10K", "C-1U"):
        floor.lot(article, "SAME")
    text = get(floor, "/ui/search?code=SAME")
    assert "/ui/lot/R-10K/SAME" in text and "/ui/lot/C-1U/SAME" in text


def test_every_text_is_shown_as_text(floor):
    lot = floor.lot(EVIL, EVIL)
    floor.writeoffmat(lot, 1, EVIL)
    order = floor.make_order(EVIL, EVIL)
    host, unit = floor.unit(f"H{EVIL}", 3, order), floor.unit(EVIL, 1, order)
    floor.record(unit, mat=[[lot, EVIL, 1, 0]])
    floor.record(host, data=[[11, EVIL, EVIL]])
    for path in (f"/ui/lot/{EVIL}/{EVIL}", "/ui/lot/<script>/<script>"):
        text = floor.plant.rest("GET", path).text
        assert "&lt;script&gt;" in text and not re.search(
            r"<script(?!( type=\"module\")? src=\"/ui/files/)", text
        )


def test_only_who_may_write_off_is_offered_it(floor):
    floor.lot()
    for scopes, lines, offered in (
        (["read"], None, False),
        (["read", "write"], ["L1"], False),
        (["read", "write"], None, True),
    ):
        text = get(floor, "/ui/lot/R-10K/L1", token=floor.plant.token(*scopes, lines=lines))
        assert ('id="write-off"' in text) == offered and ("material/lot.js" in text) == offered
