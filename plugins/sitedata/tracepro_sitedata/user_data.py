"""User data: any JSON value that a program keeps under a name within a class."""

from __future__ import annotations

from typing import Any

from peewee import Query, Select

from tracepro.database import Insert, list_rows, p, statement
from tracepro_hookspecs import Call
from tracepro_sitedata import models as m

NEW = Insert(m.UserData, ignore=True)


def _named() -> Select:
    row = m.UserData
    return row.select(row.id, row.value, row.public).where(
        (row.clazz == p("clazz")) & (row.name == p("name"))
    )


@statement
def data_by_name() -> Query:
    """One value."""
    return _named()


@statement
def lock_data() -> Query:
    """Lock one value."""
    return _named().for_update()


@statement
def public_names() -> Query:
    """The names of the public values of a class, sorted."""
    row = m.UserData
    return row.select(row.name).where((row.clazz == p("clazz")) & (row.public == 1)).order_by(row.name)


@statement
def update_data() -> Query:
    """Change a value and whether it is public."""
    return m.UserData.update(value=p("value"), public=p("public")).where(m.UserData.id == p("id"))


def find(call: Call, clazz: str, name: str) -> dict[str, Any] | None:
    """Return public user data as clients see it, or None."""
    row = call.db.one(data_by_name, clazz=clazz, name=name)
    return None if row is None or not row[2] else _shown(clazz, name, row[1])


def value(call: Call, clazz: str, name: str) -> Any:
    """Return the value of user data, public or not; None where there is none."""
    row = call.db.one(data_by_name, clazz=clazz, name=name)
    return None if row is None else row[1]


def names(call: Call, clazz: str) -> list[str]:
    """Return the names of the public user data of a class, sorted."""
    return [name for (name,) in list_rows(call, public_names, clazz=clazz)]


def put(call: Call, clazz: str, name: str, value: Any, *, public: bool) -> dict[str, Any]:
    """Keep a value under a name within a class and return it as clients see it; what was there is in the audit."""
    new = {"clazz": clazz, "name": name, "value": value, "public": public}
    row = call.db.one(lock_data, clazz=clazz, name=name)
    if row is None and not call.db.insert_or_ignore(NEW, **new):
        row = call.db.one(lock_data, clazz=clazz, name=name)
    if row is not None:
        number, before, was_public = row
        call.changed(f"user data {number}", "value", before, value)
        call.changed(f"user data {number}", "public", was_public, public)
        call.db.run(update_data, id=number, value=value, public=public)
    return _shown(clazz, name, value)


def _shown(clazz: str, name: str, value: Any) -> dict[str, Any]:
    return {"name": name, "clazz": clazz, "value": value}
