"""``tracepro user``: users on the command line; a password comes from a prompt or from standard input, never as an argument."""

from __future__ import annotations

import sys
from argparse import ArgumentParser, Namespace
from collections.abc import Callable
from functools import partial
from getpass import getpass
from typing import Any

from tracepro_auth import passwords, users
from tracepro_hookspecs import Call, Command, Site

HEAD = ("username", "full name", "groups", "password", "disabled")


def setup(parser: ArgumentParser) -> None:
    """Add the actions."""
    actions = parser.add_subparsers(dest="action", metavar="ACTION", required=True)
    add = actions.add_parser("add", help="Create a user; asks for the password, or reads it from a pipe.")
    add.add_argument("username")
    add.add_argument("--fullname", default="")
    add.add_argument("--group", action="append", default=[], help="a group; repeatable")
    change = actions.add_parser("change", help="Change a user's full name or groups.")
    change.add_argument("username")
    change.add_argument("--fullname")
    groups = change.add_mutually_exclusive_group()
    groups.add_argument("--group", action="append", help="all the groups the user is in; repeatable")
    groups.add_argument("--no-groups", action="store_const", const=[], dest="group", help="in no group")
    actions.add_parser("list", help="Show all users, never their passwords.")
    for name, text in (
        ("passwd", "Give a user a new password; asks for it, or reads it from a pipe."),
        ("disable", "Let a user log in no more, not through another directory either."),
        ("enable", "Let a user log in again."),
        ("remove", "Remove a user."),
    ):
        actions.add_parser(name, help=text).add_argument("username")


def run(site: Site, arguments: Namespace) -> int:
    """Run the chosen action."""
    if arguments.action == "list":
        _list(site)
        return 0
    users.check_name(arguments.username)
    asked: dict[str, Any] = {"username": arguments.username}
    work = _work(arguments, asked)
    site.change(f"user {arguments.action}", asked, work)
    return 0


def _work(arguments: Namespace, asked: dict[str, Any]) -> Callable[[Call], None]:
    """Return what an action writes, and note in ``asked`` what the audit keeps of it; hashes before the transaction."""
    match arguments.action:
        case "add":
            values = {"fullname": _text(arguments.fullname), "groups": _groups(arguments.group)}
            asked |= values
            change, secret = users.create, {"password_hash": passwords.hashed(read_password())}
        case "change":
            values, change, secret = _given(arguments), users.change, {}
            asked |= values
        case "passwd":
            values, change, secret = {}, users.change, {"password_hash": passwords.hashed(read_password())}
        case "remove":
            return partial(users.remove, username=arguments.username)
        case _:
            values, change, secret = {"disabled": arguments.action == "disable"}, users.change, {}
    return partial(change, username=arguments.username, values=values | secret)


def _given(arguments: Namespace) -> dict[str, Any]:
    values: dict[str, Any] = {}
    if arguments.fullname is not None:
        values["fullname"] = _text(arguments.fullname)
    if arguments.group is not None:
        values["groups"] = _groups(arguments.group)
    if not values:
        raise ValueError("Nothing is to be changed; give --fullname, --group or --no-groups.")
    return values


def _groups(names: list[str]) -> list[str]:
    if len(names) > 100 or not all(names):
        raise ValueError("--group takes a name, at most 100 times.")
    return users.distinct(map(_text, names))


def _text(text: str) -> str:
    if not text.isprintable() or len(text) > users.LONGEST:
        raise ValueError(f"Names have at most {users.LONGEST} visible characters.")
    return text


def read_password() -> str:
    """Return the password typed twice at a terminal, or the first line of what is piped in. Raises ValueError."""
    if sys.stdin.isatty():
        password = getpass("Password: ")
        if getpass("Once more: ") != password:
            raise ValueError("The two passwords differ; nothing was changed.")
    else:
        password = sys.stdin.readline().rstrip("\r\n")
    if not 1 <= len(password) <= passwords.LONGEST:
        raise ValueError(f"A password has from 1 to {passwords.LONGEST} characters; nothing was changed.")
    if not password.isprintable():
        raise ValueError("The password has characters that can't be typed; nothing was changed.")
    return password


def _list(site: Site) -> None:
    found = [users.User._make(row) for row in site.store.read(lambda db: db.rows(users.all_users))]
    rows = [HEAD, *map(_shown, found)]
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    for row in rows:
        print("  ".join(text.ljust(width) for text, width in zip(row, widths, strict=True)).rstrip())


def _shown(user: users.User) -> tuple[str, ...]:
    yes = {True: "yes", False: "no"}
    has_password = yes[user.password_hash is not None]
    return (user.username, user.fullname, " ".join(user.groups), has_password, yes[user.disabled])


COMMANDS = [Command("user", "Create, list and change users.", setup, run)]
