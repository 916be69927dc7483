"""A page in a test, as a browser reads it: its elements and the words that people see."""

from __future__ import annotations

from collections.abc import Mapping
from html.parser import HTMLParser
from typing import NamedTuple
from urllib.parse import quote

from tracepro.testing.client import Response
from tracepro_hookspecs import Page

__all__ = ["Element", "ShownPage"]


class Element(NamedTuple):
    """An element of a page with its attributes, "" for one without a value."""

    tag: str
    attributes: Mapping[str, str]


class ShownPage:
    """What a server answered to who opened a page: the ``response``, its ``elements`` in order, and its ``words``.

    ``words`` is the text that people read, with one space between words.
    """

    def __init__(self, response: Response) -> None:
        reader = _Reader(response.text)
        self.response = response
        self.elements = reader.elements
        self.words = " ".join(" ".join(reader.texts).split())

    @property
    def status(self) -> int:
        """The status of the answer."""
        return self.response.status

    def all(self, tag: str, **attributes: str) -> list[Element]:
        """Return the elements with a tag and these attributes, written with underscores for dashes and behind words of Python."""
        wanted = {name.rstrip("_").replace("_", "-"): value for name, value in attributes.items()}
        return [
            element
            for element in self.elements
            if element.tag == tag and wanted.items() <= element.attributes.items()
        ]


def path_of(page: Page, known: Mapping[str, object]) -> str:
    """Return the path of a page, its fields filled with what is known by these names, and what its line is found by. Raises KeyError."""
    values = {name: quote(str(value), safe="") for name, value in known.items()}
    query = "&".join(f"{name}={values[name]}" for name in page.line_from if name in page.query)
    return page.path.replace(":path}", "}").format_map(values) + (f"?{query}" if query else "")


class _Reader(HTMLParser):
    """Reads a page as browsers do."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.elements: list[Element] = []
        self.texts: list[str] = []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append(Element(tag, {name: value or "" for name, value in attrs}))

    def handle_data(self, data: str) -> None:
        self.texts.append(data)
