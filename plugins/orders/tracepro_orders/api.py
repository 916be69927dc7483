"""What other plugins may use of this one."""

from tracepro_orders.interlock import reasons_against
from tracepro_orders.masks import mask_of, matches_mask
from tracepro_orders.orders import (
    Reference,
    find,
    lock_counts,
    lock_shared,
    order,
    orders,
    record,
    references,
    with_orders,
)
from tracepro_orders.reasons import no_step_named
from tracepro_orders.routing import resolve_step, resolve_steps, step_names

__all__ = [
    "Reference",
    "find",
    "lock_counts",
    "lock_shared",
    "mask_of",
    "matches_mask",
    "no_step_named",
    "order",
    "orders",
    "reasons_against",
    "record",
    "references",
    "resolve_step",
    "resolve_steps",
    "step_names",
    "with_orders",
]
