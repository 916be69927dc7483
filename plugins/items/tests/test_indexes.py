"""Every statement finds its rows by an index: nothing on the way of a scan grows with the history."""

import importlib
import pkgutil
import re

import tracepro_items

from tracepro.database import Statement

SCANNED = re.compile(r"SCAN (?:t\d+|before|items_\w+|orders_\w+)\b")


def statements():
    """Every statement that a module of the plugin holds, by module and name."""
    for info in pkgutil.iter_modules(tracepro_items.__path__):
        module = importlib.import_module(f"tracepro_items.{info.name}") if not info.ispkg else None
        for name, value in vars(module).items() if module else ():
            if isinstance(value, Statement):
                yield f"{info.name}.{name}", value


def plan(plant, statement):
    """What SQLite does for a statement, line by line."""
    sql = "EXPLAIN QUERY PLAN " + statement.on("sqlite").sql
    values = (None,) * sql.count("?")
    return plant.read(lambda call: [row[3] for row in call.db._execute(sql, values).fetchall()])


def test_no_statement_reads_a_table_through(make_plant):
    plant = make_plant(("workplaces", "workers", "orders", "items"))
    found = dict(statements())
    assert len(found) > 40
    scans = {
        name: lines
        for name, statement in found.items()
        if any(map(SCANNED.match, lines := plan(plant, statement)))
    }
    assert scans == {}
