"""Collect hooks: every plugin returns a dict, the dicts are merged; a crash leaves that part out."""

from tracepro_hookspecs.markers import hookspec


@hookspec
def tracepro_op_info(call, order, steps, workplace, workers):
    """Gives what checkproc shows about steps, by the step's number as text."""


@hookspec
def tracepro_item_extra(call, item):
    """Gives what a plugin knows about a unit, for getitemextra."""


@hookspec
def tracepro_item_whereabouts(call, item_ids):
    """Tells where units are, by unit id."""


@hookspec
def tracepro_operation_material(call, op_ids):
    """Gives the material that operations consumed, by operation id."""
