"""The plant when a soak has ended: every acknowledged booking is there once, and the sums are right."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from benchmarks.soak.journal import Journal
from examples.generator.driver import connected
from examples.generator.history import RunSql
from tracepro_schemas import defs

TALLY = f"""
SELECT s.order_id, s.op, s.good, s.bad, COALESCE(t.good, 0), COALESCE(t.bad, 0) FROM (
    SELECT u.order_id, l.op, sum(CASE WHEN l.result = 0 THEN 1 ELSE 0 END) AS good,
        sum(CASE WHEN l.result = 0 THEN 0 ELSE 1 END) AS bad
    FROM items_state l JOIN items_unit u ON u.id = l.item_id
    WHERE u.tp <> {defs.ITEM_TP_MULTIPANEL} AND u.bad <> {defs.ITEM_BAD_BADMARK} GROUP BY u.order_id, l.op
) s LEFT JOIN items_tally t ON t.order_id = s.order_id AND t.op = s.op
WHERE s.good <> COALESCE(t.good, 0) OR s.bad <> COALESCE(t.bad, 0)
"""
"""Orders whose counts are not what their units say."""
LOTS = """
SELECT l.id, l.amount + COALESCE((SELECT sum(r.amount) FROM material_place r WHERE r.lot_id = l.id), 0),
    COALESCE((SELECT sum(CASE m.kind WHEN 1 THEN m.amount WHEN 4 THEN -m.amount WHEN 5 THEN m.amount
        WHEN 6 THEN m.amount WHEN 7 THEN -m.amount ELSE 0 END) FROM material_move m WHERE m.lot_id = l.id), 0)
FROM material_lot l
"""
"""What there is of each lot on the floor and in holes, and what the ledger says."""


@dataclass(frozen=True)
class Mark:
    """The last audit row and operation from before the load."""

    audit: int
    operation: int


def mark(url: str) -> Mark:
    """Return where a database stands."""
    with connected(url) as (run_sql, _):
        return Mark(_last(run_sql, "core_audit"), _last(run_sql, "items_operation"))


def _last(run_sql: RunSql, table: str) -> int:
    return int(run_sql(f"SELECT COALESCE(max(id), 0) FROM {table}", ())[0][0])


def faults(url: str, journal: Journal, before: Mark, exported: Path) -> list[str]:
    """Return a sentence for everything that is not as it was acknowledged."""
    with connected(url) as (run_sql, _):
        return [
            *_operations(run_sql, journal, before),
            *_audit(run_sql, journal, before),
            *(
                f"Order {row[0]} counts {row[4:]} at step {row[1]}, its units say {row[2:4]}."
                for row in run_sql(TALLY, ())
            ),
            *(
                f"Of lot {lot} there is {there}, the ledger says {told}."
                for lot, there, told in run_sql(LOTS, ())
                if there != told
            ),
            *_exported(run_sql, exported),
        ]


def _operations(run_sql: RunSql, journal: Journal, before: Mark) -> Iterator[str]:
    rows = run_sql(f"SELECT id, cancelled FROM items_operation WHERE id > {before.operation}", ())
    there, cancelled = {row[0] for row in rows}, {row[0] for row in rows if row[1]}
    for what, numbers in (
        ("were acknowledged and are not there", journal.operations - there),
        ("are there and nobody was told", there - journal.operations),
        ("were acknowledged twice", set(journal.doubled)),
        ("were taken back by nobody, or are there though they were", cancelled ^ journal.cancelled),
    ):
        if numbers:
            yield f"{len(numbers)} operations {what}: {sorted(numbers)[:10]}"


def _audit(run_sql: RunSql, journal: Journal, before: Mark) -> Iterator[str]:
    rows = run_sql(f"SELECT method, count(*) FROM core_audit WHERE id > {before.audit} GROUP BY method", ())
    recorded = dict(map(tuple, rows))
    for method, count in sorted(journal.acknowledged.items()):
        if recorded.get(method, 0) != count:
            yield f"{method} was acknowledged {count} times, the audit has {recorded.get(method, 0)} rows of it."


def _exported(run_sql: RunSql, file: Path) -> Iterator[str]:
    ids = Counter(json.loads(line)["id"] for line in file.read_text().splitlines())
    there = {row[0] for row in run_sql("SELECT id FROM erp_entry", ())}
    if ids.keys() != there or max(ids.values(), default=1) > 1:
        yield (
            f"The ERP has {len(ids)} rows of {len(there)}, {sum(ids.values()) - len(ids)} of them more than once; "
            f"{len(there - ids.keys())} are missing."
        )
