"""The REST route; its answer is described in schemas/torque.json."""

from typing import Any

from tracepro_items.api import item

from tracepro_hookspecs import Call, Request
from tracepro_torque import torques

TORQUES = {"$ref": "#/components/schemas/Torques"}


def show(call: Call, request: Request) -> dict[str, Any]:
    item(call, request.path["id"])
    return {"torques": torques.shown(call, request.path["id"])}
