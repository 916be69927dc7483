"""The constants of the API, as plants and plugins write them: ``defs.ITEM_TP_PCB``, ``defs.ORDER_ST_ACTIVE`` …

They stand for numbers that clients send and databases keep, so none may ever change its value.
"""

from __future__ import annotations

ITEM_TP_NONE = 0
ITEM_TP_PCB = 1
ITEM_TP_MULTIPANEL = 2
ITEM_TP_ASSEMBLY = 3
ITEM_TP_NONCHARGED = 9

ITEM_BAD_GOOD = 0
ITEM_BAD_SCRAP = 1
ITEM_BAD_BADMARK = 2
"""A position of a panel that was never a good unit: counted neither good nor bad."""

ORDER_ST_NEW = 0
ORDER_ST_ACTIVE = 1
ORDER_ST_HOLD = 2
ORDER_ST_FINISHED = 3
ORDER_ST_CLOSED = 4
ORDER_ST_CANCELLED = 5

ORDER_F_CREATE_ITEMS = 1
"""``getitem`` may create units."""
ORDER_F_OVERRUN = 2
"""More than ``amount`` is allowed."""
ORDER_F_FREE_ROUTE = 4
"""Steps in any order."""

STEP_F_OPTIONAL = 1
STEP_F_REPEATABLE = 2
"""May be recorded again after a pass."""
STEP_F_ANY_ORDER = 4
"""Needs no predecessors."""
STEP_F_REPAIR = 8
STEP_F_FIRST_PIECE = 16

RESULT_PASS = 0
"""Any other value is a fail."""

DATA_TP_TEXT = 0
DATA_TP_NUMBER = 1
DATA_TP_MEASUREMENT = 2
"""The value is ``{"value", "low", "high", "unit"}``."""
DATA_TP_LINK = 3
DATA_TP_SLOT = 10
"""Sets the unit's slot ``key``."""
DATA_TP_COMPONENT = 11
"""``key`` is the reference designator, the value the code of a unit that is built in."""
DATA_TP_COMPONENT_OUT = 12

MPTP_NONE = 0
MPTP_PANEL = 1
"""Boards are known by their position in the panel."""
MPTP_BOARDS = 2
"""Boards carry their own barcodes."""

WWL_LOGIN = 1
WWL_LOGOUT = 2
WWL_WORK_START = 3
WWL_WORK_END = 4
WWL_ESD_PASS = 5
WWL_ESD_FAIL = 6
WWL_BLOCK = 7
WWL_UNBLOCK = 8
WWL_CARD = 9
WWL_BREAK_START = 10
WWL_BREAK_END = 11
WWL_LOGIN_REFUSED = 12
WWL_NOTE = 99

SEVERITY_INFO = 0
SEVERITY_WARNING = 1
SEVERITY_ERROR = 2
SEVERITY_ALARM = 3

BOX_ST_OPEN = 0
BOX_ST_CLOSED = 1
BOX_ST_SHIPPED = 2


def constants() -> dict[str, int]:
    """Return every constant by name, as ``getdefs`` answers them."""
    return {name: value for name, value in globals().items() if name.isupper() and isinstance(value, int)}


__all__ = [*constants(), "constants"]
