"""Pages in a real browser: Chromium, driven by Playwright, against a server with the demo plant.

Without a Chromium on the machine these tests are skipped, loudly; where TRACEPRO_BROWSER is set, as in continuous integration, they fail.
"""

import os
import shutil
from pathlib import Path

import pytest

from examples import morning
from tracepro.testing.server import Server

ROOT = Path(__file__).parents[2]
# The first is the same without a window, which takes a third less work.
NAMES = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")
WCAG = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
PANEL = {"width": 1280, "height": 800}
"""A panel of ten inches."""
PATIENCE = 100_000
"""How many milliseconds are waited for what a page is to show: all that a test is given."""


def pytest_report_header(config):
    """Say at the top of a run whether pages are looked at."""
    found = _chromium()
    return (
        f"browser: {found}"
        if found
        else "browser: NO CHROMIUM FOUND, no page is looked at; install chromium-headless-shell"
    )


def _chromium():
    return next(filter(None, map(shutil.which, NAMES)), None)


@pytest.fixture(scope="package")
def chromium():
    """A running Chromium; of this folder, for as long as Playwright is there no other test can run an event loop."""
    path = _chromium()
    if path is None:
        message = "There is no Chromium on this machine; install it (apt install chromium-headless-shell) to look at the pages."
        (pytest.fail if os.environ.get("TRACEPRO_BROWSER") else pytest.skip)(message)
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def plant(databases, tmp_path_factory):
    """A server with the demo plant, as ``make run`` serves it, and the ovens of the examples.

    Tests share it, so each makes its own units and orders.
    """
    folder = tmp_path_factory.mktemp("pages")
    shutil.copy(ROOT / "parameters.ini", folder)
    plugins = (ROOT / "plugins.ini").read_text("utf-8")
    (folder / "plugins.ini").write_text(plugins.replace("tooling pages", "tooling pages ovens", 1), "utf-8")
    shutil.copytree(ROOT / "examples", folder / "examples")
    server = Server(folder, f"sqlite:///{folder / 'plant.db'}")
    done = server.command("migrate")
    assert done.returncode == 0, done.stderr
    morning.main(server.environment)
    server.start()
    yield server
    server.stop()


class Watched:
    """What a page did that no page may do; what a test expects is allowed by a part of its text."""

    def __init__(self, page, origin):
        self.allowed = []
        self.forget()
        page.on(
            "console", lambda message: self._seen.append(message.text) if message.type == "error" else None
        )
        page.on("pageerror", lambda error: self._seen.append(str(error)))
        page.on("request", lambda request: self._judge(request.url, origin))

    def _judge(self, url, origin):
        if not url.startswith((origin, "data:", "blob:")):
            self._seen.append(f"asks another host: {url}")

    def forget(self):
        """Begin anew."""
        self._seen = []

    @property
    def complaints(self):
        """What the page did and no test allowed."""
        return [text for text in self._seen if not any(part in text for part in self.allowed)]


@pytest.fixture(scope="package")
def new_page(chromium, plant):
    """Return a function that opens a new browser, which shows nothing yet."""

    def make(**context):
        made = chromium.new_context(base_url=plant.url, viewport=PANEL, **context)
        made.set_default_timeout(PATIENCE)
        page = made.new_page()
        page.watched = Watched(page, plant.url)
        return page

    return make


@pytest.fixture
def open_page(new_page):
    """Return a function that opens a path in a new browser; in the end no page may have complained or asked elsewhere."""
    opened = []

    def open_path(path, **context):
        opened.append(page := new_page(**context))
        page.goto(path)
        return page

    yield open_path
    complaints = [page.watched.complaints for page in opened]
    for page in opened:
        page.context.close()
    assert not any(complaints), complaints


@pytest.fixture
def page(open_page):
    """A browser at the first page."""
    return open_page("/ui")


@pytest.fixture
def accessible():
    """Return a function that raises AssertionError for a page that somebody can't use (WCAG A and AA, or a rule, by axe)."""
    from axe_playwright_python.sync_playwright import Axe

    def check(page, rule=None):
        asked = {"type": "rule", "values": [rule]} if rule else WCAG
        found = Axe().run(page, options={"runOnly": asked, "resultTypes": ["violations"]})
        assert found.violations_count == 0, found.generate_report()

    return check
