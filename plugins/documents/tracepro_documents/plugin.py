"""What this plugin brings: hook implementations only, each one calling the feature."""

from __future__ import annotations

from tracepro_documents import findings, methods, options
from tracepro_hookspecs import Call, Method, Parameter, hookimpl


@hookimpl
def tracepro_register_methods() -> list[Method]:
    return methods.METHODS


@hookimpl
def tracepro_register_parameters() -> list[Parameter]:
    return options.PARAMETERS


@hookimpl
def tracepro_site_findings(call: Call) -> dict[str, str]:
    return dict(findings.find(call))
