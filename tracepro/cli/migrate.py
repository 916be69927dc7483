"""``tracepro migrate``: the tables that the plugins need."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from contextlib import closing

from tracepro.cli.progress import bars_or_lines
from tracepro.cli.site import read_settings
from tracepro.database import migrating
from tracepro.database.migration_files import MigrationError
from tracepro.database.migration_plan import Effect, PlannedMigration, plan
from tracepro.findings import Findings, StartError
from tracepro.plugin.assembly import Assembly
from tracepro.startup import load_plugins, open_database, unasked_database

UP_TO_DATE = "The database is up to date."
LONG = 10_000
"""Below so many rows nothing takes long."""


def setup(parser: argparse.ArgumentParser) -> None:
    """Add the plan."""
    parser.add_argument("--plan", action="store_true", help="say what would be done, and change nothing")


def run(arguments: argparse.Namespace) -> int:
    """Apply what the database lacks and name it, or say what would be; a second run has nothing to do."""
    assembly = _assembly()
    try:
        print(_planned(assembly) if arguments.plan else _applied(assembly))
    except MigrationError as error:
        raise StartError(str(error)) from error
    return 0


def _planned(assembly: Assembly) -> str:
    with closing(open_database(assembly)) as store:
        return _told(store.snapshot(lambda db: plan(db, assembly.migrations)))


def _applied(assembly: Assembly) -> str:
    open_database(assembly, create=True).close()  # who migrates has no other connection
    with closing(unasked_database(assembly)) as store, closing(bars_or_lines()) as progress:
        applied = migrating.apply_alone(store, assembly.migrations, progress)
    return "\n".join(f"applied {name}" for name in applied) or UP_TO_DATE


def _assembly() -> Assembly:
    findings = Findings()
    assembly, _ = load_plugins(read_settings(), findings)
    findings.stop_on_error()
    return assembly


def _told(planned: Sequence[PlannedMigration]) -> str:
    if not planned:
        return UP_TO_DATE
    most = max(migration.rows for migration in planned)
    lines = [line for each in planned for line in _lines(each, takes_longest=each.rows == most >= LONG)]
    through = sum(each.rows for each in planned)
    return "\n".join([*lines, f"{len(planned)} to apply, {through} rows to go through. Nothing was changed."])


def _lines(migration: PlannedMigration, *, takes_longest: bool) -> tuple[str, str]:
    by_verb: dict[str, list[str]] = {}
    for effect in migration.effects:
        by_verb.setdefault(effect.verb, []).append(_table(effect))
    told = "; ".join(f"{verb} {', '.join(tables)}" for verb, tables in by_verb.items())
    return (
        f"{migration.name}: {migration.meaning}",
        f"    {told or 'changes no table'}{'; takes longest' if takes_longest else ''}",
    )


def _table(effect: Effect) -> str:
    if effect.rows is None:
        return effect.table
    rows = "1 row" if effect.rows == 1 else f"{effect.rows} rows"
    return f"{effect.table} ({'' if effect.exact else 'about '}{rows})"
