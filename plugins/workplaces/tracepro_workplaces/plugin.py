"""What this plugin brings: hook implementations only, each one calling the feature."""

from __future__ import annotations

from tracepro.database import Model
from tracepro_hookspecs import BasicData, Call, Method, Parameter, PlantSection, hookimpl
from tracepro_workplaces import acts, findings, methods, models, options, plant, workplaces


@hookimpl
def tracepro_register_methods() -> list[Method]:
    return methods.METHODS


@hookimpl
def tracepro_register_models() -> list[type[Model]]:
    return models.MODELS


@hookimpl
def tracepro_register_parameters() -> list[Parameter]:
    return options.PARAMETERS


@hookimpl
def tracepro_register_plant_sections() -> list[PlantSection]:
    return plant.SECTIONS


@hookimpl
def tracepro_register_basic_data() -> list[BasicData]:
    act = BasicData("Act", acts.list_acts, ("desc",), acts.set_description)
    return [act, BasicData("Workplace", workplaces.list_workplaces)]


@hookimpl
def tracepro_site_findings(call: Call) -> dict[str, str]:
    return findings.unassigned(call)
