"""The picture of a tree: rows one below the other, hosts above what they hold, parts below it, indented by level.

Only where everything stands is computed here; the template draws it, so texts are escaped as everywhere.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

BOX_WIDTH, BOX_HEIGHT, ROW, INDENT, STEM, MARGIN = 420, 56, 68, 44, 20, 4
"""Units of the picture: a box, the distance of rows and of levels, where a line leaves its box, the edge around all."""
LONGEST = 60


@dataclass(frozen=True)
class Node:
    """A box: ``kind`` is ``unit``, ``lot`` or ``more``, ``ref`` where it sits in the next one, ``state`` the sign it bears."""

    kind: str
    title: str
    link: str
    ref: str = ""
    note: str = ""
    state: str = ""
    next: Sequence[Node] = ()

    @property
    def short(self) -> str:
        """The first line."""
        return cut(self.title, LONGEST // 2)

    @property
    def caption(self) -> str:
        """The second line."""
        return cut(" · ".join(text for text in (cut(self.ref, LONGEST // 2), self.note) if text))


class Placed(NamedTuple):
    """A box and its left upper corner, with the line that leads to it from the box it belongs to ("" for the first)."""

    node: Node
    x: int
    y: int
    line: str = ""


class Picture(NamedTuple):
    """Boxes from top to bottom, in the size the picture has."""

    width: int
    height: int
    boxes: Sequence[Placed]
    box_width: int = BOX_WIDTH
    box_height: int = BOX_HEIGHT


class _Row(NamedTuple):
    node: Node
    level: int
    number: int
    parent: int


def cut(text: str, longest: int = LONGEST) -> str:
    """Return a text of at most so many characters."""
    return text if len(text) <= longest else f"{text[: longest - 1]}…"


def picture(middle: Node, above: Sequence[Node], below: Sequence[Node]) -> Picture:
    """Return the picture of a tree: ``above`` grows upwards from the box in the middle, ``below`` downwards."""
    upwards = [row._replace(number=-row.number, parent=-row.parent) for row in _rows(above)]
    rows = [*reversed(upwards), _Row(middle, 0, 0, 0), *_rows(below)]
    top = rows[0].number
    boxes = [Placed(row.node, _left(row.level), _top(row.number - top), _line(row, top)) for row in rows]
    deepest = max(row.level for row in rows)
    return Picture(
        _left(deepest) + BOX_WIDTH + MARGIN, _top(len(rows) - 1) + BOX_HEIGHT + MARGIN, tuple(boxes)
    )


def _rows(nodes: Sequence[Node]) -> list[_Row]:
    """Return the nodes of a forest and all behind them, each before those behind it, numbered from 1."""
    rows: list[_Row] = []
    waiting = [(node, 1, 0) for node in reversed(nodes)]
    while waiting:
        node, level, parent = waiting.pop()
        number = len(rows) + 1
        rows.append(_Row(node, level, number, parent))
        waiting += [(behind, level + 1, number) for behind in reversed(node.next)]
    return rows


def _left(level: int) -> int:
    return MARGIN + level * INDENT


def _top(number: int) -> int:
    return MARGIN + number * ROW


def _line(row: _Row, top: int) -> str:
    """Return the path from the edge of a box to the side of one that belongs to it."""
    if not row.level:
        return ""
    edge = _top(row.parent - top) + (BOX_HEIGHT if row.number > row.parent else 0)
    middle = _top(row.number - top) + BOX_HEIGHT // 2
    return f"M{_left(row.level - 1) + STEM} {edge}V{middle}H{_left(row.level)}"


def outline(nodes: Sequence[Node]) -> list[tuple[int, Node]]:
    """Return nodes and all behind them with their level, each before those behind it: the picture as a table."""
    return [(row.level, row.node) for row in _rows(nodes)]
