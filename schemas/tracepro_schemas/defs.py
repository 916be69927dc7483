"""The constants of the API, as plants and plugins write them: ``defs.ITEM_TP_PCB``, ``defs.ORDER_ST_ACTIVE`` …

They stand for numbers that clients send and databases keep, so none may ever change its value.
"""

from __future__ import annotations

ITEM_TP_NONE = 0
"""No unit is made: ``getitem`` only looks."""
ITEM_TP_PCB = 1
"""A board."""
ITEM_TP_MULTIPANEL = 2
"""A panel, whose boards travel as one piece."""
ITEM_TP_ASSEMBLY = 3
"""A unit that others are built into."""
ITEM_TP_NONCHARGED = 9
"""Work that is counted without the codes of units."""

ITEM_BAD_GOOD = 0
"""Good."""
ITEM_BAD_SCRAP = 1
"""Given up."""
ITEM_BAD_BADMARK = 2
"""A position of a panel that was never a good unit: counted neither good nor bad."""

ORDER_ST_NEW = 0
"""Not begun."""
ORDER_ST_ACTIVE = 1
"""Work is recorded on it, and on no other order."""
ORDER_ST_HOLD = 2
"""Stopped for a while."""
ORDER_ST_FINISHED = 3
"""All is made."""
ORDER_ST_CLOSED = 4
"""Closed."""
ORDER_ST_CANCELLED = 5
"""Called off."""

ORDER_F_CREATE_ITEMS = 1
"""``getitem`` may create units."""
ORDER_F_OVERRUN = 2
"""More than ``amount`` is allowed."""
ORDER_F_FREE_ROUTE = 4
"""Steps in any order."""

STEP_F_OPTIONAL = 1
"""May be left out; once failed it must pass."""
STEP_F_REPEATABLE = 2
"""May be recorded again after a pass."""
STEP_F_ANY_ORDER = 4
"""Needs no predecessors."""
STEP_F_REPAIR = 8
"""Allowed after a fail only, never required."""
STEP_F_FIRST_PIECE = 16
"""The first unit of a run goes ahead; the others wait until it is released."""

RESULT_PASS = 0
"""Passed; any other value is a fail."""

DATA_TP_TEXT = 0
"""Anything, to be read."""
DATA_TP_NUMBER = 1
"""A number."""
DATA_TP_MEASUREMENT = 2
"""The value is ``{"value", "low", "high", "unit"}``."""
DATA_TP_LINK = 3
"""Anything, to be followed: an address, the name of a file."""
DATA_TP_SLOT = 10
"""Sets the unit's slot ``key``."""
DATA_TP_COMPONENT = 11
"""``key`` is the reference designator, the value the code of a unit that is built in."""
DATA_TP_COMPONENT_OUT = 12
"""Takes such a unit out again; an empty ``key`` is wherever it is."""

MPTP_NONE = 0
"""The order makes no panels."""
MPTP_PANEL = 1
"""Boards are known by their position in the panel."""
MPTP_BOARDS = 2
"""Boards carry their own barcodes."""

WWL_LOGIN = 1
"""Logged in."""
WWL_LOGOUT = 2
"""Logged out."""
WWL_WORK_START = 3
"""Work on a step began."""
WWL_WORK_END = 4
"""Work on a step ended."""
WWL_ESD_PASS = 5
"""The ESD test was passed."""
WWL_ESD_FAIL = 6
"""The ESD test was failed."""
WWL_BLOCK = 7
"""A workplace was blocked."""
WWL_UNBLOCK = 8
"""A workplace was unblocked."""
WWL_CARD = 9
"""The worker got another card."""
WWL_BREAK_START = 10
"""A break began."""
WWL_BREAK_END = 11
"""A break ended."""
WWL_LOGIN_REFUSED = 12
"""A login was refused."""
WWL_NOTE = 99
"""Something else, in words."""

SEVERITY_INFO = 0
"""For information."""
SEVERITY_WARNING = 1
"""A warning."""
SEVERITY_ERROR = 2
"""An error."""
SEVERITY_ALARM = 3
"""An alarm."""

BOX_ST_OPEN = 0
"""Takes units."""
BOX_ST_CLOSED = 1
"""Takes no units until it is opened."""
BOX_ST_SHIPPED = 2
"""Left the plant, and stays as it is."""


def constants() -> dict[str, int]:
    """Return every constant by name, as ``getdefs`` answers them."""
    return {name: value for name, value in globals().items() if name.isupper() and isinstance(value, int)}


__all__ = [*constants(), "constants"]
