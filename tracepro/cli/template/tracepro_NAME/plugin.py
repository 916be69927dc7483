"""What the plugin says to the core."""

from tracepro.database import Model
from tracepro_hookspecs import Call, Method, Option, Reason, Route, hookimpl
from tracepro_hookspecs.records import Workplace
from tracepro_NAME import limit, methods, routes
from tracepro_NAME.models import Reading


@hookimpl
def tracepro_register_requirements() -> list[str]:
    return ["items"]


@hookimpl
def tracepro_register_models() -> list[type[Model]]:
    return [Reading]


@hookimpl
def tracepro_register_options() -> list[Option]:
    return [Option("max_value", 100, "A workplace whose last reading is above this refuses work.", int)]


@hookimpl
def tracepro_register_methods() -> list[Method]:
    return [
        Method("addNAMEreading", methods.add_reading, "write", line_from=("wp_id",)),
        Method("getNAMEreading", methods.get_reading, "read", line_from=("wp_id",)),
    ]


@hookimpl
def tracepro_register_routes() -> list[Route]:
    return [
        Route(
            "GET",
            "/api/NAME/readings/{wp_id}",
            routes.show,
            "read",
            "The last reading of a workplace.",
            answer=routes.READING,
            line_from=("wp_id",),
        ),
    ]


@hookimpl
def tracepro_check_operations(call: Call, workplace: Workplace) -> list[Reason]:
    return limit.reasons_against(call, workplace)
