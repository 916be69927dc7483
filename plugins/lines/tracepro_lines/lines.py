"""Which line a workplace, a machine or a name belongs to: asked at the beginning of nearly every call."""

from __future__ import annotations

from typing import Any

from tracepro.database import Statement, p
from tracepro_lines import models as m


def _names() -> Any:
    return m.Line.select(m.Line.name)


LOOK_UPS = {
    "wp_id": Statement(lambda: _names().join(m.Machine).where(m.Machine.wp_id == p("value")).limit(1)),
    "machine_id": Statement(lambda: _names().join(m.Machine).where(m.Machine.id == p("value"))),
    "line_name": Statement(lambda: _names().where(m.Line.name == p("value"))),
}
NAMES = Statement(lambda: _names().order_by(m.Line.name))


def line_of(call: Any, parameter: str, value: Any) -> str | None:
    """Returns the line that a ``wp_id``, ``machine_id`` or ``line_name`` belongs to, None when it is on none."""
    look_up = LOOK_UPS.get(parameter)
    return None if look_up is None or value is None else call.db.value(look_up, value=value)


def line_names(call: Any) -> list[str]:
    """Returns the names of all lines."""
    return [name for (name,) in call.db.rows(NAMES)]
