"""What a plant may set about lines, for all of them or for one."""

from __future__ import annotations

from tracepro_hookspecs import Option, between

MOST_MINUTES = 7 * 24 * 60


OPTIONS = [
    Option(
        "ls_max_wait_minutes",
        60,
        "How many minutes after it entered the line lslineoptonextboard still gives a board.",
        float,
        parse=between(0, MOST_MINUTES),
    ),
    Option(
        "idle_minutes",
        10,
        "How many minutes after its last record the line's page shows a machine as idle.",
        float,
        parse=between(0, MOST_MINUTES),
    ),
]
