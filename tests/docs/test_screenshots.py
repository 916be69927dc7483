"""docs/pages.md tells of every page, with a picture of each that is no larger than it must be."""

import re

from repository_pages import ROOT, text_of

from tests.pages.every_page import PAGES

LARGEST = 100_000
PICTURES = ROOT / "docs" / "screenshots"


def test_every_page_of_the_plugins_is_told_with_its_picture():
    told = set(re.findall(r"!\[[^]]+\]\(screenshots/(\w+)\.png\)", text_of("docs/pages.md")))
    assert told == set(PAGES), (
        "write about each page in docs/pages.md, and take its picture with make screenshots"
    )


def test_every_picture_is_there_small_and_shown():
    shown = set(re.findall(r"\(screenshots/(\w+)\.png\)", text_of("docs/pages.md")))
    files = {file.stem: file for file in PICTURES.glob("*.png")}
    assert set(files) == shown
    large = {name: size for name, file in files.items() if (size := file.stat().st_size) > LARGEST}
    assert large == {}, "pip install pillow, then make screenshots"
