"""``tracepro audit``: the record of who changed what, as JSON lines; plugins add actions of theirs."""

from __future__ import annotations

import argparse
import json
from typing import Any

from tracepro import clock
from tracepro.cli.site import opened_site
from tracepro.inspection import WholeAuditRow, audit_pages
from tracepro.reserved import ACTIONS


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
        for page in audit_pages(site.store, arguments.after):
            for row in page:
                if row.tm >= since:
                    print(json.dumps(_shown(row), ensure_ascii=False))
    return 0


def _shown(row: WholeAuditRow) -> dict[str, Any]:
    read = {"tm": clock.text(row.tm), "params": json.loads(row.params), "changes": json.loads(row.changes)}
    return row.by_column() | read
