"""What holds for every page, whoever wrote it: small, as fast after ten years, nothing of others, no text taken for markup."""

import re
from collections import Counter
from functools import cache
from html.parser import HTMLParser

import pytest

from examples.morning import play
from tests.demo import make_demo
from tests.pages.every_page import PAGES, paths
from tests.pages.stored_texts import change_texts
from tracepro.layout import renderer_of
from tracepro.testing.makers import PlantMaker
from tracepro.testing.watched import is_framing, watched

LARGEST = 100_000
VOID = {"br", "hr", "img", "input", "link", "meta", "col"}
"""Elements without an end."""
PLAIN_PAGES = {"login"}
"""Those that are for whoever isn't known yet: no search, nobody's name."""
OF_NO_LINE = {
    "unit": "a unit goes over all lines",
    "lot": "a lot lies on all of them",
    "order": "an order is worked on at any line",
}
"""Pages that name other lines than those of the caller, and why."""
EVIL = """"'><script src="/x.js"></script><img src=x onerror=alert(1)><b title='{{ 7 * 7 }}"""
PLAIN = "x" * len(EVIL)


class Recorder:
    """The statements of what was read, since it was emptied."""

    def __init__(self):
        self.statements = []

    def __call__(self, sql, values):
        if not is_framing(sql):
            self.statements.append(sql)


@pytest.fixture(scope="module")
def recorder():
    return Recorder()


@pytest.fixture(scope="module")
def plant(databases, tmp_path_factory, recorder):
    """The demo plant after the morning; tests may only add to it."""
    maker = PlantMaker(databases, tmp_path_factory.mktemp("every-page"), "sqlite")
    with watched(recorder):
        yield after_the_morning(maker)
        maker.close()


def after_the_morning(make_plant, boards=6, **values):
    """Make the demo plant, with the ovens of the examples, and play the morning on it."""
    plant = make_demo(make_plant, "ovens", **values)
    play(plant, boards)
    return plant


@cache
def administrator(plant):
    """Return the one token of a plant for which every page is."""
    return plant.token("read", "write", "admin")


def shown(plant, mark="", token=None):
    """Return every page of a plant by its name."""
    token = token or administrator(plant)
    return {name: plant.page(path, token=token) for name, path in paths(plant.call, mark).items()}


def faults_of(page):
    """Yield what is wrong with a page that is shown."""
    if page.status != 200:
        yield f"status {page.status}: {page.words}"
    if len(page.response.body) > LARGEST:
        yield f"{len(page.response.body)} bytes"
    if not page.all("main", id="main"):
        yield "it stands in no frame"
    for element in page.elements:
        for name in ("src", "href", "action"):
            if not re.match(r"(/(?!/)|#|\?|data:image/|$)", element.attributes.get(name, "")):
                yield f"{element} leads elsewhere"
        if bare := {name for name in element.attributes if name == "style" or name.startswith("on")}:
            yield f"{element} has {bare}, which no browser takes"


def test_every_page_is_shown_and_small(plant):
    assert set(plant.site.contributions.pages) == set(PAGES)
    faults = {name: found for name, page in shown(plant).items() if (found := list(faults_of(page)))}
    assert faults == {}


def test_every_template_can_be_compiled(plant):
    assert renderer_of(plant.site, checked=True) is not None


def test_every_page_is_shown_on_postgresql(make_plant):
    plant = after_the_morning(make_plant, 2, database="postgresql")
    assert {name: page.words for name, page in shown(plant).items() if page.status != 200} == {}


def test_a_longer_history_is_no_more_statements_and_no_longer_page(plant, recorder):
    before = costs(plant, recorder)
    play(plant, boards=20, first=101)
    after = costs(plant, recorder)
    grown = {
        name: (len(before[name]), len(count), [each for each in count if each not in before[name]])
        for name, count in after.items()
        if len(count) > len(before[name])
    }
    assert grown == {}


def costs(plant, recorder):
    """Return the statements of each page, the second time it is read."""
    found = {}
    for name, path in paths(plant.call).items():
        plant.page(path, token=administrator(plant))
        recorder.statements.clear()
        plant.page(path, token=administrator(plant))
        found[name] = list(recorder.statements)
    return found


def test_no_text_that_was_stored_is_taken_for_markup(make_plant):
    plant = after_the_morning(make_plant)
    change_texts(plant, lambda text: text + PLAIN)
    plain = shown(plant, PLAIN)
    change_texts(plant, lambda text: text.replace(PLAIN, EVIL))
    evil = shown(plant, EVIL)
    assert {name: page.words for name, page in evil.items() if page.status != 200} == {}
    for name, page in evil.items():
        assert structure(page) == structure(plain[name]), name
    naming = {name for name, page in plain.items() if PLAIN[:20] in page.words}
    assert naming == {name for name, page in evil.items() if EVIL[:20] in page.words}
    assert naming >= {"unit", "station", "line", "ovens"} & set(evil)


def structure(page):
    """Return the elements of a page, each with the names of its attributes."""
    return Counter((element.tag, *sorted(element.attributes)) for element in page.elements)


def test_a_token_of_a_line_sees_nothing_of_other_lines(plant):
    token = plant.token("read", "write", lines=["ASSY-1"])
    told = {}
    for name, page in shown(plant, token=token).items():
        others = set(re.findall(r"\b(?:SMT-[12]|MILL-1)\b", page.words))
        if others and page.status == 200 and name not in OF_NO_LINE:
            told[name] = others
    assert told == {}
    assert {name for name, page in PAGES.items() if page.line_from or page.scope == "admin"} == {
        name for name, page in shown(plant, token=token).items() if page.status == 403
    }


def test_who_may_only_read_gets_no_buttons_that_write(plant):
    token = plant.token("read")
    offered = {
        name: found
        for name, path in paths(plant.call).items()
        if (found := Offered(plant.page(path, token=token).response.text).found) and name not in PLAIN_PAGES
    }
    assert offered == {}


class Offered(HTMLParser):
    """The forms and buttons that a page shows and that may write: all but those that lead to a page, ask or print."""

    def __init__(self, html):
        super().__init__()
        self.found, self._open = [], []
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        given = dict(attrs)
        harmless = "hidden" in given or tag == "template" or given.get("id") in ("logout", "print", "scan")
        leads = tag == "form" and ("action" in given or given.get("method") == "dialog")
        if tag in ("form", "button") and not (harmless or leads or any(quiet for _, quiet in self._open)):
            self.found.append(self.get_starttag_text())
        if tag not in VOID:
            self._open.append((tag, harmless or leads))

    def handle_endtag(self, tag):
        while self._open and self._open.pop()[0] != tag:
            pass
