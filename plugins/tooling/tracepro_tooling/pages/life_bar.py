"""How far the life of a tool is, as pages draw it."""

from __future__ import annotations

from typing import NamedTuple

from tracepro_tooling import life
from tracepro_tooling.life import ToolLife


class LifeBar(NamedTuple):
    """A bar with its state in a word; machining time is in seconds. A tool without an expected life has no bar."""

    kind: str
    word: str
    used: int | float
    expected: int | float
    unit: str


def bar_of(tool_life: ToolLife, today: int) -> LifeBar:
    """Return the bar of a tool's life."""
    kind, word = _state(tool_life, today)
    return LifeBar(kind, word, *tool_life.shown(today))


def _state(tool_life: ToolLife, today: int) -> tuple[str, str]:
    if tool_life.expected is None:
        return "info", "No life set"
    if life.is_past_life(tool_life, today):
        return "no", "Replace now"
    if life.is_past_warning(tool_life, today):
        return "wait", "Replace soon"
    return "ok", "Good"
