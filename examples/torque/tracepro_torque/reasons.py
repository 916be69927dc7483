"""The codes of this plugin, each built in one place with its sentence."""

from tracepro_hookspecs import Reason
from tracepro_hookspecs.records import Step


def out_of_limits(step: Step, where: str, name: str, nm: float, limits: str) -> Reason:
    """Return the reason for a measured torque that the limits don't allow."""
    info = (
        f"Torque {name} of step {step.op} {step.name} at {where} is {nm} Nm and must be {limits}; "
        "tighten the screw anew and send what is measured then; a screw that stays outside fails the step."
    )
    return Reason("torque-out-of-limits", info, op=step.op, act=step.act, plugin="torque")


def missing(step: Step, where: str, limits: str) -> Reason:
    """Return the reason for a pass without a torque where the line requires one."""
    info = (
        f"Step {step.op} {step.name} at {where} needs a torque that is {limits}; "
        "send it with the operation, as a measurement with the unit Nm."
    )
    return Reason("torque-missing", info, op=step.op, act=step.act, plugin="torque")


def wrong_limits(step: Step, low: object, high: object) -> Reason:
    """Return the reason for limits that nothing can be judged by."""
    info = (
        f"The limits of the torque of step {step.op} {step.name} are {low!r:.80} and {high!r:.80}, and must be two numbers, the low one "
        "first, or one of them; correct torque_low and torque_high in the routing, or low and high of the line in plugins.ini."
    )
    return Reason("torque-limits-wrong", info, op=step.op, act=step.act, plugin="torque")
