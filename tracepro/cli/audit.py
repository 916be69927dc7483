"""``tracepro audit``: the record of who changed what, as JSON lines."""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator
from typing import Any

from tracepro import clock
from tracepro.cli.site import opened_site
from tracepro.database import Statement, p
from tracepro.database.core_models import Audit
from tracepro.site import Site

PAGE_ROWS = 1000
PAGE = Statement(
    lambda: Audit.select(
        Audit.id, Audit.tm, Audit.caller, Audit.worker, Audit.wp_id, Audit.line, Audit.method, Audit.params,
        Audit.changes, Audit.idempotency_key, Audit.request_id,
    ).where(Audit.id > p("after")).order_by(Audit.id).limit(PAGE_ROWS)
)  # fmt: skip


def setup(parser: argparse.ArgumentParser) -> None:
    """Adds export."""
    actions = parser.add_subparsers(dest="action", metavar="ACTION", required=True)
    export = actions.add_parser("export", help="Print the record as JSON lines, oldest first.")
    export.add_argument("--after", type=int, default=0, metavar="ID", help="begin behind this row")
    export.add_argument("--since", metavar="TIME", help="leave out what is older")


def run(arguments: argparse.Namespace) -> int:
    """Prints one JSON object a line."""
    with opened_site() as site:
        since = clock.parse(arguments.since, site.zone) if arguments.since else 0
        for row in _rows(site, arguments.after):
            if row[1] >= since:
                print(json.dumps(_shown(row), ensure_ascii=False))
    return 0


def _rows(site: Site, after: int) -> Iterator[tuple[Any, ...]]:
    """Reads page by page, so that no transaction is open for long."""
    while True:
        page = site.store.read(lambda db, last=after: db.rows(PAGE, after=last))
        yield from page
        if len(page) < PAGE_ROWS:
            return
        after = page[-1][0]


def _shown(row: tuple[Any, ...]) -> dict[str, Any]:
    number, tm, caller, worker, wp_id, line, method, params, changes, key, request_id = row
    return {
        "id": number,
        "tm": clock.text(tm),
        "caller": caller,
        "worker": worker,
        "wp_id": wp_id,
        "line": line,
        "method": method,
        "params": json.loads(params),
        "changes": json.loads(changes),
        "idempotency_key": key,
        "request_id": request_id,
    }
