"""What this plugin brings: hook implementations only, each one calling the feature."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from tracepro.database import Model
from tracepro_hookspecs import Call, Page, PlantSection, Reason, Route, hookimpl
from tracepro_hookspecs.records import Draft, Item, Operation, Order, Step, Workplace
from tracepro_tooling import (
    counting,
    findings,
    interlock,
    lines,
    models,
    op_info,
    pages,
    plant,
    routes,
    search,
)


@hookimpl
def tracepro_register_requirements() -> list[str]:
    return ["items", "orders", "workplaces"]


@hookimpl
def tracepro_register_models() -> list[type[Model]]:
    return models.MODELS


@hookimpl
def tracepro_register_routes() -> list[Route]:
    return routes.ROUTES


@hookimpl
def tracepro_register_pages() -> list[Page]:
    return pages.PAGES


@hookimpl
def tracepro_register_plant_sections() -> list[PlantSection]:
    return plant.SECTIONS


@hookimpl
def tracepro_page_panels(call: Call, page: str, subject: Any) -> dict[str, dict[str, Any]]:
    found = pages.PANELS[page](call, subject) if page in pages.PANELS else None
    return {"tools": found} if found else {}


@hookimpl
def tracepro_check_operations(
    call: Call, order: Order, steps: Sequence[Step], workplace: Workplace
) -> list[Reason]:
    return interlock.reasons_against(call, order, steps, workplace.id)


@hookimpl
def tracepro_apply_operations(
    call: Call,
    order: Order,
    items: Sequence[Item],
    operations: Sequence[Operation],
    draft: Draft,
    counted: Sequence[int],
    batch: int,
) -> None:
    counting.count(call, order, items, operations, draft, counted, batch)


@hookimpl
def tracepro_apply_cancellation(call: Call, operation: Operation) -> None:
    counting.take_back(call, operation.id)


@hookimpl
def tracepro_op_info(
    call: Call, order: Order, steps: Sequence[Step], workplace: Workplace
) -> dict[str, list[dict[str, Any]]]:
    return op_info.op_info(call, order, steps, workplace.id)


@hookimpl
def tracepro_site_findings(call: Call) -> dict[str, str]:
    return findings.lifeless_critical_tools(call)


@hookimpl
def tracepro_line_of(call: Call, parameter: str, value: Any) -> str | None:
    return lines.line_of(call, parameter, value)


@hookimpl
def tracepro_pages_of_code(call: Call, code: str) -> dict[str, str]:
    return search.pages_of_code(call, code)
