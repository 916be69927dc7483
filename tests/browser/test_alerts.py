"""The page of alerts in a browser: one is processed with its form, by keyboard, while the list behind goes on by itself."""

import json

import pytest

FIELDS = [
    {"name": "cause", "title": "Cause <b>", "type": "choice", "required": True, "choices": ["fan", "heater"]},
    {"name": "minutes", "title": "Minutes lost", "type": "integer", "required": True, "choices": None},
    {"name": "changed", "title": "Part changed", "type": "boolean", "required": False, "choices": None},
    {"name": "note", "title": "Note", "type": "string", "required": False, "choices": None},
]


@pytest.fixture
def alert(plant):
    """Return a function that makes an alert and returns its id."""

    def make(info):
        return plant.rpc("mkalert", "ovens", "zone 3", "test", 103, 2, {}, info)["id"]

    return make


def test_everybody_can_use_it(open_page, alert, accessible):
    made = alert("Zone 3 is at <b>271</b> °C.")
    page = open_page("/ui/alerts?target=test", color_scheme="dark")
    accessible(page)
    page.locator(f"#process-{made}").click()
    page.get_by_role("dialog").wait_for()
    accessible(page)
    page.emulate_media(color_scheme="light")
    accessible(page)
    page.keyboard.press("Escape")
    accessible(page)


def test_an_alert_is_processed_by_keyboard(open_page, alert):
    made, other = alert("Zone 3 is hot."), alert("Zone 4 is hot.")
    page = open_page("/ui/alerts?target=test")
    page.watched.allowed.append("400 (Bad Request)")
    page.locator(f"#process-{made}").focus()
    page.keyboard.press("Enter")
    dialog = page.get_by_role("dialog", name="Zone 3 is hot.")
    dialog.wait_for()
    page.keyboard.press("Enter")
    dialog.get_by_text("Note must be filled in.", exact=True).wait_for()
    page.keyboard.type("Fan changed.")
    page.keyboard.press("Enter")
    page.get_by_role("status").get_by_text(f"Alert {made} is processed.").wait_for()
    dialog.wait_for(state="detached")
    assert not page.locator(f"#process-{made}").count() and page.locator(f"#process-{other}").count()
    assert page.evaluate("document.activeElement.dataset.alert")


def test_what_is_typed_outlives_the_list(open_page, alert):
    made = alert("Zone 3 is hot.")
    page = open_page("/ui/alerts?target=test")
    page.locator(f"#process-{made}").click()
    page.get_by_label("Note").fill("Half a sen")
    later = alert("Zone 5 is hot.")
    page.evaluate(
        "import(document.querySelector('script[src*=\"pages.js\"]').src).then((pages) => pages.refresh())"
    )
    page.locator(f"#process-{later}").wait_for(state="attached")
    assert page.get_by_label("Note").input_value() == "Half a sen"
    page.keyboard.press("Escape")
    page.wait_for_function(f"document.activeElement.id === 'process-{made}'")


def test_a_form_has_a_field_of_each_kind_and_tells_what_is_wrong_with_it(open_page, alert):
    made, sent = alert("Zone 3 is hot."), []

    def answer(route):
        asked = json.loads(route.request.post_data)
        sent.append(asked["params"])
        if asked["method"] == "getalertfields":
            return route.fulfill(json={"jsonrpc": "2.0", "id": 1, "result": FIELDS})
        data = {
            "code": "invalid-params",
            "info": "Wrong.",
            "fields": {"minutes": "Minutes lost must be <i>less</i>."},
        }
        return route.fulfill(
            json={"jsonrpc": "2.0", "id": 1, "error": {"code": -32602, "message": "x", "data": data}}
        )

    page = open_page("/ui/alerts?target=test")
    page.route("**/api/", answer)
    page.locator(f"#process-{made}").click()
    page.get_by_label("Cause <b>").select_option("heater")
    page.get_by_label("Minutes lost").fill("1000")
    page.get_by_label("Part changed").select_option("No")
    page.get_by_role("dialog").get_by_role("button", name="Process").click()
    page.get_by_text("Minutes lost must be <i>less</i>.").wait_for()
    assert sent[-1] == {
        "alert_id": made,
        "appstruct": {"cause": "heater", "minutes": 1000, "changed": False, "note": None},
    }
    assert page.get_by_label("Minutes lost").get_attribute("aria-invalid") == "true"
