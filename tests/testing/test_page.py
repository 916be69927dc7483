"""The testing kit reads a page as a browser does."""

from tracepro.testing.client import Response
from tracepro.testing.page import ShownPage

HTML = """<!doctype html><h1 hidden>Ovens &amp; <b>hot</b>
 plates</h1><form aria-label="&lt;x&gt;"><input type=number required></form><svg><path d="M0"/></svg>"""


def test_a_page_has_the_elements_and_words_that_a_browser_finds():
    page = ShownPage(Response(200, {}, HTML.encode()))
    assert [element.tag for element in page.elements] == ["h1", "b", "form", "input", "svg", "path"]
    assert page.words == "Ovens & hot plates"
    assert page.all("form", aria_label="<x>") == [page.elements[2]]
    assert page.all("input", type="number", required="") and not page.all("input", type="text")
