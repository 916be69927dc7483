"""The frame of all pages in a browser: log-in, menu, search, light and dark, without a mouse."""

import pytest


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_everybody_can_use_a_refusal(open_page, accessible, scheme):
    page = open_page("/ui", color_scheme=scheme)
    page.watched.allowed.append("404 (Not Found)")
    page.goto("/ui/nowhere")
    accessible(page)


def test_a_user_logs_in_by_keyboard_and_out(open_page):
    page = open_page("/ui/search?code=NO-SUCH")
    page.get_by_role("link", name="Log in").press("Enter")
    page.get_by_label("User name").wait_for()
    page.keyboard.type("planner")
    page.keyboard.press("Tab")
    page.keyboard.type("demo-only-planner")
    page.keyboard.press("Enter")
    page.wait_for_url("**/ui/search?code=NO-SUCH")
    assert page.get_by_text("planner", exact=True).is_visible()
    page.get_by_role("button", name="Log out").click()
    page.wait_for_url("**/ui/login?back=*NO-SUCH")
    assert not page.context.cookies()


def test_a_wrong_password_is_told(open_page):
    page = open_page("/ui/login")
    page.watched.allowed.append("403 (Forbidden)")
    page.get_by_label("User name").fill("planner")
    page.get_by_label("Password").fill("wrong")
    page.get_by_role("button", name="Log in").click()
    page.get_by_role("alert").get_by_text("User name or password is wrong").wait_for()


def test_a_password_typed_before_the_modules_have_come_stays_in_its_field(open_page):
    page = open_page("/ui")
    page.watched.allowed.append("Failed to load resource")
    page.route("**/login.js", lambda route: route.abort())
    page.goto("/ui/login")
    page.get_by_label("Password").fill("demo-only-planner")
    page.keyboard.press("Enter")
    assert "demo-only" not in page.url
    assert page.get_by_label("Password").input_value() == "demo-only-planner"


def test_no_script_reads_the_session(open_page):
    page = open_page("/ui/login")
    page.get_by_label("User name").fill("planner")
    page.get_by_label("Password").fill("demo-only-planner")
    page.keyboard.press("Enter")
    page.wait_for_url("**/ui")
    assert page.context.cookies()[0]["name"] == "tp_session"
    assert page.evaluate("document.cookie") == ""


def test_what_is_searched_while_the_server_is_away_stays_in_its_field(page):
    page.watched.allowed.append("Failed to load resource")
    page.route("**/healthz", lambda route: route.abort())
    field = page.get_by_role("searchbox")
    field.fill("NO-SUCH")
    field.press("Enter")
    page.get_by_text("No connection to the server").wait_for()
    assert field.input_value() == "NO-SUCH"
    page.unroute("**/healthz")
    field.press("Enter")
    page.wait_for_url("**/ui/search?code=NO-SUCH")


def test_a_code_of_nothing_is_told_and_can_be_typed_anew(page):
    field = page.get_by_role("searchbox")
    field.fill("<b>NO-SUCH</b>")
    field.press("Enter")
    page.get_by_text("Nothing here has the code “<b>NO-SUCH</b>”").wait_for()
    assert page.get_by_role("searchbox").input_value() == "<b>NO-SUCH</b>"
