"""Falcon resources of pages: a refusal is a page too, and whoever must log in is led there; and the files that pages load."""

from __future__ import annotations

import mimetypes
from typing import TYPE_CHECKING

import falcon
from falcon.asgi import Request, Response

from tracepro.access.errors import ForbiddenAnonymous, Throttled, Unauthenticated
from tracepro.calls.errors import NeverCalled
from tracepro.calls.execution import Execution
from tracepro.http.errors import answer_page
from tracepro.http.exchange import EXCHANGE
from tracepro.http.pool import CallPool
from tracepro.http.routes import RouteResource
from tracepro.rest.route import BoundRoute
from tracepro_hookspecs import CallError, Renderer

if TYPE_CHECKING:
    from tracepro.site import Site

FOR_EVER = "public, max-age=31536000, immutable"


class PageResource(RouteResource):
    """Serves one page."""

    def __init__(
        self, bound: BoundRoute, site: Site, execution: Execution, pool: CallPool, renderer: Renderer
    ) -> None:
        super().__init__(bound, site, execution, pool)
        self.renderer = renderer

    async def respond(self, req: Request, resp: Response, **path: str) -> None:
        """Answer the page, or the one that says why not."""
        try:
            await super().respond(req, resp, **path)
        except Throttled:
            raise
        except CallError as error:
            if isinstance(error, (Unauthenticated, ForbiddenAnonymous)) and not self.bound.route.public:
                self._lead_to_log_in(req, resp, error)
            else:
                answer_page(self.renderer, req, resp, error)

    def _lead_to_log_in(self, req: Request, resp: Response, error: CallError) -> None:
        req.scope[EXCHANGE].refusal_code = error.code
        back = f"{req.path}?{req.query_string}" if req.query_string else req.path
        resp.status, resp.data = falcon.HTTP_SEE_OTHER, b""
        resp.set_header("Location", self.renderer.login(back))


class PageFiles:
    """``GET /ui/files/VERSION/PLUGIN/FILE``: what pages load, from memory; another version has another path."""

    def __init__(self, renderer: Renderer) -> None:
        self._files = renderer.files

    async def on_get(self, req: Request, resp: Response, version: str, name: str) -> None:
        """Answer a file. Raises NeverCalled 404."""
        content = self._files.get(name)
        if content is None:
            raise NeverCalled(404, "path-not-found", f"There is no file {name[:200]}.")
        resp.data = content
        resp.content_type = mimetypes.guess_type(name)[0] or falcon.MEDIA_TEXT
        resp.set_header("Cache-Control", FOR_EVER)

    on_head = on_get
