"""The pages of tools in a browser: a tool is replaced with a photo, and that undone."""

import base64

import httpx
import pytest

PNG = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAIAAACQd1PeAAAADElEQVR4nGP4z8AAAAMBAQDJ/pLvAAAAAElFTkSuQmCC"
)


@pytest.fixture
def tool(plant):
    """A tool that is due, in mill A of the demo plant."""
    fields = {"name": "Drill <b>5.0</b>", "assembly_id": 1, "part_life": 100, "part_count": 120}
    answer = httpx.put(f"{plant.url}/api/tools/", json=fields)
    assert answer.status_code == 201, answer.text
    return answer.json()["id"]


def test_everybody_can_use_them(open_page, accessible, tool):
    page = open_page("/ui/tools", color_scheme="dark")
    accessible(page)
    page.emulate_media(color_scheme="light")
    accessible(page)
    page.goto(f"/ui/tool/{tool}")
    accessible(page)
    page.emulate_media(color_scheme="dark")
    accessible(page)


def test_a_tool_is_replaced_with_a_photo_and_that_is_undone(open_page, accessible, tool):
    page = open_page(f"/ui/tool/{tool}")
    page.get_by_text("Replace now").wait_for()
    page.get_by_label("Why").select_option("Broken")
    page.get_by_label("Notes").fill("<i>dull</i>")
    page.get_by_label("Photo of the worn tool").set_input_files(
        files=[{"name": "edge.png", "mimeType": "image/png", "buffer": PNG}]
    )
    page.get_by_role("button", name="Replace").focus()
    page.keyboard.press("Enter")
    page.get_by_role("status").get_by_text("The tool is replaced.", exact=True).wait_for()
    page.locator(".state.ok", has_text="Good").wait_for()
    page.get_by_role("cell", name="<i>dull</i>").wait_for()
    image = page.get_by_role("img", name="The worn tool")
    image.scroll_into_view_if_needed()
    page.wait_for_function("document.querySelector('td img').naturalWidth === 1")
    accessible(page)
    page.get_by_role("button", name="Undo the last replacement").press("Enter")
    accessible(page)
    page.get_by_role("button", name="Undo it").press("Enter")
    page.get_by_text("The replacement is undone.").wait_for()
    page.get_by_text("It was never replaced").wait_for()
    page.get_by_text("Replace now").wait_for()


def test_a_photo_that_is_none_is_told_and_another_may_follow(open_page, tool):
    page = open_page(f"/ui/tool/{tool}")
    page.watched.allowed.append("415")
    page.get_by_label("Photo of the worn tool").set_input_files(
        files=[{"name": "edge.png", "mimeType": "image/png", "buffer": b"no picture"}]
    )
    page.get_by_role("button", name="Replace").click()
    page.get_by_role("status").get_by_text("The tool is replaced, but its photo was not kept").wait_for()
    page.get_by_label("Add a photo").set_input_files(
        files=[{"name": "edge.png", "mimeType": "image/png", "buffer": PNG}]
    )
    page.get_by_text("The photo is kept.").wait_for()
