"""What this plugin brings: hook implementations only, each one calling the feature."""

from __future__ import annotations

from tracepro.database import Model
from tracepro_hookspecs import Call, Command, Method, Parameter, Site, hookimpl
from tracepro_seal import commands, findings, methods, models, options, sealing


@hookimpl
def tracepro_register_requirements() -> list[str]:
    return ["items"]


@hookimpl
def tracepro_register_models() -> list[type[Model]]:
    return models.MODELS


@hookimpl
def tracepro_register_methods() -> list[Method]:
    return methods.METHODS


@hookimpl
def tracepro_register_parameters() -> list[Parameter]:
    return options.PARAMETERS


@hookimpl
def tracepro_register_commands() -> list[Command]:
    return commands.COMMANDS


@hookimpl
def tracepro_background(site: Site) -> None:
    sealing.work(site)


@hookimpl
def tracepro_site_findings(call: Call) -> dict[str, str]:
    return findings.waiting(call) if call.line is None else {}
