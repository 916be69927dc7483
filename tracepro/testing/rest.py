"""The REST API of a plant in a test: everything a server does with a request, without a socket."""

from __future__ import annotations

import json
import re
from typing import Any

from tracepro.app import bound_routes, create_app
from tracepro.rest.route import BoundRoute
from tracepro.rpc.dispatcher import Dispatcher
from tracepro.site import Site
from tracepro.testing.asgi import AsgiClient
from tracepro.testing.client import Response

__all__ = ["Rest"]


class Rest:
    """Sends requests to the app of a site; calls run in the dispatcher that is given."""

    def __init__(self, site: Site, dispatcher: Dispatcher, bound_before: dict[str, BoundRoute]) -> None:
        bounds = bound_routes(site, bound_before)
        bound_before.update({bound.endpoint.name: bound for bound in bounds})
        self._app = create_app(site, threads=2, dispatcher=dispatcher, bounds=bounds)
        self.send = AsgiClient(self._app)
        fewest_fields_first = sorted(bounds, key=lambda bound: bound.path.count("{"))
        self._routes = [(_pattern(bound.path), bound) for bound in fewest_fields_first]

    def __call__(
        self, verb: str, path: str, body: Any = None, *, token: str | None = None, **headers: str
    ) -> Response:
        """Send a request and return the response: a body as JSON, bytes as they are, header names with underscores for dashes.

        Without a ``token`` the caller is somebody on this machine, who may read and write. Raises AssertionError for an
        answer that the route's schema doesn't promise.
        """
        chunks = [] if body is None else [body if isinstance(body, bytes) else json.dumps(body).encode()]
        given = {"content_type": "application/json", **headers} if chunks else headers
        if token is not None:
            given = {"authorization": f"Bearer {token}", **given}
        response = self.send(verb, path, chunks, **given)
        if response.status < 400:
            self._check(verb, path, response)
        return response

    def _check(self, verb: str, path: str, answer: Response) -> None:
        route = self._route(verb, path.partition("?")[0].rstrip("/"))
        if route is not None:
            fault = route.answer_fault(answer.status, answer.headers.get("content-type"), answer.body)
            assert fault is None, f"{verb} {path}: {fault}"

    def _route(self, verb: str, path: str) -> BoundRoute | None:
        fitting = (bound for pattern, bound in self._routes if pattern.fullmatch(path))
        return next((bound for bound in fitting if bound.route.verb == verb), None)

    def close(self) -> None:
        """End the app's threads."""
        self._app.pool.close()


def _pattern(path: str) -> re.Pattern[str]:
    """Return what a route's path matches."""
    return re.compile(re.sub(r"\{[^}]*\}", "[^/]+", path))
