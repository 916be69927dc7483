"""The JSON-RPC methods; their parameters and results are described in schemas/NAME.json."""

from typing import Any

from tracepro_hookspecs import Call
from tracepro_NAME import readings


def add_reading(call: Call, wp_id: int, value: int) -> dict[str, Any]:
    return readings.add(call, wp_id, value)


def get_reading(call: Call, wp_id: int) -> dict[str, Any] | None:
    return readings.latest(call, wp_id)
