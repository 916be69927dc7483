"""What this plugin brings: hook implementations only, each one calling the feature."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from tracepro.database import Model
from tracepro_hookspecs import Call, Method, Option, Page, Parameter, PlantSection, Reason, Route, hookimpl
from tracepro_hookspecs.records import Draft, Item, Operation, OpMat, Workplace
from tracepro_material import barcodes, cancellation, consumption, ledger, methods, models, options, plant
from tracepro_material.pages import holes, lot, moves, station_panel


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
def tracepro_register_options() -> list[Option]:
    return options.OPTIONS


@hookimpl
def tracepro_register_parameters() -> list[Parameter]:
    return options.PARAMETERS


@hookimpl
def tracepro_register_plant_sections() -> list[PlantSection]:
    return plant.SECTIONS


@hookimpl
def tracepro_check_operations(
    call: Call, items: Sequence[Item], workplace: Workplace, draft: Draft | None
) -> list[Reason]:
    return consumption.check(call, items, workplace.id, draft)


@hookimpl
def tracepro_apply_operations(
    call: Call, items: Sequence[Item], operations: Sequence[Operation], draft: Draft
) -> None:
    consumption.apply(call, items, operations, draft)


@hookimpl
def tracepro_apply_cancellation(call: Call, operation: Operation) -> None:
    cancellation.return_material(call, operation.id)


@hookimpl
def tracepro_operation_material(call: Call, op_ids: Sequence[int]) -> dict[int, list[OpMat]]:
    return ledger.consumed(call, op_ids)


@hookimpl(trylast=True)
def tracepro_parse_material_barcode(call: Call, barcode: str) -> dict[str, Any] | None:
    return barcodes.parse(call.parameter("site", "material_barcode"), barcode)


@hookimpl(trylast=True)
def tracepro_parse_tool_barcode(call: Call, barcode: str) -> dict[str, Any] | None:
    return barcodes.parse(call.parameter("site", "tool_barcode"), barcode)


@hookimpl
def tracepro_register_pages() -> list[Page]:
    return [holes.LIST, holes.PAGE, lot.PAGE]


@hookimpl
def tracepro_register_routes() -> list[Route]:
    return [moves.ROUTE]


@hookimpl
def tracepro_pages_of_code(call: Call, code: str) -> dict[str, str]:
    return lot.pages_of_code(call, code)


@hookimpl
def tracepro_page_panels(call: Call, page: str, subject: Any) -> dict[str, dict[str, Any]]:
    return station_panel.panels(call, subject) if page == "station" else {}
