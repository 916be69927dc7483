"""P2: dispatch alone, against JSON-RPC libraries under web frameworks: ours parses strictly, validates and asks hooks."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Callable
from typing import Any

from benchmarks.contenders import wsgi
from benchmarks.results import Found, at_least
from benchmarks.scene import Folder, Scene, body
from benchmarks.timing import interleaved, micros, ratio
from tracepro_hookspecs import Call, Method, Reason, hookimpl

PARAMS = {
    "item_id": 4711,
    "op": 20,
    "act": 2,
    "wp_id": 102,
    "workers": [3],
    "tm0": None,
    "tm1": None,
    "result": 0,
    "mat_auto": False,
    "data": [[2, "VCC", {"value": 3.3, "low": 3.2, "high": 3.4, "unit": "V"}]],
}
SHARED = "shared.json#/$defs/"
TYPES = {
    "item_id": "Id",
    "op": "IdOrNull",
    "act": "IdOrNull",
    "wp_id": "Id",
    "workers": "Ids",
    "tm0": "InstantIn",
    "tm1": "InstantIn",
    "result": "Integer",
    "mat_auto": "Boolean",
    "data": "DataRows",
}
GOALS = {"jsonrpcserver+Flask": 7.5, "pjrpc+Flask": 4, "json-rpc+werkzeug": 1.8}


class Booking:
    """A plugin with a method of addop's parameters that asks three hooks and touches no table."""

    fragment = {
        "methods": [
            {
                "name": "booking",
                "summary": "Books nothing.",
                "params": [
                    {"name": name, "required": True, "schema": {"$ref": SHARED + kind}}
                    for name, kind in TYPES.items()
                ],
                "result": {"name": "booked", "schema": {"type": "object"}},
            }
        ]
    }

    @hookimpl
    def tracepro_register_methods(self) -> list[Method]:
        return [Method("booking", booking, "read")]


class Listener:
    """A plugin that answers the three hooks."""

    @hookimpl
    def tracepro_check_operations(self, call: Call, draft: Any) -> list[Reason]:
        return []

    @hookimpl
    def tracepro_operation_material(self, op_ids: Any) -> dict[int, Any]:
        return {}

    @hookimpl
    def tracepro_apply_operations(self, operations: Any) -> None:
        return None


def booking(
    call: Call,
    item_id: int,
    op: int,
    act: int,
    wp_id: int,
    workers: tuple[int, ...],
    tm0: int,
    tm1: int,
    result: int,
    mat_auto: bool,
    data: Any,
) -> dict[str, int]:
    """Ask three hooks and book nothing."""
    same = {"order": None, "items": (), "draft": None}
    call.hooks.check("tracepro_check_operations", steps=(), workplace=None, workers=(), **same)
    call.hooks.apply("tracepro_apply_operations", operations=(), **same)
    call.hooks.collect("tracepro_operation_material", op_ids=())
    return {"op_id": 1}


def run(arguments: Namespace) -> list[Found]:
    """Measure ours and the libraries in turns."""
    calls, rounds = (200, 5) if arguments.quick else (2000, 15)
    extra = {"booking": Booking(), "first": Listener(), "second": Listener(), "third": Listener()}
    with Folder() as folder:
        scene = Scene(folder.url("dispatch"), (), extra=extra)
        contenders = {
            "ours": times(calls, scene.ask, body("booking", PARAMS)),
            "jsonrpcserver+Flask": times(calls, wsgi.jsonrpcserver_flask(), body("addop", PARAMS)),
            "pjrpc+Flask": times(calls, wsgi.pjrpc_flask(), body("addop", PARAMS)),
            "json-rpc+werkzeug": times(calls, wsgi.json_rpc_werkzeug(), body("addop", PARAMS)),
        }
        figures = interleaved(contenders, rounds, "P2")
        scene.close()
    ours = micros(figures["ours"])
    return [
        at_least(
            f"P2 {name}",
            f"dispatch against {name}",
            ratio(figures, name, "ours"),
            goal,
            f"{ours} against {micros(figures[name])}",
        )
        for name, goal in GOALS.items()
    ]


def times(calls: int, ask: Callable[[bytes], bytes], request: bytes) -> Callable[[], int]:
    """Make a round of asking the same again and again."""
    assert b'"op_id"' in ask(request), ask(request)

    def work() -> int:
        for _ in range(calls):
            ask(request)
        return calls

    return work
