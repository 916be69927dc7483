"""The REST route; its answer is described in schemas/NAME.json."""

from typing import Any

from tracepro_hookspecs import Call, Request
from tracepro_NAME import readings, reasons

READING = {"$ref": "#/components/schemas/Reading"}


def show(call: Call, request: Request) -> dict[str, Any]:
    reading = readings.latest(call, request.path["wp_id"])
    if reading is None:
        raise reasons.no_reading(request.path["wp_id"])
    return reading
