"""What this plugin brings: hook implementations only, each one calling the feature."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from tracepro.database import Model
from tracepro_boxes import methods, models, options, pages, whereabouts
from tracepro_hookspecs import Call, Method, Option, Page, hookimpl
from tracepro_hookspecs.records import Item


@hookimpl
def tracepro_register_requirements() -> list[str]:
    return ["items"]


@hookimpl
def tracepro_register_options() -> list[Option]:
    return options.OPTIONS


@hookimpl
def tracepro_register_methods() -> list[Method]:
    return methods.METHODS


@hookimpl
def tracepro_register_models() -> list[type[Model]]:
    return models.MODELS


@hookimpl
def tracepro_item_extra(call: Call, item: Item) -> dict[str, Any]:
    return whereabouts.extra(call, item.id)


@hookimpl
def tracepro_item_whereabouts(call: Call, item_ids: Sequence[int]) -> dict[int, dict[str, Any]]:
    return whereabouts.of_units(call, item_ids)


@hookimpl
def tracepro_register_pages() -> list[Page]:
    return pages.PAGES


@hookimpl
def tracepro_page_panels(call: Call, page: str, subject: Any) -> dict[str, dict[str, Any]]:
    return pages.panels(call, page, subject)


@hookimpl
def tracepro_pages_of_code(call: Call, code: str) -> dict[str, str]:
    return pages.of_code(call, code)
