"""What this plugin brings: hook implementations only, each one calling the feature."""

from __future__ import annotations

from typing import Any

from tracepro.database import Model
from tracepro_hookspecs import BasicData, Call, Method, Option, Page, PlantSection, hookimpl
from tracepro_lines import basic_data, findings, lines, methods, models, options, pages, plant, station_panel


@hookimpl
def tracepro_register_requirements() -> list[str]:
    return ["items", "orders", "workers", "workplaces"]


@hookimpl
def tracepro_register_methods() -> list[Method]:
    return methods.METHODS


@hookimpl
def tracepro_register_pages() -> list[Page]:
    return pages.PAGES


@hookimpl
def tracepro_register_models() -> list[type[Model]]:
    return models.MODELS


@hookimpl
def tracepro_register_options() -> list[Option]:
    return options.OPTIONS


@hookimpl
def tracepro_register_plant_sections() -> list[PlantSection]:
    return plant.SECTIONS


@hookimpl
def tracepro_register_basic_data() -> list[BasicData]:
    return basic_data.KINDS


@hookimpl
def tracepro_line_of(call: Call, parameter: str, value: Any) -> str | None:
    return lines.line_of(call, parameter, value)


@hookimpl
def tracepro_line_names(call: Call) -> list[str]:
    return lines.line_names(call)


@hookimpl
def tracepro_site_findings(call: Call) -> dict[str, str]:
    return findings.empty_lines(call)


@hookimpl
def tracepro_page_panels(call: Call, page: str, subject: Any) -> dict[str, dict[str, Any]]:
    return station_panel.panels(call, subject) if page == "station" else {}
