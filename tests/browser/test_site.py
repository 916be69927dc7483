"""The page of the site and that of the audit in a browser, as somebody who administers the server."""


def test_an_administrator_sees_what_runs_and_searches_the_audit(open_page, accessible, plant):
    page = open_page("/ui/login?back=/ui/site", color_scheme="dark")
    page.keyboard.type("chief")
    page.keyboard.press("Tab")
    page.keyboard.type("demo-only-chief")
    page.keyboard.press("Enter")
    page.get_by_text("The server is ready.").wait_for()
    page.get_by_text("Nothing: the files are what runs").wait_for()
    accessible(page)
    page.emulate_media(color_scheme="light")
    accessible(page)
    page.get_by_role("link", name="Audit: who changed what").press("Enter")
    page.get_by_label("Unit's code or id").fill("<b>NONE</b>")
    page.keyboard.press("Enter")
    page.get_by_text("Nothing was found").wait_for()
    assert page.get_by_label("Unit's code or id").input_value() == "<b>NONE</b>"
    plant.rpc("setuserdata", "audited", "c", 1)
    page.goto("/ui/audit")
    page.get_by_role("heading", name="setuserdata").first.wait_for()
    accessible(page)
    page.emulate_media(color_scheme="dark")
    accessible(page)
