"""The pages of lines: how machines stand, who sees which line and which buttons, and what other plugins add."""

import re

import pytest

PLUGINS = ("auth", "pages")
EVIL = "<b onload=x>"
ALL = ("read", "write")


@pytest.fixture
def watched(make_sqlite_watched):
    return make_sqlite_watched(*PLUGINS)


def get(watched, path, *scopes, lines=None):
    token = watched.plant.token(*(scopes or ALL), lines=lines)
    return watched.plant.rest("GET", path, token=token)


def machines(text):
    """Return the state of each machine on a line's page, by name."""
    return dict(
        re.findall(
            r'<h2><a [^>]*>([^<]*)</a></h2>\n<p class="said">.*?</span> ([^<]*)</span>', text, re.DOTALL
        )
    )


def test_a_machine_is_shown_in_the_first_state_that_holds(watched):
    def states():
        return machines(get(watched, "/ui/line/SMT-1").text)

    assert states() == dict.fromkeys(("printer", "placer", "AOI"), "No order")
    order = watched.make_order(amount=4)
    watched.setlineorder("SMT-1", order)
    watched.setlinelogin("SMT-1", [100], [31])
    assert states() == {"printer": "Idle", "placer": "Idle", "AOI": "No step"}
    watched.lineaddop(1, "U1")
    watched.blockworkplace(101, EVIL)
    text = get(watched, "/ui/line/SMT-1").text
    assert machines(text) == {"printer": "Working", "placer": "Blocked", "AOI": "No step"}
    assert "Done: 0 of 4" in text and "A. Svoboda" in text and "<span>1</span> counted" in text
    assert "&lt;b onload=x&gt;" in text and EVIL not in text
    watched.plant.clock.advance(seconds=601)
    assert states()["printer"] == "Idle"
    watched.updateorder(order, {"status": 2})
    assert states()["printer"] == "Order not active" and states()["placer"] == "Blocked"


def test_what_clients_store_is_shown_as_text(watched):
    order = watched.make_order(EVIL, EVIL, steps=[{"op": 10, "act": 1, "name": EVIL}])
    watched.setlineorder("SMT-1", order)
    watched.plant.load({"lines": [{"name": f"A/{EVIL}", "machines": [{"name": EVIL, "wp_id": 140}]}]})
    for path in (
        "/ui/lines",
        "/ui/line/SMT-1",
        "/ui/line/A%2F%3Cb%20onload=x%3E",
        "/ui/lines/order?line_name=A%2F%3Cb%20onload=x%3E",
        "/ui/lines/login?line_name=A%2F%3Cb%20onload=x%3E",
    ):
        answer = get(watched, path)
        assert answer.status == 200 and EVIL not in answer.text and "&lt;b onload=x&gt;" in answer.text, path
    assert 'href="/ui/line/A%2F%3Cb%20onload%3Dx%3E"' in get(watched, "/ui/lines").text


def test_a_token_sees_its_own_lines_and_what_its_scopes_allow(watched):
    shown = get(watched, "/ui/lines", lines=["SMT-1"]).text
    assert "/ui/line/SMT-1" in shown and "SMT-2" not in shown
    for path in ("/ui/line/SMT-2", "/ui/lines/order?line_name=SMT-2", "/ui/lines/login?line_name=SMT-2"):
        assert get(watched, path, lines=["SMT-1"]).status == 403, path
        assert get(watched, path.replace("SMT-2", "SMT-1"), lines=["SMT-1"]).status == 200, path
    assert "Set order" in get(watched, "/ui/line/SMT-1", lines=["SMT-1"]).text
    assert "Set order" not in get(watched, "/ui/line/SMT-1", "read").text
    assert get(watched, "/ui/lines/order?line_name=SMT-1", "read").status == 403


def test_a_line_that_is_not_there_is_told(watched):
    for path in ("/ui/line/NONE", "/ui/lines/order", "/ui/lines/login?line_name=NONE"):
        answer = get(watched, path)
        assert answer.status == 404 and "There is no line" in answer.text, path


def test_other_plugins_show_alerts_and_tools_of_the_line(make_watched):
    watched = make_watched(*PLUGINS, "alerts", "tooling")
    assert "None open" in get(watched, "/ui/line/SMT-1").text
    for wp_id, severity in ((100, 1), (102, 2), (110, 3), (None, 3)):
        watched.mkalert("m", "s", "t", wp_id, severity)
    text = get(watched, "/ui/line/SMT-1").text
    assert "2 open at this line" in text and "Error</span>" in text
    assert "Tool life" not in text
    rest = watched.plant.rest
    process = rest("PUT", "/api/processes/", {"name": "P", "machine_id": 101}).json["id"]
    holder = rest("PUT", "/api/tools/assemblies/", {"name": "H", "process_id": process}).json["id"]
    for name, used in (("worn", 99), (EVIL, 120), ("new", 3), ("endless", 7)):
        tool = {"name": name, "assembly_id": holder, "part_count": used, "warn_percent": 90}
        life = {} if name == "endless" else {"part_life": 100}
        rest("PUT", "/api/tools/", {**tool, **life})
    text = get(watched, "/ui/line/SMT-1").text
    found = re.findall(
        r'<b>placer</b>: <a href="/ui/tool/\d+">([^<]*)</a>.*?</span> ([^<]*)</span>', text, re.DOTALL
    )
    assert found == [("&lt;b onload=x&gt;", "Replace now"), ("worn", "Replace soon"), ("new", "Good")]
    assert "Tool life" not in get(watched, "/ui/line/SMT-2").text


def test_carts_of_the_order_are_shown_docked_or_missing(make_sqlite_watched):
    watched = make_sqlite_watched(*PLUGINS, "material", "smdcarts")
    order = watched.make_order()
    watched.setlineorder("SMT-1", order)
    reels = [{"hole_no": 1, "mat_item": "R", "scanned_lot": "L1"}]
    cart = {"machine": "placer", "bank": 1, "item_data": reels}
    watched.setcartsfororder(order, 20, "P", {"C-<b>": cart})
    assert re.search(
        r"<td>placer</td>.*C-&lt;b&gt;.*Missing 1", get(watched, "/ui/line/SMT-1").text, re.DOTALL
    )
    watched.setwpmat(101, "R", "L1", 10, 1)
    assert "Docked" in get(watched, "/ui/line/SMT-1").text
