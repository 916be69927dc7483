"""Every page in a browser: it complains of nothing, asks no other host, everybody can use it, and it fits a phone.

Where TRACEPRO_SCREENSHOTS is a folder, as for `make screenshots`, each page is kept there as a picture.
"""

import os
from contextlib import suppress
from pathlib import Path

import httpx
import pytest

from tests.pages.every_page import PAGES, paths

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


@pytest.mark.parametrize("name", PAGES)
def test_every_page_can_be_looked_at_by_everybody(open_page, accessible, path_of_page, administrator, name):
    who = {"storage_state": administrator} if PAGES[name].scope == "admin" else {}
    page = open_page(path_of_page[name], **who)
    if folder := os.environ.get("TRACEPRO_SCREENSHOTS"):
        take_picture(page, Path(folder) / f"{name}.png")
    accessible(page)
    page.emulate_media(color_scheme="dark")
    accessible(page, "color-contrast")  # nothing else differs
    page.set_viewport_size(PHONE)
    wide = page.evaluate("document.documentElement.scrollWidth")
    assert wide <= PHONE["width"], f"{name} is {wide} pixels wide on a phone"


def take_picture(page, file):
    """Keep a page as a picture, with few colours where Pillow is installed."""
    page.screenshot(path=file)
    with suppress(ImportError):
        from PIL import Image

        Image.open(file).convert("RGB").quantize(48).save(file, optimize=True)
