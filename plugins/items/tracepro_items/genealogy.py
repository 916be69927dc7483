"""Genealogy: which units are in which unit, by panel and by component, one level at a time and set by set."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from tracepro.database import Statement, p
from tracepro_items import models as m

PANEL, COMPONENT = "panel", "component"


class Link(NamedTuple):
    """A unit next to another: ``ref`` is the position on a panel or the reference designator of a component."""

    item_id: int
    kind: str
    ref: str


Links = Mapping[int, Sequence[Link]]

PANELS = Statement(lambda: (
    m.Unit.select(m.Unit.id, m.Unit.panel_id, m.Unit.position)
    .where(m.Unit.id.in_(p.integers("ids")), m.Unit.panel_id.is_null(False))
))  # fmt: skip
BOARDS = Statement(lambda: (
    m.Unit.select(m.Unit.panel_id, m.Unit.id, m.Unit.position)
    .where(m.Unit.panel_id.in_(p.integers("ids"))).order_by(m.Unit.position)
))  # fmt: skip
HOSTS = Statement(lambda: (
    m.Component.select(m.Component.child_id, m.Component.parent_id, m.Component.ref)
    .where(m.Component.child_id.in_(p.integers("ids")))
))  # fmt: skip
COMPONENTS = Statement(lambda: (
    m.Component.select(m.Component.parent_id, m.Component.child_id, m.Component.ref)
    .where(m.Component.parent_id.in_(p.integers("ids"))).order_by(m.Component.id)
))  # fmt: skip


def parents(call: Any, item_ids: Iterable[int]) -> dict[int, list[Link]]:
    """Returns what units are directly part of: their panel first, then the unit they are built into."""
    return _links(call, item_ids, PANELS, HOSTS)


def children(call: Any, item_ids: Iterable[int]) -> dict[int, list[Link]]:
    """Returns what is directly part of units: boards in order of position, then components as built in."""
    return _links(call, item_ids, BOARDS, COMPONENTS)


def _links(
    call: Any, item_ids: Iterable[int], panels: Statement, components: Statement
) -> dict[int, list[Link]]:
    wanted = list(item_ids)
    found: dict[int, list[Link]] = {}
    for statement, kind in ((panels, PANEL), (components, COMPONENT)) if wanted else ():
        for item_id, other, ref in call.db.rows(statement, ids=wanted):
            found.setdefault(item_id, []).append(Link(other, kind, str(ref)))
    return found


def levels(
    call: Any,
    item_ids: Iterable[int],
    step: Callable[[Any, Iterable[int]], dict[int, list[Link]]],
    depth: int,
) -> dict[int, list[Link]]:
    """Returns the links of units and of all that is found behind them, at most ``depth`` levels far.

    Two statements a level, however many units; a unit that is met again is not asked again.
    """
    links: dict[int, list[Link]] = {}
    asked: set[int] = set()
    edge = set(item_ids)
    while edge and depth:
        found = step(call, sorted(edge))
        links.update(found)
        asked |= edge
        edge = {link.item_id for near in found.values() for link in near} - asked
        depth -= 1
    return links


DEEPEST = 100


def ancestors(call: Any, item_ids: Iterable[int]) -> dict[int, list[tuple[int, str]]]:
    """Returns for each unit what it is part of, up to the outermost, as (unit id, ref), the nearest first."""
    wanted = list(item_ids)
    links = levels(call, wanted, parents, DEEPEST)
    return {item_id: _behind(item_id, links) for item_id in wanted}


def descendants(call: Any, item_ids: Iterable[int]) -> dict[int, list[tuple[int, str]]]:
    """Returns for each unit all that is part of it, as (unit id, ref), the nearest first."""
    wanted = list(item_ids)
    links = levels(call, wanted, children, DEEPEST)
    return {item_id: _behind(item_id, links) for item_id in wanted}


def _behind(item_id: int, links: Links) -> list[tuple[int, str]]:
    found: dict[int, str] = {}
    edge = [item_id]
    while edge:
        near = [link for one in edge for link in links.get(one, ()) if link.item_id not in found]
        found.update((link.item_id, link.ref) for link in near)
        edge = [link.item_id for link in near]
    return list(found.items())
