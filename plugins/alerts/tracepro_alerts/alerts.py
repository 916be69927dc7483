"""Alerts: raised, listed while they are open, and looked up."""

from __future__ import annotations

from collections.abc import Iterable
from hashlib import sha256
from typing import Any, NamedTuple

import msgspec
from peewee import Query, Select, fn
from tracepro_workplaces import api as workplaces_api

from tracepro import clock
from tracepro.database import Insert, list_rows, p, statement
from tracepro_alerts import models as m
from tracepro_alerts import reasons
from tracepro_hookspecs import Call, Row

ANY = -1
SHOWN = 30
"""How many alerts a page shows."""
NEW = Insert(m.Alert)
NEW_UNLESS_OPEN = Insert(m.Alert, ignore=True)
COLUMNS = ("id", "module", "src", "target", "wp_id", "severity", "params", "info") + (
    "created",
    "processed",
    "processed_by",
    "filled",
)


class Subject(NamedTuple):
    """Who raises an alert, about what, for whom, and where; in a search None is any."""

    module: str | None
    src: str | None
    target: str | None
    wp_id: int | None


def _select_alerts() -> Select:
    return m.Alert.select(*(getattr(m.Alert, name) for name in COLUMNS))


@statement
def alert_by_id() -> Query:
    """One alert."""
    return _select_alerts().where(m.Alert.id == p("id"))


def _select_open() -> Select:
    same = [
        getattr(m.Alert, name) == fn.COALESCE(p(name), getattr(m.Alert, name))
        for name in ("module", "src", "target")
    ]
    wp_id = fn.COALESCE(m.Alert.wp_id, ANY)
    at_workplace = wp_id == fn.COALESCE(p("wp_id"), wp_id)
    return _select_alerts().where(m.Alert.processed.is_null(), *same, at_workplace)


@statement
def open_alerts() -> Query:
    """The alerts that are not processed, of a subject, in order of id."""
    return _select_open().order_by(m.Alert.id)


@statement
def next_open_alerts() -> Query:
    """The next of them behind an id, one more than a page shows; ordered as the index is, or PostgreSQL goes by id through all."""
    behind = _select_open().where(m.Alert.id > p("after"))
    return behind.order_by(m.Alert.processed, m.Alert.id).limit(SHOWN + 1)


@statement
def open_alert_by_key() -> Query:
    """The id of the open alert of a condition."""
    return m.Alert.select(m.Alert.id).where(m.Alert.open_key == p("open_key"))


def make(call: Call, subject: Subject, severity: int, params: dict[str, Any], info: str) -> dict[str, Any]:
    """Make an alert, whatever is open already, and return it."""
    alert_id = call.db.insert(NEW, **_new_row(call, subject, severity, params, info))
    return _told(call, alert_id)


def raise_once(
    call: Call, subject: Subject, severity: int, params: dict[str, Any], info: str, key: str | None
) -> int:
    """Make an alert unless one of the same subject and key is open; return its id. Without a key it is always new.

    Of two calls that raise one at once the second waits for the first, on the key.
    """
    if key is None:
        made: int = make(call, subject, severity, params, info)["id"]
        return made
    open_key = _open_key(subject, key)
    row = _new_row(call, subject, severity, params, info, open_key=open_key)
    while (alert_id := _open_alert(call, open_key)) is None:  # it may be processed between the two statements
        if call.db.insert_or_ignore(NEW_UNLESS_OPEN, **row):
            found = _open_alert(call, open_key)
            assert found is not None
            return int(_told(call, found)["id"])
    return alert_id


def get(call: Call, alert_id: int) -> dict[str, Any]:
    """Return an alert. Raises ``alert-not-found``."""
    row = call.db.one(alert_by_id, id=alert_id)
    if row is None:
        raise reasons.alert_not_found(alert_id)
    return _shown(row)


def list_open(call: Call, searched: Subject) -> list[dict[str, Any]]:
    """Return the alerts that are not processed in the order they were raised.

    A caller that is limited to lines is shown those of its lines and those that stand on none.
    """
    return _seen(call, list_rows(call, open_alerts, **searched._asdict()))


def page_of_open(call: Call, searched: Subject, after: int) -> tuple[list[dict[str, Any]], bool]:
    """Return the alerts of :func:`list_open` behind an id, as many as a page shows, and whether there are more."""
    found: list[dict[str, Any]] = []
    while len(found) <= SHOWN:
        rows = call.db.rows(next_open_alerts, **searched._asdict(), after=after)
        found += _seen(call, rows)
        if len(rows) <= SHOWN:
            break
        after = rows[-1][0]
    return found[:SHOWN], len(found) > SHOWN


def _seen(call: Call, rows: Iterable[Row]) -> list[dict[str, Any]]:
    """Return alerts without those that stand on another line than the caller's."""
    found, own = [_shown(row) for row in rows], call.caller.lines
    if own is None:
        return found
    return [alert for alert in found if _line(call, alert["wp_id"]) in (None, *own)]


def may_process(call: Call, alert: dict[str, Any]) -> bool:
    """Tell whether the caller may process an alert: what stands on no line is for callers of all lines."""
    own = call.caller.lines
    return "write" in call.caller.scopes and (own is None or _line(call, alert["wp_id"]) in own)


def line_of(call: Call, alert_id: int) -> str | None:
    """Return the line of an alert's workplace, None when it has none. Raises ``alert-not-found``."""
    return _line(call, get(call, alert_id)["wp_id"])


def _line(call: Call, wp_id: int | None) -> str | None:
    return None if wp_id is None else workplaces_api.line_of(call, wp_id)


def _new_row(
    call: Call, subject: Subject, severity: int, params: dict[str, Any], info: str, **more: Any
) -> dict[str, Any]:
    written = {"severity": severity, "params": params, "info": info, "created": call.now}
    return {**subject._asdict(), **written, **more}


def _open_key(subject: Subject, key: str) -> str:
    """Return the condition as a text of fixed length, whatever its parts are made of."""
    return sha256(msgspec.json.encode([*subject, key])).hexdigest()


def _open_alert(call: Call, open_key: str) -> int | None:
    found: int | None = call.db.value(open_alert_by_key, open_key=open_key)
    return found


def _told(call: Call, alert_id: int) -> dict[str, Any]:
    """Return a new alert and have it told to whoever hears of alerts."""
    alert = get(call, alert_id)
    call.notify("tracepro_alert_raised", alert=alert)
    return alert


def _shown(row: Row) -> dict[str, Any]:
    alert = dict(zip(COLUMNS, row, strict=True))
    alert["created"] = clock.text(alert["created"])
    alert["processed"] = None if alert["processed"] is None else clock.text(alert["processed"])
    alert["values"] = alert.pop("filled")
    return alert
