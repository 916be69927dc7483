"""What terminals keep for a workplace: JSON values under class and key."""

from __future__ import annotations

from typing import Any

from peewee import Query
from tracepro_workplaces import api as workplaces_api

from tracepro.database import Insert, p, statement
from tracepro_hookspecs import Call, InvalidParams
from tracepro_lines import models as m

LONGEST = 65_535
NEW = Insert(m.Data, ignore=True)


def _where() -> Any:
    return (m.Data.wp_id == p("wp_id")) & (m.Data.clazz == p("clazz")) & (m.Data.key == p("key"))


@statement
def value_by_key() -> Query:
    """The value under a key."""
    return m.Data.select(m.Data.value).where(_where())


@statement
def locked_value() -> Query:
    """The value under a key, locked until the call ends."""
    return m.Data.select(m.Data.value).where(_where()).for_update()


@statement
def update_value() -> Query:
    """Set the value under a key."""
    return m.Data.update(value=p("value")).where(_where())


@statement
def delete_value() -> Query:
    """Delete a key."""
    return m.Data.delete().where(_where())


def find(call: Call, wp_id: int, clazz: str, key: str) -> Any:
    """Return the value that is kept for a workplace under a key, or None."""
    return call.db.value(value_by_key, wp_id=wp_id, clazz=clazz, key=key)


def store(call: Call, wp_id: int, clazz: str, key: str, value: Any) -> None:
    """Keep a JSON value for a workplace under a key, in the place of the former one; None forgets it.

    Raises ``workplace-not-found``, and InvalidParams for a value whose JSON has more than 65 535 characters.
    """
    workplaces_api.workplace(call, wp_id)
    _check_length(value)
    where = {"wp_id": wp_id, "clazz": clazz, "key": key}
    if value is not None and call.db.insert_or_ignore(NEW, **where, value=value):
        return
    before = call.db.value(locked_value, **where)
    if value is None:
        call.db.run(delete_value, **where)
    else:
        call.db.run(update_value, **where, value=value)
    call.changed(f"line data of workplace {wp_id}", f"{clazz} {key}", before, value)


def _check_length(value: Any) -> None:
    length = len(m.Data.value.db_value(value) or "")
    if length > LONGEST:
        info = f"value is {length} characters of JSON; at most {LONGEST} are kept under one key."
        raise InvalidParams("value", info, rule="maxLength")
