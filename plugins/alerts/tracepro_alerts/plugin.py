"""What this plugin brings: hook implementations only, each one calling the feature."""

from __future__ import annotations

from tracepro_hookspecs import hookimpl


@hookimpl
def tracepro_register_requirements() -> list[str]:
    return ["workplaces"]
