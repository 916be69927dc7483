"""What this plugin brings: hook implementations only, each one calling the feature."""

from __future__ import annotations

from tracepro.database import Model
from tracepro_hookspecs import Route, hookimpl
from tracepro_tooling import models, routes


@hookimpl
def tracepro_register_requirements() -> list[str]:
    return ["items", "orders", "workplaces"]


@hookimpl
def tracepro_register_models() -> list[type[Model]]:
    return models.MODELS


@hookimpl
def tracepro_register_routes() -> list[Route]:
    return routes.ROUTES
