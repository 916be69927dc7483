"""A plant with two machines behind HTTP, without a socket; every answer is held against its route's schema."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest

from tracepro.app import bound_routes, create_app
from tracepro.database.core_models import Audit
from tracepro.rpc.dispatcher import Dispatcher
from tracepro.rpc.validators import quick_validator
from tracepro.testing.asgi import AsgiClient
from tracepro.testing.client import Response

PLUGINS = ("workplaces", "workers", "orders", "items", "lines", "tooling")
MILL, LATHE = 101, 102
PLANT = {
    "acts": [{"id": 1, "name": "MILLING"}],
    "workplaces": [{"id": MILL, "name": "Mill", "acts": [1]}, {"id": LATHE, "name": "Lathe", "acts": [1]}],
    "workers": [{"id": 32, "name": "J. Novak"}],
}
SCOPES = "read write"


class Rest:
    """The API over HTTP; a body is sent as JSON, bytes as they are."""

    def __init__(self, plant: Any, *, inline: bool = True) -> None:
        self.plant = plant
        self.app = create_app(plant.site, threads=2, dispatcher=Dispatcher(plant.site, inline=inline))
        self.send = AsgiClient(self.app)
        self.answers = [(_pattern(one.route.path), one) for one in bound_routes(plant.site)]

    def __call__(self, verb: str, path: str, body: Any = None, **headers: str) -> Response:
        """Send a request to a path below /api/."""
        chunks = [] if body is None else [body if isinstance(body, bytes) else json.dumps(body).encode()]
        given = {"content-type": "application/json", **headers} if chunks else headers
        answer = self.send(verb, "/api/" + path, chunks, **given)
        if answer.status in (200, 201) and answer.headers.get("content-type") == "application/json":
            self.check(verb, "/api/" + path, answer.json)
        return answer

    def check(self, verb: str, path: str, answer: Any) -> None:
        """Raise AssertionError for an answer that its route's schema doesn't promise."""
        for pattern, bound in self.answers:
            if bound.route.verb == verb and pattern.fullmatch(path.partition("?")[0].rstrip("/")):
                if bound.route.answer is not None:
                    assert quick_validator(bound.complete(bound.route.answer))(answer), (verb, path, answer)
                return

    def make(self, path: str, **fields: Any) -> dict[str, Any]:
        """Make an object and return it."""
        answer = self("PUT", path, fields)
        assert answer.status == 201, answer.body
        made: dict[str, Any] = answer.json
        return made

    def get(self, path: str) -> Any:
        """Return what is at a path."""
        answer = self("GET", path)
        assert answer.status == 200, answer.body
        return answer.json

    def change(self, path: str, **fields: Any) -> dict[str, Any]:
        """Change fields and return the object."""
        answer = self("PATCH", path, fields)
        assert answer.status == 200, answer.body
        changed: dict[str, Any] = answer.json
        return changed

    def changes(self) -> list[tuple[Any, ...]]:
        """Return what the last call overwrote, as the audit has it: what, field, before, after."""
        text = self.plant.read(
            lambda call: call.db.rows(Audit.select(Audit.changes).order_by(Audit.id.desc()).limit(1))
        )[0][0]
        rows = json.loads(text) if isinstance(text, str) else text or []
        return [(row["what"], row["field"], row["before"], row["after"]) for row in rows]


def _pattern(path: str) -> re.Pattern[str]:
    """Return what a route's path matches; ids only, so that literal segments stay what they are."""
    return re.compile(re.sub(r"\{[^}]*\}", "[0-9]+", path.rstrip("/")))


@pytest.fixture
def rest_of(make_plant, database):
    """Return a function that makes the API of a plant on the test's database."""
    made = []

    def make(*, queued: bool = False) -> Rest:
        plant = make_plant(PLUGINS, PLANT, parameters={"api": {"anonymous_scopes": SCOPES}}, queued=queued)
        made.append(Rest(plant, inline=not queued))
        return made[-1]

    yield make
    for each in made:
        each.app.pool.close()


@pytest.fixture
def rest(rest_of):
    """The API of a plant on the test's database."""
    return rest_of()
