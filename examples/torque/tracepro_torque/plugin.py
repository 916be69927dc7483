"""What the plugin says to the core."""

from collections.abc import Iterator, Sequence
from typing import Any

from tracepro.database import Model
from tracepro_hookspecs import Call, Method, Option, Reason, Route, hookimpl
from tracepro_hookspecs.records import DataRow, Draft, Item, Operation, Order, Step, Workplace
from tracepro_torque import limits, methods, routes, torques
from tracepro_torque.models import Torque


@hookimpl
def tracepro_register_requirements() -> list[str]:
    return ["items"]


@hookimpl
def tracepro_register_models() -> list[type[Model]]:
    return [Torque]


@hookimpl
def tracepro_register_options() -> list[Option]:
    return [
        Option("low", None, "The least torque of steps whose params have no limits, in Nm.", float),
        Option("high", None, "The greatest torque of steps whose params have no limits, in Nm.", float),
        Option("required", False, "A step with limits passes only with a torque.", bool),
    ]


@hookimpl
def tracepro_register_methods() -> list[Method]:
    return [Method("gettorquestatistics", methods.gettorquestatistics, "read", line_from=("wp_id",))]


@hookimpl
def tracepro_register_routes() -> list[Route]:
    return [
        Route(
            "GET", "/api/torque/{id}", routes.show, "read", "The torques of a unit.", answer=routes.TORQUES
        ),
    ]


@hookimpl
def tracepro_check_operations(
    call: Call, items: Sequence[Item], steps: Sequence[Step], workplace: Workplace, draft: Draft | None
) -> Iterator[Reason]:
    return limits.reasons_against(call, items, steps, workplace.name, draft)


@hookimpl
def tracepro_check_added_data(
    call: Call, order: Order, operation: Operation, data: Sequence[DataRow]
) -> Iterator[Reason]:
    return limits.reasons_against_added(call, order, operation, data)


@hookimpl
def tracepro_apply_operations(call: Call, operations: Sequence[Operation], draft: Draft) -> None:
    torques.add(call, operations, draft.data)


@hookimpl
def tracepro_apply_added_data(call: Call, operation: Operation, data: Sequence[DataRow]) -> None:
    torques.add(call, [operation], data)


@hookimpl
def tracepro_apply_cancellation(call: Call, operation: Operation) -> None:
    torques.take_back(call, operation)


@hookimpl
def tracepro_op_info(call: Call, steps: Sequence[Step]) -> dict[str, Any]:
    return limits.op_info(call, steps)


@hookimpl
def tracepro_item_extra(call: Call, item: Item) -> dict[str, Any]:
    found = torques.shown(call, item.id)
    return {"torques": found} if found else {}
