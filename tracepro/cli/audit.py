"""``tracepro audit``: the record of who changed what, as JSON lines; plugins add actions of theirs."""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator
from functools import partial
from typing import Any

from tracepro import clock
from tracepro.cli.site import opened_site
from tracepro.database import Session
from tracepro.inspection import WholeAuditRow, audit_rows
from tracepro.reserved import ACTIONS
from tracepro.site import Site

PAGE_ROWS = 1000


def setup(parser: argparse.ArgumentParser) -> object:
    """Add export, and return the actions."""
    actions = parser.add_subparsers(dest="action", metavar="ACTION", required=True)
    export = actions.add_parser("export", help=ACTIONS["audit export"])
    export.add_argument("--after", type=int, default=0, metavar="ID", help="start after the row with this id")
    export.add_argument("--since", metavar="TIME", help="leave out what is older than this")
    return actions


def run(arguments: argparse.Namespace) -> int:
    """Print one JSON object a line."""
    with opened_site() as site:
        since = clock.parse(arguments.since, site.zone) if arguments.since else 0
        for row in _rows(site, arguments.after):
            if row.tm >= since:
                print(json.dumps(_shown(row), ensure_ascii=False))
    return 0


def _rows(site: Site, after: int) -> Iterator[WholeAuditRow]:
    """Read page by page, so that no transaction is open for long."""
    while page := site.store.read(partial(_page, after)):
        yield from page
        after = page[-1].id


def _page(after: int, db: Session) -> list[WholeAuditRow]:
    return audit_rows(db, after, PAGE_ROWS)


def _shown(row: WholeAuditRow) -> dict[str, Any]:
    read = {"tm": clock.text(row.tm), "params": json.loads(row.params), "changes": json.loads(row.changes)}
    return row.by_column() | read
