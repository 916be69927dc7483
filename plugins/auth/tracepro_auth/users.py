"""Users: looking them up and changing them; every change is in the audit, passwords never."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from peewee import Query, Select

from tracepro.access.sessions import close_sessions_of_user
from tracepro.database import Insert, p, statement
from tracepro_auth import models as m
from tracepro_auth import reasons
from tracepro_hookspecs import Call

NEW = Insert(m.User)
LONGEST = 255


class User(NamedTuple):
    """A user as stored."""

    id: int
    username: str
    fullname: str
    groups: list[str]
    password_hash: str | None
    disabled: bool

    @property
    def shown(self) -> dict[str, Any]:
        """The user as userauth answers: without what could be used."""
        return {"username": self.username, "fullname": self.fullname, "groups": self.groups}


def _select_users() -> Select:
    user = m.User
    return user.select(user.id, user.username, user.fullname, user.groups, user.password_hash, user.disabled)


@statement
def user_by_name() -> Query:
    """One user."""
    return _select_users().where(m.User.username == p("username"))


@statement
def lock_user() -> Query:
    """Lock a user."""
    return _select_users().where(m.User.username == p("username")).for_update()


@statement
def all_users() -> Query:
    """All users by name."""
    return _select_users().order_by(m.User.username)


@statement
def update_user() -> Query:
    """Change a user."""
    user = m.User
    changed = user.update(
        fullname=p("fullname"),
        groups=p("groups"),
        password_hash=p("password_hash"),
        disabled=p("disabled"),
    )
    return changed.where(user.id == p("id"))


@statement
def replace_hash() -> Query:
    """Another hash of the same password, unless the password was changed meanwhile."""
    same = (m.User.username == p("username")) & (m.User.password_hash == p("before"))
    return m.User.update(password_hash=p("after")).where(same)


@statement
def delete_user() -> Query:
    """A user, gone."""
    return m.User.delete().where(m.User.id == p("id"))


def find(call: Call, username: str) -> User | None:
    """Return a user by name, compared exactly, or None."""
    row = call.db.one(user_by_name, username=username)
    return None if row is None else User._make(row)


def user_id(call: Call, username: str) -> int | None:
    """Return the id of a user of this plugin, None for one that only another directory knows."""
    user = find(call, username)
    return None if user is None else user.id


def create(call: Call, username: str, values: Mapping[str, Any]) -> None:
    """Create a user with these columns. Raises InvalidParams for a name that is taken or can't be one."""
    check_name(username)
    if call.db.one(user_by_name, username=username) is not None:
        raise reasons.user_exists(username)
    user_id = call.db.insert(NEW, username=username, **values)
    for field, value in values.items():
        call.changed(f"user {user_id}", field, None, value, hidden=field == "password_hash")


def change(call: Call, username: str, values: Mapping[str, Any]) -> None:
    """Change columns of a user, whose sessions end with it. Raises InvalidParams for an unknown one."""
    user = _locked(call, username)
    before = user._asdict()
    if all(before[field] == value for field, value in values.items()):
        return
    call.db.run(update_user, **{**_columns(user), **values}, id=user.id)
    close_sessions_of_user(call, user.id)
    for field, value in values.items():
        call.changed(f"user {user.id}", field, before[field], value, hidden=field == "password_hash")


def put(call: Call, username: str, values: Mapping[str, Any]) -> None:
    """Create a user or change the columns given."""
    if find(call, username) is None:
        create(call, username, values)
    else:
        change(call, username, values)


def remove(call: Call, username: str) -> None:
    """Remove a user, whose sessions end. Raises InvalidParams for an unknown one."""
    user = _locked(call, username)
    call.db.run(delete_user, id=user.id)
    close_sessions_of_user(call, user.id)
    for field, value in _columns(user).items():
        call.changed(f"user {user.id}", field, value, None, hidden=field == "password_hash")


def check_name(username: str) -> None:
    """Refuse what can't be a user's name. Raises InvalidParams."""
    if not username.isprintable() or username.strip() != username or not 1 <= len(username) <= LONGEST:
        raise reasons.not_a_username(username)


def distinct(groups: Iterable[str]) -> list[str]:
    """Return groups in the order given, each once."""
    return list(dict.fromkeys(groups))


def _columns(user: User) -> dict[str, Any]:
    return {
        "fullname": user.fullname,
        "groups": user.groups,
        "password_hash": user.password_hash,
        "disabled": user.disabled,
    }


def _locked(call: Call, username: str) -> User:
    row = call.db.one(lock_user, username=username)
    if row is None:
        raise reasons.unknown_user(username)
    return User._make(row)
