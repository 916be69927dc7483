"""The rule: an oven works only inside the temperature window of its line."""

from collections.abc import Sequence
from typing import Any

from tracepro_hookspecs import Call, Reason
from tracepro_hookspecs.records import Step, Workplace
from tracepro_ovens import readings


def reasons_against(call: Call, workplace: Workplace) -> list[Reason]:
    """Return why an oven may not be used now; nothing for a workplace that is not an oven."""
    reading = readings.latest(call, workplace.id)
    low, high = of_line(call, workplace.line)
    if reading is None or low <= reading["celsius"] <= high:
        return []
    info = (
        f"Oven {workplace.name} is at {reading['celsius']} °C and must be between {low} and {high} °C; "
        "wait until it is ready and send a new reading."
    )
    return [Reason("oven-temperature", info)]


def of_line(call: Call, line: str | None) -> tuple[int, int]:
    """Return the lowest and the highest temperature at which the ovens of a line may work, in °C."""
    return call.option_on(line, "ovens", "min_celsius"), call.option_on(line, "ovens", "max_celsius")


def op_info(call: Call, steps: Sequence[Step], workplace: Workplace) -> dict[str, Any]:
    """Return the temperature as the terminal of an oven shows it, for every step asked about."""
    reading = readings.latest(call, workplace.id)
    if reading is None:
        return {}
    shown = {"_tp": "oven", "_name": workplace.name, "_status": f"{reading['celsius']} °C"}
    return {str(step.op): shown for step in steps}
