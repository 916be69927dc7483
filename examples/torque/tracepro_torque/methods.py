"""The JSON-RPC method; its parameters and result are described in schemas/torque.json."""

from typing import Any

from tracepro_workplaces.api import workplace

from tracepro.database import narrowed_by
from tracepro_hookspecs import Call
from tracepro_torque import torques


@narrowed_by("seconds_back", "ask for fewer seconds")
def gettorquestatistics(call: Call, wp_id: int, seconds_back: int) -> dict[str, Any]:
    workplace(call, wp_id)
    return torques.statistics(call, wp_id, seconds_back)
