"""What other plugins may use of this one.

Units are looked up by id in sets: ``items``, ``boards``, ``panels_of``, ``good_boards``, and what they are in or
made of: ``ancestors``, ``descendants``. Work is checked and recorded by ``check_operations`` and
``record_operations``, which are what addop and its kin call. ``order_changed`` begins a new run.
"""

from tracepro_items.checking import check_answer, check_operations
from tracepro_items.creation import get as get_or_create
from tracepro_items.drafts import make_draft
from tracepro_items.firstpiece import order_changed
from tracepro_items.genealogy import ancestors, descendants
from tracepro_items.history import operation, operations, require_active_operation
from tracepro_items.panels import boards, good_boards, panels_of
from tracepro_items.recording import Recorded, record_operations
from tracepro_items.route_state import read as route_states
from tracepro_items.units import item, items, records, with_code

__all__ = [
    "Recorded", "ancestors", "boards", "check_answer", "check_operations", "descendants", "get_or_create",
    "good_boards", "item", "items", "make_draft", "operation", "operations", "order_changed", "panels_of",
    "record_operations", "records", "require_active_operation", "route_states", "with_code",
]  # fmt: skip
