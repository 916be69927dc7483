"""What this plugin brings: hook implementations only, each one calling the feature."""

from __future__ import annotations

from tracepro.database import Model
from tracepro_hookspecs import Call, Method, Page, PlantSection, hookimpl
from tracepro_orders import findings, methods, models, orders, pages, plant, search


@hookimpl
def tracepro_register_requirements() -> list[str]:
    return ["workplaces"]


@hookimpl
def tracepro_register_methods() -> list[Method]:
    return methods.METHODS


@hookimpl
def tracepro_register_models() -> list[type[Model]]:
    return models.MODELS


@hookimpl
def tracepro_register_plant_sections() -> list[PlantSection]:
    return plant.SECTIONS


@hookimpl
def tracepro_register_pages() -> list[Page]:
    return pages.PAGES


@hookimpl
def tracepro_order_exists(call: Call, order_id: int) -> bool | None:
    return orders.find(call, order_id) is not None or None


@hookimpl
def tracepro_site_findings(call: Call) -> dict[str, str]:
    return findings.acts_of_no_workplace(call)


@hookimpl
def tracepro_pages_of_code(call: Call, code: str) -> dict[str, str]:
    return search.pages_of_code(call, code)
