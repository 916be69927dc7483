"""A small plugin with a REST API: shelves with a name, a quantity and a label."""

from __future__ import annotations

import contextlib
import json
import sys
from functools import partial
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from tracepro.app import create_app
from tracepro.database import Insert, Integer, Key, LongText, Model, ShortText, p, statement
from tracepro.database.schema import Schema
from tracepro.rest import HttpProblem, check_if_match, etag_of
from tracepro.rpc.dispatcher import Dispatcher
from tracepro.testing.asgi import AsgiClient
from tracepro_hookspecs import Call, NotFound, Reply, Route, hookimpl

sys.path.append(str(Path(__file__).parent))  # for what stands beside the tests


class Shelf(Model):
    id = Key()
    name = ShortText()
    quantity = Integer(default=0)
    label = LongText(default="")

    class Meta:
        table_name = "shelves_shelf"


COLUMNS = (Shelf.id, Shelf.name, Shelf.quantity)
NEW = Insert(Shelf)


@statement
def shelves_with():
    """Shelves with at least so much on them."""
    return Shelf.select(*COLUMNS).where(Shelf.quantity >= p("least")).order_by(Shelf.id)


@statement
def shelves_after():
    """A page of shelves."""
    return Shelf.select(*COLUMNS).where(Shelf.id > p("after")).order_by(Shelf.id).limit(2)


@statement
def lock_shelf():
    """Lock a shelf."""
    return Shelf.select(*COLUMNS).where(Shelf.id == p("id")).for_update()


@statement
def label_of_shelf():
    """The label of a shelf."""
    return Shelf.select(Shelf.label).where(Shelf.id == p("id"))


@statement
def update_shelf():
    """Change name and quantity of a shelf."""
    return Shelf.update(name=p("name"), quantity=p("quantity")).where(Shelf.id == p("id"))


@statement
def update_label():
    """Change the label of a shelf."""
    return Shelf.update(label=p("label")).where(Shelf.id == p("id"))


@statement
def delete_shelf():
    """Take a shelf away."""
    return Shelf.delete().where(Shelf.id == p("id"))


FIELDS = {
    "name": {"type": "string", "minLength": 1, "maxLength": 255, "pattern": "^[^\\u0000]*$"},
    "quantity": {"type": "integer", "minimum": 0, "maximum": 1000},
    "wp_id": {"$ref": "shared.json#/$defs/Id"},
}
SHELF = {"$ref": "#/components/schemas/Shelf"}
FRAGMENT = {
    "components": {
        "schemas": {
            "Shelf": {
                "type": "object",
                "required": ["id", "name", "quantity"],
                "properties": {
                    "id": {"type": "integer"},
                    "name": FIELDS["name"],
                    "quantity": FIELDS["quantity"],
                },
            }
        }
    }
}


def one(call: Call, shelf_id: int) -> dict[str, Any]:
    row = call.db.one(lock_shelf, id=shelf_id)
    if row is None:
        raise NotFound("shelf-not-found", f"There is no shelf {shelf_id}.")
    return dict(zip(("id", "name", "quantity"), row, strict=True))


def shown(shelf: dict[str, Any], status: int | None = None) -> Reply:
    return Reply(shelf, status, {"ETag": etag_of(shelf)})


def shelves(call, request):
    rows = call.db.rows(shelves_with, least=request.query.get("least", 0))
    return {str(row[0]): dict(zip(("id", "name", "quantity"), row, strict=True)) for row in rows}


def told():
    """Do nothing; the notifier calls it after a shelf was made."""


def create(call, request):
    body = {key: value for key, value in request.body.items() if key != "wp_id"}
    shelf_id = call.db.insert(NEW, **{"quantity": 0, "label": "", **body})
    call.changed(f"shelf {shelf_id}", "name", None, body["name"])
    call.after_commit(told)
    return shown(one(call, shelf_id))


def show(call, request):
    return shown(one(call, request.path["id"]))


def change(call, request):
    before = one(call, request.path["id"])
    check_if_match(request, before)
    after = before | {key: value for key, value in request.body.items() if key != "wp_id"}
    call.db.run(update_shelf, **after)
    return shown(after)


def remove(call, request):
    check_if_match(request, one(call, request.path["id"]))
    call.db.run(delete_shelf, id=request.path["id"])
    return Reply(status=204)


def set_label(call, request):
    shelf = one(call, request.path["id"])
    call.db.run(update_label, id=shelf["id"], label=request.body.decode("latin-1"))
    return shelf


def label(call, request):
    one(call, request.path["id"])
    text = call.db.value(label_of_shelf, id=request.path["id"])
    if not text:
        raise HttpProblem(412, "No label", "This shelf has no label.", type="no-label")
    return Reply(text.encode("latin-1"), headers={"Content-Type": "text/plain"})


