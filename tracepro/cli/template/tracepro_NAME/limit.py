"""The rule: a workplace works only while its last reading is not above the limit of its line."""

from tracepro_hookspecs import Call, Reason
from tracepro_hookspecs.records import Workplace
from tracepro_NAME import readings, reasons


def reasons_against(call: Call, workplace: Workplace) -> list[Reason]:
    """Return why a workplace may not be used now; nothing for one without a reading."""
    reading = readings.latest(call, workplace.id)
    highest = call.option("NAME", "max_value")
    if reading is None or reading["value"] <= highest:
        return []
    return [reasons.too_high(workplace, reading["value"], highest)]
