"""What this plugin brings: hook implementations only, each one calling the feature."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from tracepro.database import Model
from tracepro_hookspecs import Call, Method, Option, Reason, hookimpl
from tracepro_hookspecs.records import Order, Step, Workplace
from tracepro_smdcarts import docking, line_panel, methods, models, options


@hookimpl
def tracepro_register_requirements() -> list[str]:
    return ["lines", "material", "orders", "items", "workplaces"]


@hookimpl
def tracepro_register_methods() -> list[Method]:
    return methods.METHODS


@hookimpl
def tracepro_register_models() -> list[type[Model]]:
    return models.MODELS


@hookimpl
def tracepro_register_options() -> list[Option]:
    return options.OPTIONS


@hookimpl
def tracepro_page_panels(call: Call, page: str, subject: Any) -> dict[str, dict[str, Any]]:
    found = line_panel.panel(call, subject) if page == "line" else None
    return {"carts": found} if found else {}


@hookimpl
def tracepro_check_operations(
    call: Call, order: Order, steps: Sequence[Step], workplace: Workplace
) -> list[Reason]:
    return docking.reasons_against(call, order, steps, workplace.id)


@hookimpl
def tracepro_op_info(
    call: Call, order: Order, steps: Sequence[Step], workplace: Workplace
) -> dict[str, list[dict[str, Any]]]:
    return docking.op_info(call, order, steps, workplace.id)
