"""``tracepro token``: tokens for callers that are not on this machine."""

from __future__ import annotations

import argparse
import sys

from tracepro import clock
from tracepro.access import tokens
from tracepro.access.caller import ANONYMOUS, SESSIONS, SYSTEM
from tracepro.calls.command import run_command
from tracepro.calls.invocation import Endpoint
from tracepro.cli.site import opened_site
from tracepro.cli.table import table
from tracepro.codes import code
from tracepro.site import Site
from tracepro.startup import line_names
from tracepro_hookspecs import Row

HEAD = ("name", "scopes", "lines", "created", "expires", "last used", "revoked")

CREATE = Endpoint(
    "tracepro token create", plugin="core", handler=tokens.create, access="write", scope="admin"
)
RENEW = Endpoint("tracepro token renew", plugin="core", handler=tokens.renew, access="write", scope="admin")
REVOKE = Endpoint(
    "tracepro token revoke", plugin="core", handler=tokens.revoke, access="write", scope="admin"
)


def setup(parser: argparse.ArgumentParser) -> None:
    """Add create, list, renew and revoke."""
    actions = parser.add_subparsers(dest="action", metavar="ACTION", required=True)
    create = actions.add_parser("create", help="Make a token and print it, once.")
    create.add_argument("name")
    create.add_argument(
        "--scope", action="append", required=True, help="read, write, admin or a plugin's; repeatable"
    )
    create.add_argument("--line", action="append", help="a line it is limited to; repeatable")
    create.add_argument("--days", type=int, help="days until it expires; without this it never does")
    actions.add_parser("list", help="Show all tokens, never their secrets.")
    renew = actions.add_parser("renew", help="Give a token a new secret and print it, once.")
    renew.add_argument("name")
    renew.add_argument("--days", type=int, help="days until it expires; without this as it was")
    revoke = actions.add_parser("revoke", help="Revoke a token; it ends at once.")
    revoke.add_argument("name")


def run(arguments: argparse.Namespace) -> int:
    """Run the chosen action."""
    with opened_site() as site:
        return ACTIONS[arguments.action](site, arguments)


def _create(site: Site, arguments: argparse.Namespace) -> int:
    arguments.line = [_line_name(text) for text in arguments.line] if arguments.line else None
    _check(site, arguments)
    asked = {"name": arguments.name, "scope": arguments.scope, "line": arguments.line, "days": arguments.days}
    text = run_command(
        site,
        CREATE,
        asked,
        lambda call: tokens.create(
            call, arguments.name, arguments.scope, arguments.line, arguments.days, site.clock()
        ),
    )
    _warn_of_lines(site, arguments.line or [])
    return _shown_once(text)


def _shown_once(text: str) -> int:
    print(text)
    print("Copy it now: only its hash is stored, so it can't be shown again.", file=sys.stderr)
    return 0


def _check(site: Site, arguments: argparse.Namespace) -> None:
    unknown = tokens.unknown_scopes(arguments.scope, site.scopes)
    if unknown:
        raise ValueError(
            f"Nothing asks for scope {unknown[0]}; {tokens.scopes_told(unknown[0], site.scopes)}."
        )
    _check_days(arguments.days)
    if not arguments.name.strip() or len(arguments.name) > 255:
        raise ValueError("A token's name has from 1 to 255 characters.")
    if arguments.name in (ANONYMOUS, SESSIONS, SYSTEM.name):
        raise ValueError(f"The name {arguments.name} is taken by the server itself; choose another.")


def _check_days(days: int | None) -> None:
    if days is not None and not 1 <= days <= 36_500:
        raise ValueError(f"--days must be from 1 to 36500, not {days}.")


def _line_name(text: str) -> str:
    try:
        return code(text)
    except ValueError as error:
        raise ValueError(f"--line {error}.") from None


def _warn_of_lines(site: Site, lines: list[str]) -> None:
    known = line_names(site)
    for line in lines:
        if known is not None and line not in known:
            print(
                f"warning: the database doesn't know line {line}; import it or correct the name.",
                file=sys.stderr,
            )


def _list(site: Site, arguments: argparse.Namespace) -> int:
    rows = site.store.read(lambda db: db.rows(tokens.all_tokens))
    print(table(HEAD, [_shown(row) for row in rows]))
    return 0


def _shown(row: Row) -> tuple[str, ...]:
    name, scopes, lines, *times = row
    any_line = "any" if lines is None else " ".join(lines)
    return (name, " ".join(scopes), any_line, *("" if tm is None else clock.text(tm) for tm in times))


def _renew(site: Site, arguments: argparse.Namespace) -> int:
    name, days = arguments.name, arguments.days
    _check_days(days)
    asked = {"name": name, "days": days}
    return _shown_once(
        run_command(site, RENEW, asked, lambda call: tokens.renew(call, name, days, site.clock()))
    )


def _revoke(site: Site, arguments: argparse.Namespace) -> int:
    run_command(
        site, REVOKE, {"name": arguments.name}, lambda call: tokens.revoke(call, arguments.name, site.clock())
    )
    return 0


ACTIONS = {"create": _create, "list": _list, "renew": _renew, "revoke": _revoke}
