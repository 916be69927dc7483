"""Pages as routes: what a page reads is made HTML by the site's layout."""

from __future__ import annotations

from functools import partial

from tracepro_hookspecs import Call, Page, Renderer, Reply, Request, Route

HTML = "text/html; charset=utf-8"


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
    html = renderer.page(call, page, request, values)
    return Reply(html.encode(), headers={"Content-Type": HTML, **renderer.headers})
