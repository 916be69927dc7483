"""A plant with two machines behind HTTP, without a socket, and a mill that makes parts; every answer is held against its route's schema."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from functools import partial
from typing import Any

import pytest
from tracepro_tooling import life, replacing, undo
from tracepro_tooling import models as m

from tracepro.calls.call import Call
from tracepro.database import Insert
from tracepro.database.core_models import Audit
from tracepro.testing.client import Response
from tracepro.testing.watched import statements_of_sessions
from tracepro_hookspecs import Request
from tracepro_schemas import defs

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

    def __init__(self, plant: Any) -> None:
        self.plant = plant
        self.send = plant.rest.send

    def __call__(self, verb: str, path: str, body: Any = None, **headers: str) -> Response:
        """Send a request to a path below /api/."""
        response: Response = self.plant.rest(verb, "/api/" + path, body, **headers)
        return response

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


@pytest.fixture
def rest_of(make_plant, database):
    """Return a function that makes the API of a plant on the test's database."""

    def make(*, queued: bool = False, plant: Any = PLANT, lines: Any = None) -> Rest:
        parameters = {"api": {"anonymous_scopes": SCOPES}}
        return Rest(make_plant(PLUGINS, plant, lines=lines, parameters=parameters, queued=queued))

    return make


@pytest.fixture
def rest(rest_of):
    """The API of a plant on the test's database."""
    return rest_of()


@pytest.fixture
def equipped(rest):
    """The API of a plant with a process, its program and assembly, a point with one insert, and a tool that has made 9 parts."""
    rest.process = rest.make("processes", name="Housing", machine_id=MILL)["id"]
    rest.program = str(rest.make("programs", name="O1", process_id=rest.process, item="H")["id"])
    rest.assembly = rest.make("tools/assemblies", name="T1", process_id=rest.process)["id"]
    rest.item = rest.make("inventory/items", name="Insert")["id"]
    rest.point = rest.make("inventory", name="Cabinet", items={str(rest.item): 1})["id"]
    rest.tool = rest.make(
        "tools", name="Mill", assembly_id=rest.assembly, inventory_item_id=rest.item, durable=True,
        part_count=9, runtime=12.5, parts={rest.program: 7}, day_count=3,
    )["id"]  # fmt: skip
    rest.path = f"tools/{rest.tool}"
    return rest


MILL_PLUGINS = ("workplaces", "workers", "orders", "items", "tooling")
MILL_PLANT = {
    "acts": [{"id": 1, "name": "MILL"}, {"id": 2, "name": "DEBURR"}],
    "workplaces": [{"id": wp_id, "name": f"Mill {wp_id}", "acts": [1, 2]} for wp_id in (100, 101)],
    "workers": [{"id": 32, "name": "J. Novak", "code": "JN32", "active": True}],
}
STEPS = [{"op": 10, "act": 1, "flags": 2}, {"op": 20, "act": 2, "flags": 6}]
BEGIN, END = "2026-11-20T09:50:00Z", "2026-11-20T10:00:00Z"
MINUTES = 60_000_000


