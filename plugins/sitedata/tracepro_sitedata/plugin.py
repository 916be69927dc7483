"""What this plugin brings: hook implementations only, each one calling the feature."""

from __future__ import annotations

from tracepro.database import Model
from tracepro_hookspecs import Method, hookimpl
from tracepro_sitedata import methods, models


@hookimpl
def tracepro_register_methods() -> list[Method]:
    return methods.METHODS


@hookimpl
def tracepro_register_models() -> list[type[Model]]:
    return models.MODELS
