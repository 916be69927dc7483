"""What a plant may set about workplaces: one site parameter."""

from __future__ import annotations

from tracepro_hookspecs import Parameter

PARAMETERS = [
    Parameter(
        "site",
        "check_workplaces",
        False,
        "Whether work is refused at a workplace that is not assigned to its act.",
        bool,
        public=True,
    ),
]
