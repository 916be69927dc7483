"""The REST routes."""

from typing import Any

from tracepro_hookspecs import Call, NotFound, Request
from tracepro_ovens import readings

CELSIUS = {"type": "integer", "minimum": -50, "maximum": 1000}
NEW_READING = {
    "type": "object",
    "properties": {"wp_id": {"type": "integer", "minimum": 1}, "celsius": CELSIUS},
    "required": ["wp_id", "celsius"],
}
READING = {
    "type": "object",
    "properties": {"wp_id": {"type": "integer"}, "celsius": CELSIUS, "tm": {"type": "string"}},
    "required": ["wp_id", "celsius", "tm"],
}


def show(call: Call, request: Request) -> dict[str, Any]:
    reading = readings.latest(call, request.path["id"])
    if reading is None:
        raise NotFound("oven-not-found", f"Workplace {request.path['id']} has no reading; add one first.")
    return reading


def add(call: Call, request: Request) -> dict[str, Any]:
    return readings.add(call, request.body["wp_id"], request.body["celsius"])
