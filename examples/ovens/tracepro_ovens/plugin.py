"""What the plugin says to the core."""

from collections.abc import Sequence
from typing import Any

from tracepro.database import Model
from tracepro_hookspecs import Archive, Call, Method, Option, Page, Reason, Route, hookimpl
from tracepro_hookspecs.records import Step, Workplace
from tracepro_ovens import methods, pages, readings, routes, window
from tracepro_ovens.models import Reading


@hookimpl
def tracepro_register_requirements() -> list[str]:
    return ["items"]


@hookimpl
def tracepro_register_models() -> list[type[Model]]:
    return [Reading]


@hookimpl
def tracepro_register_archives() -> list[Archive]:
    return [readings.ARCHIVE]


@hookimpl
def tracepro_register_options() -> list[Option]:
    return [
        Option("min_celsius", 230, "Below this an oven refuses work, in °C.", int),
        Option("max_celsius", 260, "Above this an oven refuses work, in °C.", int),
    ]


@hookimpl
def tracepro_register_methods() -> list[Method]:
    return [
        Method("setoventemperature", methods.setoventemperature, "write", line_from=("wp_id",)),
        Method("getoventemperature", methods.getoventemperature, "read", line_from=("wp_id",)),
    ]


@hookimpl
def tracepro_register_routes() -> list[Route]:
    return [
        Route(
            "GET",
            "/api/ovens/{id}",
            routes.show,
            "read",
            "The last reading of an oven.",
            answer=routes.READING,
            line_from={"id": "wp_id"},
        ),
        Route(
            "POST",
            "/api/ovens/readings",
            routes.add,
            "write",
            "Adds a reading.",
            body=routes.NEW_READING,
            answer=routes.READING,
            status=201,
            line_from=("wp_id",),
            plant_wide=False,
        ),
    ]


@hookimpl
def tracepro_check_operations(call: Call, workplace: Workplace) -> list[Reason]:
    return window.reasons_against(call, workplace)


@hookimpl
def tracepro_op_info(call: Call, steps: Sequence[Step], workplace: Workplace) -> dict[str, Any]:
    return window.op_info(call, steps, workplace)


@hookimpl
def tracepro_register_pages() -> list[Page]:
    return [pages.OVENS]


@hookimpl
def tracepro_page_panels(call: Call, page: str, subject: Any) -> dict[str, dict[str, Any]]:
    return pages.panels(call, page, subject)
