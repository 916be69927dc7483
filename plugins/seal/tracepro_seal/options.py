"""What a plant may choose about the seal."""

from __future__ import annotations

from tracepro_hookspecs import Parameter, between

DAY_SECONDS = 86_400

PARAMETERS = [
    Parameter(
        "seal",
        "seconds",
        60,
        "How many seconds a row of the audit waits for its seal at most; a thousand rows are sealed at once.",
        int,
        parse=between(1, DAY_SECONDS),
    ),
]
