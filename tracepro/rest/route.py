"""A route bound to what the way of a call and HTTP need of it, built once at start."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from tracepro.calls.errors import NeverCalled
from tracepro.calls.invocation import Endpoint
from tracepro.rest import reading
from tracepro.rest.envelope import sealer
from tracepro.rpc.fragments import resolve_refs
from tracepro_hookspecs import InvalidParams, Request, Route

JSON_TYPES = ("application/json", "application/merge-patch+json")


class BoundRoute:
    """A plugin's route: reads a request against its schemas and gives the endpoint that does it."""

    def __init__(self, route: Route, plugin: str, fragment: Mapping[str, Any]) -> None:
        self.route = route
        self.plugin = plugin
        self.path = route.path.rstrip("/") or "/"
        self._fragment = fragment
        self._body = None if route.body is None else reading.Checker(self.complete(route.body))
        self._query = reading.Checker(self.complete({"type": "object", "properties": dict(route.query)}))
        self.endpoint = _endpoint(route, plugin)

    def complete(self, schema: Mapping[str, Any]) -> dict[str, Any]:
        """Gives a schema of the route with everything it refers to inside it."""
        return resolve_refs(schema, self.plugin, self._fragment)

    @property
    def takes_body(self) -> bool:
        """True for a route that wants a body."""
        return self.route.body is not None or self.route.raw_limit is not None

    def check_media_type(self, sent: str | None) -> str:
        """Gives the media type of a body. Raises NeverCalled 415 with the ones that are taken."""
        kind = (sent or "").partition(";")[0].strip().lower()
        taken = tuple(self.route.media_types) or JSON_TYPES
        if kind not in taken:
            info = f"This is sent with Content-Type: {' or '.join(taken)}, not {kind[:100] or 'none'}."
            raise NeverCalled(415, "media-type", info)
        return kind

    def request(
        self, path: Mapping[str, str], query: Mapping[str, Any], headers: Mapping[str, str], body: bytes
    ) -> Request:
        """Checks a request and gives it as the handler gets it. Raises InvalidParams or NeverCalled."""
        kind = self.check_media_type(headers.get("content-type")) if self.takes_body else ""
        values = reading.query_values(query, self.route.query)
        self._query.check(values)
        content, unknown = self._content(body)
        return Request(
            path=reading.path_fields(path),
            query=values,
            body=content,
            media_type=kind,
            if_match=headers.get("if-match"),
            unknown=unknown,
        )

    def _content(self, body: bytes) -> tuple[Any, tuple[str, ...]]:
        if self.route.raw_limit is not None:
            return body, ()
        if self._body is None:
            return None, ()
        if not body:
            raise InvalidParams("body", "The request needs a JSON body.", rule="required")
        known, unknown = reading.split_unknown(reading.json_body(body), self.route.body)
        content = reading.sound(known)
        self._body.check(content)
        return content, unknown


def _endpoint(route: Route, plugin: str) -> Endpoint:
    return Endpoint(
        name=f"{route.verb} {route.path}",
        plugin=plugin,
        handler=lambda call, request: route.handler(call, request),
        access=route.access,
        scope=route.needed_scope,
        line_from=tuple(route.line_from),
        prepare=None if route.prepare is None else lambda call, request: route.prepare(call, request),
        alone=route.alone,
        encode=sealer(route.status, writes=route.access != "read"),
        line_values=_line_values,
    )


def _line_values(arguments: Mapping[str, Any], names: Iterable[str]) -> Iterator[tuple[str, Any]]:
    """Yields the members of path, query or body that decide a line."""
    request: Request = arguments["request"]
    body = request.body if isinstance(request.body, dict) else {}
    for name in names:
        value = request.path.get(name, request.query.get(name, body.get(name)))
        if value is not None:
            for one in value if isinstance(value, (list, tuple)) else (value,):
                yield name, one


def sent(request: Request) -> dict[str, Any]:
    """Gives what was sent as JSON values, for the audit and the fingerprint; raw bodies as their digest."""
    body = request.body
    if isinstance(body, bytes):
        body = {"bytes": len(body), "sha256": hashlib.sha256(body).hexdigest()}
    parts = {"path": dict(request.path), "query": dict(request.query), "body": body}
    return {name: part for name, part in parts.items() if part not in (None, {})}
