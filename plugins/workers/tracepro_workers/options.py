"""What a plant may set about workers: options, which may differ by line, and site parameters."""

from __future__ import annotations

from tracepro_hookspecs import Option, Parameter
from tracepro_workers import shifts
from tracepro_workers.skills import LEVELS

HOURS_OF_A_YEAR = 8784


def parse_hours(hours: float) -> float:
    """Return the hours. Raises ValueError for none, fewer, or more than a year, which nobody means."""
    if not 0 < hours <= HOURS_OF_A_YEAR:
        raise ValueError(f"must be from over 0 to {HOURS_OF_A_YEAR} hours, not {hours:g}")
    return hours


OPTIONS = [
    Option(
        "workers_required",
        None,
        "Whether every operation must name a worker; without it what [site] workers_required says.",
        bool,
    ),
    Option(
        "login_required",
        False,
        "Whether work is refused unless its workers are logged in at the workplace in this shift.",
        bool,
    ),
    Option(
        "esd_check",
        False,
        "Whether workplaces with esd ask for an ESD test, at login and at work.",
        bool,
    ),
    Option("esd_valid_hours", 12.0, "How long a passed ESD test holds, in hours.", float, parse_hours),
    Option("iluo_check", False, "Whether workers need a skill for the act, at login and at work.", bool),
    Option("iluo_min_level", "U", "The lowest ILUO level that may work alone (I < L < U < O).", LEVELS),
    Option(
        "iluo_supervised",
        False,
        "Whether a worker of a lower level may work where one of the level is logged in.",
        bool,
    ),
]

PARAMETERS = [
    Parameter(
        "site",
        "workers_required",
        False,
        "Whether every operation must name a worker, where plugins.ini says nothing else for its line.",
        bool,
        public=True,
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
