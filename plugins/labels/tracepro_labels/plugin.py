"""What this plugin brings: hook implementations only, each one calling the feature."""

from __future__ import annotations

from typing import Any

from tracepro_hookspecs import Call, Option, hookimpl
from tracepro_labels import options, reading


@hookimpl
def tracepro_register_requirements() -> list[str]:
    return ["material"]


@hookimpl
def tracepro_register_options() -> list[Option]:
    return options.OPTIONS


@hookimpl
def tracepro_parse_material_barcode(call: Call, barcode: str) -> dict[str, Any] | None:
    return reading.read(call, barcode)
