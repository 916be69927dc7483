"""The rule: an oven works only inside the temperature window of its line."""

from tracepro_hookspecs import Reason
from tracepro_ovens import readings


def reasons_against(call, workplace):
    """Says why an oven may not be used now; nothing for a workplace that is no oven."""
    reading = readings.latest(call, workplace.id)
    low, high = call.option("ovens", "min_celsius"), call.option("ovens", "max_celsius")
    if reading is None or low <= reading["celsius"] <= high:
        return []
    info = (
        f"Oven {workplace.name} is at {reading['celsius']} °C and must be between {low} and {high} °C; "
        "wait until it is ready and send a new reading."
    )
    return [Reason("oven-temperature", info)]


def op_info(call, steps, workplace):
    """Shows the temperature on the terminal of an oven, for every step asked about."""
    reading = readings.latest(call, workplace.id)
    if reading is None:
        return {}
    shown = {"_tp": "oven", "_name": workplace.name, "_status": f"{reading['celsius']} °C"}
    return {str(step.op): shown for step in steps}
