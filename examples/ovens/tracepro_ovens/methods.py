"""The JSON-RPC methods; their parameters and results are described in schemas/ovens.json."""

from typing import Any

from tracepro_hookspecs import Call
from tracepro_ovens import readings


def setoventemperature(call: Call, wp_id: int, celsius: int) -> dict[str, Any]:
    return readings.add(call, wp_id, celsius)


def getoventemperature(call: Call, wp_id: int) -> dict[str, Any] | None:
    return readings.latest(call, wp_id)