def count(call, request):
    return {"count": len(shelves(call, request))}


def names_page(after, call):
    """A page of the names of all shelves, one line each; whoever made a shelf "broken" has the list break off there."""
    rows = call.db.rows(shelves_after, after=after)
    if any(name == "broken" for _, name, _ in rows):
        raise RuntimeError("a bug on a later page")
    body = "".join(f"{name}\n" for _, name, _ in rows).encode()
    rest = partial(names_page, rows[-1][0]) if rows else None
    return Reply(body, headers={"Content-Type": "text/plain"}, rest=rest)


def name_list(call, request):
    return names_page(0, call)


def crash(call, request):
    create(call, SimpleNamespace(body={"name": "half-made"}))
    raise RuntimeError("a bug with a secret in it")


def route(verb, path, handler, access, **more):
    return Route(verb, "/api/shelves/" + path, handler, access, f"{verb} {path or 'all'}", **more)


ROUTES = [
    route(
        "GET",
        "",
        shelves,
        "read",
        query={"least": {"type": "integer", "minimum": 0}},
        answer={"type": "object", "additionalProperties": SHELF},
    ),
    route(
        "PUT",
        "",
        create,
        "write",
        status=201,
        answer=SHELF,
        etag=True,
        line_from=("wp_id",),
        plant_wide=False,
        body={"type": "object", "required": ["name"], "properties": FIELDS},
    ),
    route("GET", "{id}", show, "read", answer=SHELF, etag=True),
    route(
        "PATCH",
        "{id}",
        change,
        "write",
        answer=SHELF,
        etag=True,
        if_match=True,
        line_from=("wp_id",),
        body={"type": "object", "properties": FIELDS},
    ),
    route("DELETE", "{id}", remove, "write", status=204, if_match=True),
    route(
        "GET",
        "{id}/label",
        label,
        "read",
        answer_types=("text/plain",),
        statuses={404: "There is no such shelf.", 412: "The shelf has no label."},
    ),
    route(
        "POST", "{id}/label", set_label, "write", answer=SHELF, raw_limit=1000, media_types=("text/plain",)
    ),
    route("GET", "names", name_list, "read"),
    route("GET", "count", count, "read", answer={"type": "object", "required": ["count"]}),
    route("POST", "crash", crash, "write", scope="shelves:crash"),
]


class Plugin:
    """The plugin object: its hooks are static, so that they are functions to pluggy."""

    fragment = FRAGMENT

    @staticmethod
    @hookimpl
    def tracepro_register_routes():
        return ROUTES

    @staticmethod
    @hookimpl
    def tracepro_register_models():
        return [Shelf]

    @staticmethod
    @hookimpl
    def tracepro_line_names(call):
        return ["L1", "L2"]

    @staticmethod
    @hookimpl
    def tracepro_line_of(call, parameter, value):
        return {100: "L1", 200: "L2"}.get(int(value))


class Rest:
    """The shelves over HTTP, without a socket."""

    def __init__(self, plant: Any) -> None:
        self.plant = plant
        self.site = plant.site
        self.app = create_app(plant.site, threads=2, dispatcher=Dispatcher(plant.site, inline=True))
        self.send = AsgiClient(self.app)

    def __call__(self, verb: str, path: str = "", body: Any = None, **headers: str) -> Any:
        """Send JSON to a path below the shelves."""
        chunks = [] if body is None else [body if isinstance(body, bytes) else json.dumps(body).encode()]
        given = {"content-type": "application/json", **headers} if chunks else headers
        return self.send(verb, "/api/shelves/" + path, chunks, **given)

    def names(self) -> list[str]:
        """The names of all shelves."""
        return [shelf["name"] for shelf in self("GET").json.values()]

    def audits(self) -> list[tuple[Any, ...]]:
        """The audit rows."""
        from tracepro.database.core_models import Audit

        query = Audit.select(Audit.method, Audit.params, Audit.changes, Audit.line, Audit.idempotency_key)
        return self.plant.read(lambda call: call.db.rows(query.order_by(Audit.id)))


@pytest.fixture
def rest(make_plant):
    """The shelves on the test's database; L2 has them switched off."""
    plant = make_plant(
        ("shelves",),
        extra={"shelves": Plugin},
        lines={"L2": ()},
        parameters={"api": {"anonymous_scopes": "read write shelves:crash"}},
    )
    with contextlib.suppress(Exception):
        plant.write(lambda call: Schema(call.db).create(Shelf))
    made = Rest(plant)
    yield made
    made.app.pool.close()
