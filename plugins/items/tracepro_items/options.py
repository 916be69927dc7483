"""What a plant may set about recorded work: one site parameter."""

from __future__ import annotations

from tracepro_hookspecs import Parameter, between

MOST_DAYS = 36_500


PARAMETERS = [
    Parameter(
        "site",
        "oldest_days",
        366,
        "How many days back tm0 and tm1 of recorded work may lie; 0 is no limit.",
        int,
        parse=between(0, MOST_DAYS),
        public=True,
    ),
]