@dataclass
class Mill:
    """A plant with one order of HOUSING, and rows of tooling made by hand."""

    plant: Any
    queued: bool = False
    order: int = 0
    units: int = field(default=0, init=False)

    def __post_init__(self):
        self.order = self.make_order("VP-1", "HOUSING")

    def __getattr__(self, method):
        return lambda *args, **params: self.plant.call(method, *args, **params)

    def make_order(self, erp_ref, product, **properties):
        order = self.plant.call("makeorder", erp_ref, product, 1, 1, 0)["id"]
        self.plant.call("updateorder", order, properties, STEPS)
        return order

    def add(self, model, **columns):
        """Insert a row and return its id."""
        if model is m.Tool:
            columns = (
                self.plant.read(lambda call: {"start_day": life.site_day(call), "created": call.now})
                | columns
            )
        return self.plant.write(lambda call: call.db.insert(Insert(model), **columns))

    def set_tool(self, tool_id, **columns):
        self.plant.write(lambda call: call.db.run(m.Tool.update(**columns).where(m.Tool.id == tool_id)))

    def process(self, wp_id=100, item="HOUSING", op=None, **columns):
        """Return a process with a program and an assembly of its own."""
        process = self.add(m.Process, name="Milling", machine_id=wp_id, **columns)
        return process, self.program(process, item, op), self.assembly(process)

    def program(self, process, item="HOUSING", op=None, **columns):
        return self.add(m.Program, name="O1", process_id=process, item=item, op=op, **columns)

    def assembly(self, process, **columns):
        return self.add(m.ToolAssembly, name="T05", process_id=process, **columns)

    def tool(self, assembly, **columns):
        return self.add(m.Tool, name="End mill", assembly_id=assembly, **columns)

    def unit(self, order=None, tp=1):
        self.units += 1
        return self.plant.call("getitem", order or self.order, f"U{self.units}", tp)["id"]

    def mill(self, unit=None, op=10, wp_id=100, **more):
        """Record ten minutes of work on a unit and return the operation's id."""
        where = {"item_id": unit or self.unit(), "op": op, "act": None, "wp_id": wp_id, "workers": [32]}
        return self.plant.call("addop", **where, tm0=BEGIN, tm1=END, **more)["op_id"]

    def batch(self, *units, op=10):
        where = {"item_ids": list(units), "op": op, "act": None, "wp_id": 100, "workers": [32]}
        return [row["op_id"] for row in self.plant.call("batch_addop", **where, tm0=BEGIN, tm1=END)["ops"]]

    def cancel(self, op_id):
        return self.plant.call("cancelop", op_id, 100, [32], "wrong")

    def in_a_write(self, function, path, **more):
        """Run a handler of the REST API in a transaction, queued as in a server if the plant's are."""

        def work(call):
            return function(call, Request(path=path, **{"query": {}, "body": None, **more}))

        if not self.queued:
            return self.plant.write(work)
        return self.plant.site.store.write(
            lambda db: work(Call(self.plant.site, db, self.plant.caller))
        ).result(10)

    def replace(self, tool_id, **body):
        """Replace a tool and return the replacement."""
        return self.in_a_write(replacing.replace, {"tool_id": tool_id}, body=body).body

    def undo(self, replacement_id):
        self.in_a_write(undo.delete, {"replacement_id": replacement_id}, query={"undo": 1})

    def counters(self, tool_id):
        """Return the parts, the minutes and the parts by program that a tool has made."""
        tool = m.Tool.select(m.Tool.part_count, m.Tool.runtime).where(m.Tool.id == tool_id)
        of_tool = m.ToolParts.select(m.ToolParts.program_id, m.ToolParts.parts).where(
            m.ToolParts.tool_id == tool_id
        )
        parts, runtime = self.plant.read(lambda call: call.db.one(tool))
        by_program = dict(self.plant.read(lambda call: call.db.rows(of_tool)))
        return parts, runtime / MINUTES, by_program

    def refusal(self, unit=None, op=10, **more):
        """Return the reasons for which work is refused."""
        where = {"item_id": unit or self.unit(), "op": op, "act": None, "wp_id": 100, "workers": [32]}
        return self.plant.error("addop", **where, **more)["data"]["reasons"]

    def make_panel(self, mpcount=4):
        order = self.make_order("VP-P", "HOUSING", mptp=defs.MPTP_PANEL, mpcount=mpcount)
        panel = self.unit(order, tp=defs.ITEM_TP_MULTIPANEL)
        return panel, [
            row["item"]["id"] for row in self.plant.call("getitemrel", panel) if row["rel"] == "child"
        ]


@pytest.fixture
def make_mill(make_plant, database):
    def make(queued=False, **how):
        return Mill(make_plant(MILL_PLUGINS, MILL_PLANT, queued=queued, **how), queued)

    return make


@pytest.fixture
def mill(make_mill):
    return make_mill()


@pytest.fixture
def statements():
    """Return a context manager that gathers the statements which are sent meanwhile."""

    return partial(statements_of_sessions, "tooling_")
