"""What this plugin brings: hook implementations only, each one calling the feature."""

from __future__ import annotations

from typing import Any

from tracepro.database import Model
from tracepro_auth import commands, findings, groups, login, methods, models, panels, plant
from tracepro_hookspecs import Call, Command, Method, Parameter, PlantSection, hookimpl


@hookimpl
def tracepro_register_methods() -> list[Method]:
    return methods.methods_of_site()


@hookimpl
def tracepro_register_models() -> list[type[Model]]:
    return models.MODELS


@hookimpl
def tracepro_register_parameters() -> list[Parameter]:
    return groups.PARAMETERS


@hookimpl
def tracepro_register_plant_sections() -> list[PlantSection]:
    return plant.SECTIONS


@hookimpl
def tracepro_register_commands() -> list[Command]:
    return commands.COMMANDS


@hookimpl
def tracepro_authenticate_user(call: Call, username: str, password: str) -> dict[str, Any] | None:
    return login.authenticate(call, username, password)


@hookimpl
def tracepro_site_findings(call: Call) -> dict[str, str]:
    return findings.unknown_groups(call)


@hookimpl
def tracepro_page_panels(call: Call, page: str) -> dict[str, dict[str, Any]]:
    return panels.panels(call, page)
