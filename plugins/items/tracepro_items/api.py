"""What other plugins may use of this one.

Units are looked up by id in sets: ``items``, ``boards``, ``panels_of``, ``good_boards``, ``bad_boards`` (of operations), and what they are in or
made of: ``ancestors``, ``descendants``; one by its code with ``items_with_code`` or ``get_or_create``;
``lock_piece`` keeps one as it stands, with its panel or its boards.

What addop and its kin do takes a ``StepRequest``: ``check_operations(call, request)`` returns the reasons against it,
of which ``check_answer`` makes what the API answers; ``record_operations(call, request)`` asks the same, writes, and returns a
``Recorded``; ``reasons_by_unit(call, request)`` judges each unit by itself. ``Pairs``, ``DataRows`` and ``MatRows`` are the types of parameters
that name steps, data and material.
``reasons_against_new`` asks for a unit that doesn't exist yet, ``step_of_act`` tells which of several steps with one act comes
next. ``order_changed`` begins a new run. ``arrivals`` and ``arrived_steps`` tell which units came to workplaces lately and what was
done to them there, ``latest_at`` what was done last at workplaces, ``recorded_steps`` which steps of units have records.
``whole_record`` is all that is known of a unit, as JSON, and ``moments`` when it was recorded. ``shown_steps`` are an order's steps with their counts as pages show them, ``done`` how much of orders is finished.
"""

from tracepro_items.alternatives import reasons_by_unit
from tracepro_items.arrivals import Arrival, arrivals
from tracepro_items.arrivals import steps as arrived_steps
from tracepro_items.checking import check_answer, check_operations
from tracepro_items.creation import get_or_create
from tracepro_items.data import DataRows
from tracepro_items.drafts import MatRows, make_draft
from tracepro_items.firstpiece import order_changed
from tracepro_items.genealogy import ancestors, descendants
from tracepro_items.history import (
    OperationRow,
    latest_at,
    moments,
    operation,
    operations,
    require_active_operation,
)
from tracepro_items.next_step import step_of_act
from tracepro_items.pages.order import shown_steps
from tracepro_items.pages.record import whole as whole_record
from tracepro_items.panels import Piece, bad_boards, boards, good_boards, lock_piece, panels_of
from tracepro_items.prospective import reasons_against_new
from tracepro_items.recording import Recorded, record_operations, require_plugins
from tracepro_items.route_state import RouteState
from tracepro_items.route_state import read as route_states
from tracepro_items.route_state import recorded as recorded_steps
from tracepro_items.step_request import Pairs, StepRequest
from tracepro_items.tally import done
from tracepro_items.units import Unit, item, items, items_with_code

__all__ = [
    "Arrival",
    "DataRows",
    "MatRows",
    "OperationRow",
    "Pairs",
    "Piece",
    "Recorded",
    "RouteState",
    "StepRequest",
    "Unit",
    "ancestors",
    "arrivals",
    "arrived_steps",
    "bad_boards",
    "boards",
    "check_answer",
    "check_operations",
    "descendants",
    "done",
    "get_or_create",
    "good_boards",
    "item",
    "items",
    "items_with_code",
    "latest_at",
    "lock_piece",
    "make_draft",
    "moments",
    "operation",
    "operations",
    "order_changed",
    "panels_of",
    "reasons_against_new",
    "reasons_by_unit",
    "record_operations",
    "recorded_steps",
    "require_active_operation",
    "require_plugins",
    "route_states",
    "shown_steps",
    "step_of_act",
    "whole_record",
]
