"""A route bound to what the way of a call and HTTP need of it, built once at start."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterator, Mapping
from functools import cached_property
from typing import Any

import jsonschema_rs
import orjson

from tracepro.calls.errors import NeverCalled
from tracepro.calls.invocation import Endpoint, Fault, LinePairs, line_pairs, members_named
from tracepro.rest import reading
from tracepro.rest.answers import JSON, PagedAnswer, answer_encoder, decode_answer
from tracepro.rpc.fragments import resolve_refs
from tracepro.rpc.validators import promise_fault, promise_validator
from tracepro_hookspecs import Call, InvalidParams, Request, Route

WARNING = "Warning-Fields"
"""The header that names members of a body which were left out."""
JSON_TYPES = ("application/json", "application/merge-patch+json")
_CHARSET = re.compile(r';[ \t]*charset="?([^;"\s]+)', re.IGNORECASE)


class BoundRoute:
    """A plugin's route: reads a request against its schemas and gives the endpoint that does it."""

    def __init__(self, route: Route, plugin: str, fragment: Mapping[str, Any]) -> None:
        self.route = route
        self.plugin = plugin
        self.path = route.path.rstrip("/") or "/"
        self._fragment = fragment
        checked = route.body if route.raw_limit is None else None
        self._body = None if checked is None else reading.Checker(self.complete(checked))
        self._accepted = tuple(route.media_types) or JSON_TYPES
        self._query = reading.Checker(self.complete({"type": "object", "properties": dict(route.query)}))
        self.endpoint = _endpoint(route, plugin, self._fault)

    def complete(self, schema: Mapping[str, Any]) -> dict[str, Any]:
        """Return a schema of the route with everything it refers to inside it."""
        return resolve_refs(schema, self.plugin, self._fragment)

    def member_meaning(self, path: str) -> str | None:
        """Return what the plugin's ``x-members`` say of a query parameter or a member, by the last name of its path."""
        meaning: str | None = self._fragment.get("x-members", {}).get(path.rpartition(".")[2])
        return meaning

    def answer_fault(self, status: int, media_type: str | None, content: bytes) -> str | None:
        """Return the sentence that says what of an answer the OpenAPI document doesn't promise, or None; for tests and ``--strict``."""
        if status not in (self.route.status, *self.route.statuses):
            return f"it answers the status {status}, which neither status nor statuses of the route names"
        if status >= 300 or status == 204 or self._answer_validator is None:
            return None
        if not content:
            return "it answers nothing, though the route has a schema of its answer"
        return promise_fault(self._answer_validator, orjson.loads(content)) if media_type == JSON else None

    def _fault(self, encoded: bytes) -> str | None:
        """Judge an encoded answer; of one in pages the first is only a piece."""
        if isinstance(encoded, PagedAnswer):
            return None
        status, headers, content = decode_answer(encoded)
        return self.answer_fault(status, headers.get("Content-Type"), content)

    @cached_property
    def _answer_validator(self) -> jsonschema_rs.Validator | None:
        """The validator of answers, made when first asked for; None for a route that promises nothing."""
        return None if self.route.answer is None else promise_validator(self.complete(self.route.answer))

    @property
    def takes_body(self) -> bool:
        """True for a route that wants a body."""
        return self.route.body is not None or self.route.raw_limit is not None

    def accepts(self, content_type: str | None) -> bool:
        """True for a body of a media type that the route takes."""
        return _media_type(content_type) in self._accepted

    def check_media_type(self, content_type: str | None) -> str:
        """Return the media type of a body. Raises NeverCalled 415 with the accepted ones."""
        media_type = _media_type(content_type)
        if media_type not in self._accepted:
            names = " or ".join(self._accepted)
            info = f"This is sent with Content-Type: {names}, not {media_type[:100] or 'none'}."
            raise NeverCalled(415, "media-type", info)
        return media_type

    def checked_request(
        self, path: Mapping[str, str], query: Mapping[str, Any], headers: Mapping[str, str], body: bytes
    ) -> Request:
        """Return the checked request as the handler gets it. Raises InvalidParams or NeverCalled."""
        media_type = self.check_media_type(headers.get("content-type")) if self.takes_body else ""
        if self.route.access != "read":
            reading.refuse_unknown_query(query, self.route.query)
        values = self._query.taken(reading.query_values(query, self.route.query))
        content, unknown = self._content(body)
        return Request(
            path=reading.path_fields(path),
            query=values,
            body=content,
            media_type=media_type,
            if_match=headers.get("if-match"),
            unknown=unknown,
            charset=_charset(headers.get("content-type")) if self.takes_body else "",
        )

    def _content(self, body: bytes) -> tuple[Any, tuple[str, ...]]:
        if self.route.raw_limit is not None:
            return body, ()
        if self._body is None or self.route.body is None:
            return None, ()
        if not body:
            raise InvalidParams("body", "The request needs a JSON body.", rule="required")
        known, unknown = reading.split_unknown(reading.json_body(body), self.route.body)
        content = reading.storable(known)
        return self._body.taken(content), unknown


def _media_type(content_type: str | None) -> str:
    return (content_type or "").partition(";")[0].strip().lower()


def _charset(content_type: str | None) -> str:
    named = _CHARSET.search(content_type or "")
    return named[1].lower() if named else ""


def endpoint_name(route: Route) -> str:
    """Return what the log and the metrics call a route."""
    return f"{route.verb} {route.path}"


def _endpoint(route: Route, plugin: str, fault: Fault) -> Endpoint:
    return Endpoint(
        name=endpoint_name(route),
        plugin=plugin,
        handler=_taking_request(route.handler),
        access=route.access,
        scope=route.needed_scope,
        line_from=line_pairs(route.line_from),
        prepare=None if route.prepare is None else _taking_request(route.prepare),
        alone=route.alone,
        plant_wide=route.is_plant_wide,
        secret=route.secret,
        encode=answer_encoder(route.status, writes=route.access != "read"),
        line_values=_line_values,
        fault=fault,
    )


def _taking_request(function: Callable[[Call, Request], Any]) -> Callable[..., Any]:
    """Return a function that takes ``request`` by name, whatever the plugin's calls its second argument."""
    return lambda call, request: function(call, request)


def _line_values(arguments: Mapping[str, Any], pairs: LinePairs) -> Iterator[tuple[str, Any]]:
    """Yield the members of path, query and body that stand on a line, each wherever it is named."""
    request: Request = arguments["request"]
    body = request.body if isinstance(request.body, dict) else {}
    for part in (request.path, request.query, body):
        yield from members_named(part, pairs)


def sent_values(request: Request) -> dict[str, Any]:
    """Return what was sent as JSON values, for the audit and the fingerprint; raw bodies as their digest."""
    body = request.body
    if isinstance(body, bytes):
        body = {"bytes": len(body), "sha256": hashlib.sha256(body).hexdigest()}
    parts = {"path": dict(request.path), "query": dict(request.query), "body": body}
    return {name: part for name, part in parts.items() if part not in (None, {})}
