"""Pages as routes: what a page reads is made HTML by the site's layout."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import TYPE_CHECKING

from tracepro.findings import StartError
from tracepro_hookspecs import Call, Page, PageOf, Renderer, Reply, Request, Route

if TYPE_CHECKING:
    from tracepro.site import Site

HTML = "text/html; charset=utf-8"


def renderer_of(site: Site) -> Renderer | None:
    """Return what makes HTML of the site's pages, None where no plugin brings a layout. Raises StartError."""
    brought = site.contributions
    folders = {plugin.name: plugin.folder for plugin in site.plugins if plugin.folder is not None}
    pages = [PageOf(registered.plugin, registered.declaration) for registered in brought.pages.values()]
    for registered in brought.layouts.values():
        try:
            return registered.declaration.build(site, pages, folders)
        except Exception as error:
            reason = f"{type(error).__name__}: {error}"
            raise StartError(
                f"Plugin {registered.plugin} can't build the pages: {reason}; mend it."
            ) from error
    return None


def page_route(page: Page, renderer: Renderer) -> Route:
    """Return the route that answers a page."""
    return Route(
        "GET",
        page.path,
        partial(_show, page, renderer),
        "read",
        page.title,
        scope=page.scope,
        query=page.query,
        line_from=page.line_from,
        answer_types=(HTML,),
        public=page.public,
    )


def _show(page: Page, renderer: Renderer, call: Call, request: Request) -> Reply:
    values = page.read(call, request)
    if isinstance(values, Reply):
        return values
    return Reply(renderer.page(call, page, request, values).encode(), headers=html_headers(renderer))


def html_headers(renderer: Renderer) -> Mapping[str, str]:
    """Return the headers of a page."""
    return {"Content-Type": HTML, **renderer.headers}
