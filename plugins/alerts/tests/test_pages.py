"""The page of alerts: the open ones, oldest first, cut at a limit, as the caller may see and process them."""

import pytest
from tracepro_alerts import alerts

PLANT = {
    "acts": [{"id": 1, "name": "PLACE"}],
    "workplaces": [{"id": n, "name": f"Place {n} <i>", "acts": [1]} for n in (100, 200)],
    "lines": [
        {"name": "L1", "machines": [{"name": "M1", "wp_id": 100}]},
        {"name": "L2", "machines": [{"name": "M2", "wp_id": 200}]},
    ],
}
MARKUP = "<script>alert(1)</script>"
ESCAPED = "&lt;script&gt;alert(1)&lt;/script&gt;"


@pytest.fixture
def plant(make_plant, database):
    return make_plant(
        ("workplaces", "workers", "orders", "items", "lines", "alerts", "auth", "pages"),
        PLANT,
        database=database,
    )


def make(plant, src="zone 3", target="maintenance", wp_id=100, severity=2, info=""):
    return plant.call("mkalert", "ovens", src, target, wp_id, severity, {}, info)["id"]


def show(plant, query="", **headers):
    answer = plant.rest("GET", f"/ui/alerts{query}", **headers)
    assert answer.status == 200, answer.text
    return answer.text


def processed(text, *ids):
    return [f'id="process-{id}"' in text for id in ids]


def test_open_ones_are_shown_with_severity_in_words_and_a_processed_one_no_more(plant):
    assert "Nothing is open" in show(plant)
    first, last = [make(plant, severity=severity, info=f"Nr {severity}") for severity in (0, 1, 2, 3)][:4:3]
    text = show(plant)
    for word in ("Information", "Warning", "Error", "Alarm"):
        assert word in text
    assert text.index("Nr 0") < text.index("Nr 3") and processed(text, first, last) == [True, True]
    plant.call("processalert", first, {"note": "Done."})
    assert "Nr 0" not in show(plant)


def test_what_clients_store_is_shown_as_text(plant):
    make(plant, src=MARKUP, target=MARKUP, info=MARKUP)
    text = show(plant)
    assert MARKUP not in text and text.count(ESCAPED) == 3
    assert "Place 100 &lt;i&gt;" in text
    assert ESCAPED in show(plant, "?target=%3Cscript%3Ealert(1)%3C%2Fscript%3E")


def test_a_long_list_goes_on_behind_its_last_one(plant):
    ids = [make(plant, info="x" * 60_000) for _ in range(alerts.SHOWN + 2)]
    text = show(plant)
    assert len(text) < 100_000
    assert f'href="/ui/alerts?after={ids[alerts.SHOWN - 1]}&amp;target="' in text
    rest = show(plant, f"?after={ids[alerts.SHOWN - 1]}")
    assert processed(rest, *ids[-3:]) == [False, True, True] and "Later ones" not in rest


def test_those_for_somebody_are_found(plant):
    mine, other = make(plant), make(plant, target="logistics")
    assert processed(show(plant, "?target=maintenance"), mine, other) == [True, False]


def test_a_token_of_a_line_sees_its_own_and_processes_no_other(plant):
    many = [make(plant, wp_id=200) for _ in range(alerts.SHOWN + 1)]
    own, nowhere = make(plant), make(plant, wp_id=None, info="At no place")
    text = show(plant, token=plant.token("read", "write", lines=["L1"]))
    assert processed(text, *many[:2], own, nowhere) == [False, False, True, False]
    assert "At no place" in text and "Place 200" not in text


def test_who_may_only_read_is_shown_no_button(plant):
    alert = make(plant)
    assert processed(show(plant, token=plant.token("read")), alert) == [False]
