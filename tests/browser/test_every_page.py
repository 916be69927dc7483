"""Every page in a browser: it complains of nothing, asks no other host, everybody can use it, and it fits a phone.

Where TRACEPRO_SCREENSHOTS is a folder, as for `make screenshots`, each page is kept there as a picture.
"""

import os
from collections import defaultdict
from contextlib import suppress
from pathlib import Path

import httpx
import pytest

from tests.pages.every_page import PAGES, paths

PANEL = {"width": 1280, "height": 800}
PHONE = {"width": 390, "height": 844}


@pytest.fixture(scope="module")
def path_of_page(plant):
    """The path of each page by its name."""
    return paths(plant.rpc)


@pytest.fixture(scope="module")
def administrator(plant):
    """The session of somebody who may see every page, as a browser keeps it."""
    who = {"username": "chief", "password": "demo-only-chief"}
    session = httpx.post(f"{plant.url}/ui/login", json=who).cookies["tp_session"]
    return {"cookies": [{"name": "tp_session", "value": session, "domain": "127.0.0.1", "path": "/"}]}


@pytest.fixture(scope="module")
def browsers(new_page, administrator):
    """The browsers of whom a page is for, by its scope; a new one takes longer than to look at a page in it."""
    anybody, chief = new_page(), new_page(storage_state=administrator)
    yield defaultdict(lambda: anybody, admin=chief)
    for page in (anybody, chief):
        page.context.close()


@pytest.mark.parametrize("name", PAGES)
def test_every_page_can_be_looked_at_by_everybody(browsers, accessible, path_of_page, name):
    page = browsers[PAGES[name].scope]
    page.watched.forget()
    page.emulate_media(color_scheme="light")
    page.set_viewport_size(PANEL)
    page.goto(path_of_page[name])
    if folder := os.environ.get("TRACEPRO_SCREENSHOTS"):
        take_picture(page, Path(folder) / f"{name}.png")
    accessible(page)
    page.emulate_media(color_scheme="dark")
    accessible(page, "color-contrast")  # nothing else differs
    page.set_viewport_size(PHONE)
    wide = page.evaluate("document.documentElement.scrollWidth")
    assert wide <= PHONE["width"], f"{name} is {wide} pixels wide on a phone"
    assert page.watched.complaints == []


def take_picture(page, file):
    """Keep a page as a picture, with few colours where Pillow is installed."""
    page.screenshot(path=file)
    with suppress(ImportError):
        from PIL import Image

        Image.open(file).convert("RGB").quantize(48).save(file, optimize=True)
