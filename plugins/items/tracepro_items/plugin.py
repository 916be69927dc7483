"""What this plugin brings: hook implementations only, each one calling the feature."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from tracepro.database import Model
from tracepro_hookspecs import Archive, BackupProbe, Call, Method, Page, Parameter, Reason, Route, hookimpl
from tracepro_hookspecs.records import Order, Step
from tracepro_items import backup_probes, history, methods, models, options, retention, tally
from tracepro_items.pages import order as order_pages
from tracepro_items.pages import parts, record, station, unit


@hookimpl
def tracepro_register_requirements() -> list[str]:
    return ["orders", "workers"]


@hookimpl
def tracepro_register_parameters() -> list[Parameter]:
    return options.PARAMETERS


@hookimpl
def tracepro_register_methods() -> list[Method]:
    return methods.METHODS


@hookimpl
def tracepro_register_models() -> list[type[Model]]:
    return models.MODELS


@hookimpl
def tracepro_register_archives() -> list[Archive]:
    return [retention.ARCHIVE]


@hookimpl
def tracepro_register_backup_probes() -> list[BackupProbe]:
    return backup_probes.PROBES


@hookimpl
def tracepro_line_of(call: Call, parameter: str, value: Any) -> str | None:
    return history.line_of(call, value) if parameter == "op_id" else None


@hookimpl
def tracepro_order_progress(call: Call, orders: Sequence[Order]) -> dict[int, int]:
    return tally.done(call, orders)


@hookimpl
def tracepro_check_routing(call: Call, order: Order, steps: Sequence[Step]) -> list[Reason]:
    return tally.steps_in_use(call, order, steps)


@hookimpl
def tracepro_register_pages() -> list[Page]:
    return [station.PAGE, station.LIST, unit.PAGE, parts.PAGE, *order_pages.PAGES]


@hookimpl
def tracepro_page_panels(call: Call, page: str, subject: Any) -> dict[str, dict[str, Any]]:
    return order_pages.panels(call, subject) if page == "order" else {}


@hookimpl
def tracepro_register_routes() -> list[Route]:
    return [record.ROUTE]


@hookimpl
def tracepro_pages_of_code(call: Call, code: str) -> dict[str, str]:
    return unit.pages_of_code(call, code) | station.pages_of_code(call, code)
