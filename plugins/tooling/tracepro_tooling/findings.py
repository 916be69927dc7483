"""What ``tracepro check`` says of tools."""

from __future__ import annotations

from tracepro_hookspecs import Call
from tracepro_tooling.life import UsageMode
from tracepro_tooling.resource import Stored
from tracepro_tooling.tools import TOOLS, life_of

LIFE_FIELDS = {UsageMode.PARTS: "part_life", UsageMode.RUNTIME: "max_runtime", UsageMode.DAYS: "day_life"}


def lifeless_critical_tools(call: Call) -> dict[str, str]:
    """Return a warning for each critical tool that can never refuse, because the life that its usage mode counts is not set."""
    return {
        f"tool {row['id']} ({row['name']})": _lifeless(row)
        for row in map(TOOLS.named, call.db.rows(TOOLS.all))
        if row["is_critical"] and not _is_out(row, call.now) and life_of(row).expected is None
    }


def _is_out(row: Stored, now: int) -> bool:
    return row["out_service_date"] is not None and row["out_service_date"] <= now


def _lifeless(row: Stored) -> str:
    life = LIFE_FIELDS[UsageMode(row["usage_mode"])]
    return f"it is critical, but without a life it never refuses work; set its {life}, or the usage_mode that it has a life for."
