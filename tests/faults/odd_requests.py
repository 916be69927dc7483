"""Requests of routes and pages with odd values in path, query, headers and body; each would work but for what is odd."""

import json
import re
from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Any, NamedTuple
from urllib.parse import quote

from tests.rest.whole_site import PLANT, RAW
from tracepro.app import bound_routes

from .odd_calls import replaced

JSON = "application/json"
NOTHING = MappingProxyType({})
BODIES = {
    "PUT /api/inventory/": {"name": "N", "items": {"1": 5}},
    "PUT": {"name": "N"},
    "POST /api/plant": PLANT,
    "POST /api/ovens/readings": {"wp_id": 1, "celsius": 245},
    "POST /ui/login": {"username": "novak", "password": "right horse"},
    "POST /api/tools/{tool_id}/replace": {"notes": "worn", "indexed": False},
}
"""Bodies that work, by route or verb; an empty object where none is named."""
OTHERS = (
    "/",
    "/healthz",
    "/readyz",
    "/plugins",
    "/api/openapi.json",
    "/{name}",
    "/ui/files/{version}/{name:path}",
)
HEADERS = (
    "if-match",
    "idempotency-key",
    "content-type",
    "accept",
    "authorization",
    "cookie",
    "host",
    "origin",
)
LONGEST = 4000
"""Characters of a path, a query or a header that the server's parser lets through."""
FIELD = re.compile(r"\{([a-z_0-9]+)(?::path)?\}")
UNSENDABLE = re.compile(r"[^\t\x20-\x7e\xa0-\xff]")
"""What the server's parser lets through in no header."""


class Place(NamedTuple):
    """A request that works: fields of ``path`` and ``query`` are filled with what is ``known``, ``members`` are those of the body."""

    verb: str
    path: str
    known: Mapping[str, object]
    query: Sequence[str] = ()
    body: Any = None
    kind: str = JSON
    members: Sequence[str] = ()

    def sent(self, *, known=NOTHING, query=NOTHING, body=None, headers=NOTHING):
        """Return verb, path with query, body and headers, each as it is but for what is given."""
        filled = {**self.known, **known}
        asked = {**{name: filled[name] for name in self.query if name in filled}, **query}
        path = FIELD.sub(lambda field: _quoted(filled.get(field[1], 1)), self.path)
        path += "".join(
            f"{mark}{name}={_quoted(value)}"
            for mark, (name, value) in zip("?" + "&" * len(asked), asked.items(), strict=False)
        )
        given = {"content_type": self.kind} if self.body is not None else {}
        return self.verb, path, self.body if body is None else body, {**given, **headers}


def routes(site):
    """Return a place for each route below /api, the JSON-RPC one too."""
    found = [_place(bound.route, {}) for bound in bound_routes(site) if bound.path.startswith("/api")]
    return [Place("POST", "/api/", {}, body={"jsonrpc": "2.0", "id": 1, "method": "findworkplace"}), *found]


def pages(site, known):
    """Return a place for each page and what pages ask, and for what is at no route."""
    bounds = [bound for bound in bound_routes(site) if not bound.path.startswith("/api")]
    shown = [registered.declaration for registered in site.contributions.pages.values()]
    found = [Place("GET", page.path, known, [*page.query]) for page in shown]
    found += [_place(bound.route, known) for bound in bounds]
    return [*found, *(Place("GET", path, known) for path in OTHERS)]


def _place(route, known):
    name, last = f"{route.verb} {route.path}", route.path.rpartition("/")[2]
    if route.raw_limit is not None and last in RAW:
        return Place(route.verb, route.path, known, [*route.query], *RAW[last])
    body = None if route.body is None else BODIES.get(name, BODIES.get(route.verb, {}))
    members = [] if body is None else [*route.body.get("properties", ())]
    return Place(route.verb, route.path, known, [*route.query], body, (*route.media_types, JSON)[0], members)


def requests(place, odd):
    """Yield every request with this odd value somewhere in it."""
    text = odd if isinstance(odd, str) else json.dumps(odd)
    text = text[:LONGEST]
    for name in FIELD.findall(place.path):
        yield place.sent(known={name: text})
    for name in (*place.query, "no_such"):
        yield place.sent(query={name: text})
    for name in HEADERS:
        yield place.sent(headers={name: UNSENDABLE.sub("?", text)})
    yield from (place.sent(body=body) for body in _bodies(place, odd))


def some_requests(place, values, dice):
    """Yield few of the requests: each member is odd once, and so is one thing of every other kind."""
    for name in place.members:
        yield place.sent(body={**place.body, name: next(values)})
    yield from (dice.choice([*requests(place, next(values))]) for _ in range(4))


def _bodies(place, odd):
    if isinstance(place.body, bytes):
        middle = len(place.body) // 2
        yield place.body[:middle] + _encoded(odd) + place.body[middle:]
    elif place.body is not None:
        yield from ({**place.body, name: odd} for name in place.members)
        yield from (body for body in replaced(place.body, odd) if isinstance(body, dict))
    yield _encoded(odd)


def _encoded(value):
    return json.dumps(value).encode()


def _quoted(value):
    return quote(str(value), safe="", errors="surrogatepass")
