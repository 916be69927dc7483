"""The codes of this plugin, each built in one place with its sentence."""

from __future__ import annotations

from tracepro_hookspecs import NotFound, Reason
from tracepro_hookspecs.records import Block, Step, Workplace


def act_not_found(act_id: int) -> NotFound:
    """Return the error for an act that does not exist."""
    return NotFound("act-not-found", f"There is no act {act_id}; import it with the plant file first.")


def workplace_not_found(wp_id: int) -> NotFound:
    """Return the error for a workplace that does not exist."""
    info = f"There is no workplace {wp_id}; look it up by its name or code."
    return NotFound("workplace-not-found", info)


def workplace_blocked(workplace: Workplace, block: Block) -> Reason:
    """Return the reason for a workplace that is blocked."""
    why = f" ({block.reason})" if block.reason else ""
    info = f"Workplace {workplace.name} is blocked{why}; unblock it or work at another one."
    return Reason("workplace-blocked", info, plugin="workplaces")


def workplace_not_assigned(workplace: Workplace, step: Step) -> Reason:
    """Return the reason for a step whose act is not assigned to the workplace."""
    info = (
        f"Act {step.act} (step {step.op}) is not assigned to workplace {workplace.name}; "
        "work at another one or assign the act with the plant file."
    )
    return Reason("workplace-not-assigned", info, op=step.op, act=step.act, plugin="workplaces")
