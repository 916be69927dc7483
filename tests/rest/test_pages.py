"""Answers in pages: as long as they like, and no more than a page of them is held."""

import asyncio

import pytest


@pytest.fixture
def shelf(rest):
    """Make shelves with these names."""
    return lambda *names: [rest("PUT", "", {"name": name}) for name in names]


class Reader:
    """A client that tells what it got, and when pages were read; ``leaves_after`` so many pieces it is gone."""

    def __init__(self, rest, monkeypatch, leaves_after=99):
        self.seen, self._leaves_after, store = [], leaves_after, rest.site.store
        self._left = asyncio.Event()
        read = store.read

        def counted(function):
            self.seen.append("opened")
            try:
                return read(function)
            finally:
                self.seen.append("closed")

        monkeypatch.setattr(store, "read", counted)
        asyncio.run(
            rest.app(rest.send._scope("GET", "/api/shelves/names", HEADERS), self._receive, self._send)
        )

    @property
    def pieces(self):
        return [each for each in self.seen if each not in ("opened", "closed")]

    async def _receive(self):
        await self._left.wait()
        return {"type": "http.disconnect"}

    async def _send(self, event):
        if event["type"] == "http.response.body":
            self.seen.append((event.get("body", b""), event.get("more_body", False)))
            if len(self.pieces) >= self._leaves_after:
                self._left.set()
                await asyncio.sleep(0)


HEADERS = {"host": "localhost"}


def test_a_page_is_read_once_the_one_before_was_sent_and_nothing_is_open_meanwhile(
    rest, shelf, monkeypatch, database
):
    shelf("a", "b", "c", "d", "e")
    reader = Reader(rest, monkeypatch)
    page = ["opened", "closed"]
    assert reader.seen[-12:] == [
        *page, (b"a\nb\n", True), *page, (b"c\nd\n", True), *page, (b"e\n", True), *page, (b"", True), (b"", False)
    ][-12:]  # fmt: skip
    assert rest("GET", "names").headers["content-type"] == "text/plain"


def test_nothing_more_is_read_for_a_client_that_has_left(rest, shelf, monkeypatch, caplog):
    shelf("a", "b", "c", "d", "e", "f")
    reader = Reader(rest, monkeypatch, leaves_after=2)
    assert reader.pieces == [(b"a\nb\n", True), (b"c\nd\n", True)]
    assert "breaks off: The client left" in caplog.text
    assert rest.app.idle


def test_an_answer_that_breaks_off_has_no_end_and_stands_in_the_log(rest, shelf, monkeypatch, caplog):
    shelf("a", "b", "broken")
    reader = Reader(rest, monkeypatch)
    assert reader.pieces == [(b"a\nb\n", True)]
    assert "a bug on a later page" in caplog.text
    shelf("first")
    assert rest("GET", "names").headers["x-request-id"]


def test_what_fails_before_the_first_page_is_a_problem(rest, shelf):
    shelf("broken")
    answer = rest("GET", "names")
    assert answer.status == 500 and answer.json["code"] == "internal-error"
