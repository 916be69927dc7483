"""The rule: a step passes only with torques inside its limits."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from tracepro_workplaces.api import workplace

from tracepro_hookspecs import Call, Reason
from tracepro_hookspecs.records import DataRow, Draft, Item, Operation, Order, Step
from tracepro_schemas import defs
from tracepro_torque import reasons
from tracepro_torque.torques import measured


@dataclass(frozen=True, slots=True)
class Limits:
    """What a torque must be, in Nm; None is no limit."""

    low: float | None
    high: float | None

    def allow(self, nm: float) -> bool:
        """Tell whether a torque lies inside; the limits themselves are allowed."""
        return (self.low is None or self.low <= nm) and (self.high is None or nm <= self.high)

    def __str__(self) -> str:
        if self.low is None:
            return f"at most {self.high} Nm"
        return f"at least {self.low} Nm" if self.high is None else f"{self.low} to {self.high} Nm"


def of_step(call: Call, step: Step) -> Limits | Reason | None:
    """Return the limits of a step, else those of the line; None without any, a reason where they are none."""
    low, high = step.params.get("torque_low"), step.params.get("torque_high")
    if low is None and high is None:
        low, high = call.option("torque", "low"), call.option("torque", "high")
    if low is None and high is None:
        return None
    given = [limit for limit in (low, high) if limit is not None]
    if not all(type(limit) in (int, float) for limit in given) or given != sorted(given):
        return reasons.wrong_limits(step, low, high)
    return Limits(low, high)


def reasons_against(
    call: Call, items: Sequence[Item], steps: Sequence[Step], where: str, draft: Draft | None
) -> Iterator[Reason]:
    """Yield why steps may not be recorded; without a draft only what can be told before anything is measured."""
    passes = draft is not None and draft.result == defs.RESULT_PASS
    # Work without units comes without data.
    required = passes and bool(items) and call.option("torque", "required")
    for step in steps:
        yield from _reasons(call, step, where, draft.data if draft and passes else (), required=required)


def reasons_against_added(
    call: Call, order: Order, operation: Operation, data: Sequence[DataRow]
) -> Iterator[Reason]:
    """Yield why torques may not be added to an operation; to a fail any may."""
    for step in order.operations:
        if step.op == operation.op and operation.result == defs.RESULT_PASS:
            yield from _reasons(call, step, workplace(call, operation.wp_id).name, data, required=False)


def _reasons(
    call: Call, step: Step, where: str, data: Sequence[DataRow], *, required: bool
) -> Iterator[Reason]:
    limits, torques = of_step(call, step), list(measured(data))
    if isinstance(limits, Reason):
        yield limits
    elif limits is not None:
        if required and not torques:
            yield reasons.missing(step, where, str(limits))
        for name, nm in torques:
            if not limits.allow(nm):
                yield reasons.out_of_limits(step, where, name, nm, str(limits))


def op_info(call: Call, steps: Sequence[Step]) -> dict[str, Any]:
    """Return the limits as checkproc shows them, for the steps that have some."""
    return {
        str(step.op): {"_tp": "torque", "_name": "Torque", "_status": str(limits)}
        for step in steps
        if isinstance(limits := of_step(call, step), Limits)
    }
