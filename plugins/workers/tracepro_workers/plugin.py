"""What this plugin brings: hook implementations only, each one calling the feature."""

from __future__ import annotations

from typing import Any

from tracepro.database import Model
from tracepro_hookspecs import Archive, BasicData, Call, Method, Option, Parameter, PlantSection, hookimpl
from tracepro_hookspecs.records import Block, Workplace
from tracepro_workers import findings, methods, models, options, plant, station_panel, worker_log, workers


@hookimpl
def tracepro_register_requirements() -> list[str]:
    return ["workplaces"]


@hookimpl
def tracepro_register_methods() -> list[Method]:
    return methods.methods_of_site()


@hookimpl
def tracepro_register_models() -> list[type[Model]]:
    return models.MODELS


@hookimpl
def tracepro_register_archives() -> list[Archive]:
    return [worker_log.ARCHIVE]


@hookimpl
def tracepro_register_options() -> list[Option]:
    return options.OPTIONS


@hookimpl
def tracepro_register_parameters() -> list[Parameter]:
    return options.PARAMETERS


@hookimpl
def tracepro_register_plant_sections() -> list[PlantSection]:
    return plant.SECTIONS


@hookimpl
def tracepro_register_basic_data() -> list[BasicData]:
    return [BasicData("Worker", workers.list_workers)]


@hookimpl
def tracepro_workplace_blocked(call: Call, workplace: Workplace, block: Block | None) -> None:
    worker_log.log_block(call, workplace, block)


@hookimpl
def tracepro_site_findings(call: Call) -> dict[str, str]:
    return dict(findings.find(call))


@hookimpl
def tracepro_page_panels(call: Call, page: str, subject: Any) -> dict[str, dict[str, Any]]:
    return station_panel.panels(call, subject) if page == "station" else {}
