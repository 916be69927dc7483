"""What the pages of stations show, and to whom."""

import pytest
from tracepro_items.pages import station

from tracepro.app import create_app
from tracepro.rpc.dispatcher import Dispatcher
from tracepro.testing.asgi import AsgiClient

PLUGINS = ("workplaces", "workers", "orders", "items", "lines", "auth", "pages")
MARKUP = "<script>alert(1)</script>"
PLANT = {
    "acts": [{"id": 1, "name": "PRINT", "desc": "Printing"}],
    "workplaces": [
        {"id": 100, "name": "Printer", "erp_ref": "WP100", "acts": [1]},
        {"id": 101, "name": f"Placer {MARKUP}", "erp_ref": "WP101", "acts": [1]},
        {"id": 140, "name": "Repair", "erp_ref": "WP140", "acts": []},
    ],
    "workers": [{"id": 31, "name": f"A. {MARKUP}"}],
    "lines": [
        {"name": "L1", "machines": [{"name": "printer", "wp_id": 100, "op": 10, "act": 1}]},
        {"name": "L2", "machines": [{"name": "placer", "wp_id": 101}]},
    ],
}
STEPS = [{"op": 10, "act": 1, "name": f"Print {MARKUP}", "flags": 2}]


@pytest.fixture
def plant(make_plant):
    return make_plant(PLUGINS, plant=PLANT)


@pytest.fixture
def get(plant):
    """Return a function that gets a path, with a token if one is given."""
    app = create_app(plant.site, threads=2, dispatcher=Dispatcher(plant.site, inline=True))
    client = AsgiClient(app)

    def get_path(path, token=None):
        return client("GET", path, **({"authorization": f"Bearer {token}"} if token else {}))

    return get_path


def book(plant, times=1):
    order = plant.call("makeorder", f"VP {MARKUP}", f"P {MARKUP}", 1, 1)["id"]
    plant.call("updateorder", order, {}, STEPS)
    unit = plant.call("getitem", order, f"U {MARKUP}", 1)["id"]
    for _ in range(times):
        plant.call("addop", unit, 10, None, 101, [31])
    return order


def test_a_station_shows_who_is_there_and_its_last_records_and_no_more(plant, get):
    book(plant, station.RECORDS + 1)
    plant.call("loginwp", 31, 101)
    answer = get("/ui/station/101")
    assert answer.status == 200 and 'data-workers="31"' in answer.text
    assert answer.text.count("<tr><td>") == station.RECORDS
    assert len(answer.body) < 100_000


def test_texts_of_clients_are_shown_as_texts(plant, get):
    order = book(plant)
    plant.call("loginwp", 31, 101)
    plant.call("setlineorder", "L2", order)
    plant.call("blockworkplace", 101, MARKUP)
    pages = get("/ui/station/101").text, get("/ui/stations?q=%3Cscript").text
    for page in pages:
        assert MARKUP not in page and "&lt;script&gt;" in page


def test_a_station_that_is_not_there_is_told(get):
    assert [get(f"/ui/station/{wp_id}").status for wp_id in ("999", "x")] == [404, 404]


def test_who_may_only_read_books_nothing(plant, get):
    assert "&#34;may_book&#34;: true" in get("/ui/station/100", plant.token("read", "write")).text
    assert "&#34;may_book&#34;: false" in get("/ui/station/100", plant.token("read")).text


def test_a_terminal_of_one_line_opens_and_lists_its_own_stations(plant, get):
    token = plant.token("read", "write", lines=["L1"])
    assert get("/ui/station/100", token).status == 200
    assert get("/ui/station/101", token).status == 403
    listed = get("/ui/stations", token).text
    assert "/ui/station/100" in listed and "/ui/station/101" not in listed


def test_the_bookings_of_people_are_told_from_those_of_terminals_by_whose_keys_they_have(plant, get):
    assert "&#34;by&#34;: &#34;anonymous&#34;" in get("/ui/station/100").text


@pytest.mark.parametrize("text", ["140", "WP140", "Repair", " ]C1WP140 "])
def test_a_code_of_a_station_leads_to_it(get, text):
    answer = get(f"/ui/stations?q={text.replace(' ', '%20')}")
    assert (answer.status, answer.headers["location"]) == (303, "/ui/station/140")


def test_the_search_of_every_page_finds_stations(get):
    assert get("/ui/search?code=WP140").headers["location"] == "/ui/station/140"


def test_a_part_of_a_name_lists_those_that_have_it(get):
    listed = get("/ui/stations?q=pri").text
    assert "/ui/station/100" in listed and "/ui/station/140" not in listed
    assert "No station here has “nothing”" in get("/ui/stations?q=nothing").text


def test_a_long_list_of_stations_has_more(get, monkeypatch):
    monkeypatch.setattr(station, "STATIONS", 2)
    first = get("/ui/stations").text
    assert first.count('class="tile"') == 2 and "/ui/stations?q=&amp;after=101" in first
    assert "/ui/station/140" in get("/ui/stations?q=&after=101").text
