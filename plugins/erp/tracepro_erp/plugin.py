"""What this plugin brings: hook implementations only, each one calling the feature."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from tracepro.database import Model
from tracepro_erp import export, methods, models, options, telling, worked
from tracepro_hookspecs import Call, Command, Method, Option, Parameter, hookimpl
from tracepro_hookspecs.records import Draft, Item, Operation, Order, Step


@hookimpl
def tracepro_register_requirements() -> list[str]:
    return ["items", "orders", "workers", "workplaces"]


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
def tracepro_register_commands() -> list[Command]:
    return [export.COMMAND]


@hookimpl
def tracepro_apply_operations(
    call: Call,
    order: Order,
    operations: Sequence[Operation],
    draft: Draft,
    counted: Sequence[int],
    batch: int,
) -> None:
    telling.of_operations(call, order, operations, counted)
    worked.note_operations(call, operations, counted, batch, draft)


@hookimpl
def tracepro_apply_consumption(call: Call, operations: Sequence[Operation]) -> None:
    telling.of_consumption(call, operations)


@hookimpl
def tracepro_apply_cancellation(call: Call, operation: Operation) -> None:
    telling.of_cancellation(call, operation)
    worked.take_back(call, operation)


@hookimpl
def tracepro_apply_marks(
    call: Call, items: Sequence[Item], before: Mapping[int, int], wp_id: int, workers: Sequence[int]
) -> None:
    telling.of_marks(call, items, before, wp_id, workers)


@hookimpl
def tracepro_apply_receipt(
    call: Call, wfloormat_id: int, mat_item: str, mat_lot: str, amount: int, ref: str
) -> None:
    telling.of_receipt(call, wfloormat_id, mat_item, mat_lot, amount, ref)


@hookimpl
def tracepro_apply_overrun(call: Call, order: Order, step: Step, made: int) -> None:
    telling.of_overrun(call, order, step, made)
