"""What other plugins may use of this one."""

from tracepro_orders.masks import mask_of, matches
from tracepro_orders.orders import find, lock_counts, lock_shared, order, orders, references
from tracepro_orders.reasons import not_active
from tracepro_orders.routing import step_of, steps_of

__all__ = [
    "find", "lock_shared", "lock_counts", "mask_of", "matches", "not_active", "order", "orders", "references",
    "step_of", "steps_of",
]  # fmt: skip
