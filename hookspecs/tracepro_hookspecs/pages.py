"""What people look at: the pages that plugins bring, and the layout that makes HTML of what they show."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple, Protocol
from urllib.parse import quote

from tracepro_hookspecs.call import Call
from tracepro_hookspecs.declare import LineFrom
from tracepro_hookspecs.request import Reply, Request
from tracepro_hookspecs.site import Site

ROOT = "/ui"
_NAME = re.compile(r"[a-z][a-z0-9_]*\Z")


def segment(text: object) -> str:
    """Return a text as one segment of a path; dots too are escaped, or ``..`` would lead elsewhere."""
    return quote(str(text), safe="").replace(".", "%2E")


@dataclass(frozen=True)
class Page:
    """A page: ``read(call, request)`` returns what its ``template`` shows, in a snapshot like any other read.

    ``name`` is what panels and links call it, ``path`` begins with ``/ui``; ``{code:path}`` at its end takes slashes too.
    ``template`` is ``PLUGIN/FILE`` for a file in the folder ``templates`` of that plugin's package. ``menu`` is its word in the
    menu, "" keeps it out; a page with fields in its path is never in it. What ``read`` returns under ``subject`` is what the page is about: panels of other plugins are asked with it. Instead of values
    it may return a ``Reply``, to lead elsewhere. ``public`` pages are shown to anybody, without a token.
    """

    name: str
    path: str
    title: str
    template: str
    read: Callable[[Call, Request], Mapping[str, Any] | Reply]
    menu: str = ""
    scope: str = "read"
    query: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    line_from: LineFrom = ()
    public: bool = False

    def __post_init__(self) -> None:
        if not _NAME.match(self.name):
            raise ValueError(f"page {self.name!r} is not a name: use small letters, digits and underscores.")
        if self.path != ROOT and not self.path.startswith(f"{ROOT}/"):
            raise ValueError(f"page {self.name}: its path begins with {ROOT}/, not {self.path!r}.")
        if self.template.count("/") < 1:
            raise ValueError(
                f"page {self.name}: the template is PLUGIN/FILE, such as ovens/oven.html, not {self.template!r}."
            )
        if self.menu and "{" in self.path:
            raise ValueError(f"page {self.name}: what has a field in its path can't be in the menu.")


class PageOf(NamedTuple):
    """A page with the name of the plugin that brings it."""

    plugin: str
    page: Page


class Renderer(Protocol):
    """Makes HTML; made once at start by a layout."""

    def check(self) -> None:
        """Raise an error with a sentence for the first template that could not be shown.

        Asked before a configuration is taken, by ``tracepro check`` and where a server is strict; not at an ordinary start.
        """

    @property
    def files(self) -> Mapping[str, bytes]:
        """What pages load, by ``PLUGIN/FILE``: styles, modules, pictures; anybody may have them."""

    @property
    def headers(self) -> Mapping[str, str]:
        """What every page is sent with: what a browser may do with it."""

    def page(self, call: Call, page: Page, request: Request, values: Mapping[str, Any]) -> str:
        """Return a page as HTML."""

    def refusal(self, status: int, sentence: str) -> str:
        """Return the page that is shown instead of one that is refused."""

    def login(self, back: str) -> str:
        """Return the path of the page where people log in, and from which they come ``back``."""


@dataclass(frozen=True)
class Layout:
    """The frame of all pages: ``build(site, pages, folders)`` is called once at start, ``folders`` are the plugins' packages."""

    name: str
    build: Callable[[Site, Sequence[PageOf], Mapping[str, Path]], Renderer]
