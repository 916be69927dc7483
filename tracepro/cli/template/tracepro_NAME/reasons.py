"""The codes of this plugin, each built in one place with its sentence."""

from tracepro_hookspecs import NotFound, Reason
from tracepro_hookspecs.records import Workplace


def too_high(workplace: Workplace, value: int, highest: int) -> Reason:
    """Return the reason for a workplace whose last reading is above the limit."""
    info = (
        f"The last reading of workplace {workplace.name} is {value}, and {highest} is allowed; "
        "bring it down and add a new reading."
    )
    return Reason("NAME-too-high", info, plugin="NAME")


def no_reading(wp_id: int) -> NotFound:
    """Return the error for a workplace without a reading."""
    return NotFound("NAME-no-reading", f"Workplace {wp_id} has no reading; add one first.")
