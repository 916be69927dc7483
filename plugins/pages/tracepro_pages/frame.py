"""The frame of all pages: templates and files of every plugin, the menu, panels, and what a browser may do."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache, partial
from hashlib import blake2b
from http import HTTPStatus
from pathlib import Path
from types import CodeType
from typing import Any
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from jinja2 import (
    BytecodeCache,
    Environment,
    FileSystemLoader,
    PrefixLoader,
    StrictUndefined,
    TemplateError,
)
from jinja2.bccache import Bucket
from markupsafe import Markup

from tracepro_hookspecs import Call, Page, PageOf, Request, Site
from tracepro_pages.charts import CHARTS
from tracepro_pages.formats import Formats
from tracepro_pages.qr import qr

LOG = logging.getLogger("tracepro.pages")
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; connect-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
FILES = "/ui/files"


class Frame:
    """Makes HTML of what pages show; a template is compiled when it is first shown, for all of them take half a second."""

    headers: Mapping[str, str] = {
        "Content-Security-Policy": POLICY,
        "X-Frame-Options": "DENY",
        "Referrer-Policy": "no-referrer",
        "Cache-Control": "no-store",
    }

    def __init__(self, site: Site, pages: Sequence[PageOf], folders: Mapping[str, Path]) -> None:
        self.files = dict(_files(folders))
        self._menu = [page for _, page in pages if page.menu]
        self._environment = environment = _environment(site, folders)
        environment.globals |= {
            **CHARTS,
            "qr": qr,
            "file": partial(_path_of_file, self.files, _version(self.files)),
            "site_title": site.parameter("pages", "title"),
        }
        self._templates = environment.list_templates()
        for plugin, page in pages:
            if page.template not in self._templates:
                raise ValueError(f"page {page.name} of {plugin}: there is no template {page.template}")

    def check(self) -> None:
        """Compile every template. Raises TemplateError for one that can't be."""
        for name in self._templates:
            self._environment.get_template(name)

    def page(self, call: Call, page: Page, request: Request, values: Mapping[str, Any]) -> str:
        """Return a page as HTML, with the panels that plugins add to what it is about."""
        known = {
            "page": page,
            "query": request.query,
            "caller": call.caller,
            "menu": self._menu_of(call),
            "now": call.now,
            "panels": list(self._panels(call, page, values)),
        }
        return self._environment.get_template(page.template).render({**known, **values})

    def refusal(self, status: int, sentence: str) -> str:
        """Return the page that is shown instead of one that is refused."""
        title = HTTPStatus(status).phrase
        template = self._environment.get_template("pages/refusal.html")
        return template.render(title=title, status=status, sentence=sentence, menu=[], caller=None)

    def login(self, back: str) -> str:
        """Return the path of the page where people log in, and from which they come ``back``."""
        return f"/ui/login?{urlencode({'back': back})}"

    def _menu_of(self, call: Call) -> list[Page]:
        return [page for page in self._menu if page.scope in call.caller.scopes]

    def _panels(self, call: Call, page: Page, values: Mapping[str, Any]) -> Iterator[Markup]:
        """Yield the panels of a page; one that can't be shown is left out and logged."""
        if "subject" not in values or not call.hooks.has("tracepro_page_panels"):
            return
        panels = call.hooks.collect("tracepro_page_panels", page=page.name, subject=values["subject"])
        for name, panel in panels.items():
            try:
                template = self._environment.get_template(panel["template"])
                yield Markup(template.render(panel=panel, caller=call.caller, now=call.now))  # noqa: S704
            except (TemplateError, TypeError, LookupError) as error:
                LOG.warning("The panel %s of page %s can't be shown: %r", name, page.name, error)


class Compiled(BytecodeCache):
    """What sites of this process have compiled: tests open many, and none compiles again what another has."""

    def __init__(self) -> None:
        self._codes: dict[tuple[str, str], CodeType] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        """Give a template its code, if there is any of this text."""
        bucket.code = self._codes.get((bucket.key, bucket.checksum))

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Keep the code of a template."""
        assert bucket.code is not None  # Jinja calls it when it has compiled
        self._codes[bucket.key, bucket.checksum] = bucket.code


@cache
def _compiled(zone: ZoneInfo, numbers: str) -> Compiled:
    """Return what is compiled for sites that write times and numbers alike: of constants the code has the text."""
    return Compiled()


def _environment(site: Site, folders: Mapping[str, Path]) -> Environment:
    zone, numbers = site.zone, site.parameter("pages", "numbers")
    templates = {plugin: folder / "templates" for plugin, folder in folders.items()}
    loaders = {plugin: FileSystemLoader(path) for plugin, path in templates.items() if path.is_dir()}
    environment = Environment(
        loader=PrefixLoader(loaders),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
        cache_size=-1,
        bytecode_cache=_compiled(zone, numbers),
    )
    environment.filters |= Formats(zone, numbers).filters
    return environment


def _files(folders: Mapping[str, Path]) -> Iterator[tuple[str, bytes]]:
    for plugin, folder in folders.items():
        for path in _below(folder / "static"):
            yield f"{plugin}/{path.relative_to(folder / 'static').as_posix()}", path.read_bytes()


def _below(folder: Path) -> Iterable[Path]:
    return sorted(path for path in folder.rglob("*") if path.is_file()) if folder.is_dir() else ()


def _version(files: Mapping[str, bytes]) -> str:
    """Return a word that changes with any file: browsers keep files for ever."""
    digest = blake2b(digest_size=8)
    for name, content in sorted(files.items()):
        digest.update(f"{name} {len(content)} ".encode() + content)
    return digest.hexdigest()


def _path_of_file(files: Mapping[str, bytes], version: str, name: str) -> str:
    if name not in files:
        raise LookupError(f"there is no file {name} in the folder static of a plugin")
    return f"{FILES}/{version}/{name}"
