"""What a plant may set about workers: options, which may differ by line, and site parameters."""

from tracepro_hookspecs import Option, Parameter
from tracepro_workers import shifts
from tracepro_workers.skills import LEVELS


def positive_hours(hours: float) -> float:
    """Return the hours. Raises ValueError for none, fewer, or more than a year, which nobody means."""
    if not 0 < hours <= 8784:
        raise ValueError(f"must be from over 0 to 8784 hours, not {hours:g}")
    return hours


OPTIONS = [
    Option(
        "login_required",
        False,
        "Whether work counts only by workers who are logged in at the workplace.",
        bool,
    ),
    Option(
        "esd_check", False, "Whether workplaces with esd ask for an ESD test, at login and at work.", bool
    ),
    Option("esd_valid_hours", 12.0, "How long a passed ESD test holds, in hours.", float, positive_hours),
    Option("iluo_check", False, "Whether workers need a skill for the act, at login and at work.", bool),
    Option("iluo_min_level", "U", "The lowest ILUO level that may work alone (I < L < U < O).", LEVELS),
    Option(
        "iluo_supervised",
        False,
        "Whether a lower level may work beside one at the level who is logged in.",
        bool,
    ),
]

PARAMETERS = [
    Parameter(
        "site", "workers_required", False, "Whether every operation names a worker.", bool, public=True
    ),
    Parameter(
        "site",
        "shifts",
        ["06:00", "14:00", "22:00"],
        "When shifts start, in local wall time.",
        list,
        public=True,
        parse=shifts.parse,
    ),
]
