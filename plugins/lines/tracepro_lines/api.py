"""What other plugins may use of this one.

``line`` and ``machine`` look one up, ``machines`` those of a line, ``machines_at`` what a workplace is, ``machines_named``
those of all lines with some names (``machine_not_found`` is the error for none); ``current_orders`` tells which order each line works on.
"""

from tracepro_lines.lines import (
    StoredLine,
    StoredMachine,
    current_orders,
    line,
    line_names,
    line_of,
    machine,
    machine_of,
    machines,
    machines_at,
    machines_named,
)
from tracepro_lines.reasons import machine_not_found

__all__ = [
    "StoredLine",
    "StoredMachine",
    "current_orders",
    "line",
    "line_names",
    "line_of",
    "machine",
    "machine_not_found",
    "machine_of",
    "machines",
    "machines_at",
    "machines_named",
]
