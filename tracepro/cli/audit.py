"""``tracepro audit``: the record of who changed what, as JSON lines."""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator
from functools import partial
from typing import Any

from peewee import Query

from tracepro import clock
from tracepro.cli.site import opened_site
from tracepro.database import Session, p, statement
from tracepro.database.core_models import Audit
from tracepro.site import Site
from tracepro_hookspecs import Row

PAGE_ROWS = 1000
COLUMNS = (
    Audit.id,
    Audit.tm,
    Audit.caller,
    Audit.worker,
    Audit.wp_id,
    Audit.line,
    Audit.method,
    Audit.params,
    Audit.changes,
    Audit.idempotency_key,
    Audit.request_id,
    Audit.address,
    Audit.client_request_id,
)


@statement
def page_after() -> Query:
    """The rows that follow one, oldest first."""
    return Audit.select(*COLUMNS).where(Audit.id > p("after")).order_by(Audit.id).limit(PAGE_ROWS)


def setup(parser: argparse.ArgumentParser) -> None:
    """Add export."""
    actions = parser.add_subparsers(dest="action", metavar="ACTION", required=True)
    export = actions.add_parser("export", help="Print the record as JSON lines, oldest first.")
    export.add_argument("--after", type=int, default=0, metavar="ID", help="start after the row with this id")
    export.add_argument("--since", metavar="TIME", help="leave out what is older than this")


def run(arguments: argparse.Namespace) -> int:
    """Print one JSON object a line."""
    with opened_site() as site:
        since = clock.parse(arguments.since, site.zone) if arguments.since else 0
        for row in _rows(site, arguments.after):
            if row[1] >= since:
                print(json.dumps(_shown(row), ensure_ascii=False))
    return 0


def _rows(site: Site, after: int) -> Iterator[Row]:
    """Read page by page, so that no transaction is open for long."""
    while True:
        page = site.store.read(partial(_page, after))
        yield from page
        if len(page) < PAGE_ROWS:
            return
        after = page[-1][0]


def _page(after: int, db: Session) -> list[Row]:
    return db.rows(page_after, after=after)


def _shown(row: Row) -> dict[str, Any]:
    row_id, tm, caller, worker, wp_id, line, method, params, changes, *rest = row
    key, request_id, address, client_request_id = rest
    return {
        "id": row_id,
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
        "address": address,
        "client_request_id": client_request_id,
    }
