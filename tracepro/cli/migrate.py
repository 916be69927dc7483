"""``tracepro migrate``: the tables that the plugins need."""

from __future__ import annotations

import argparse

from tracepro.cli.site import read_settings
from tracepro.findings import Findings
from tracepro.startup import apply_migrations, load_plugins, open_database


def setup(parser: argparse.ArgumentParser) -> None:
    """Add no arguments."""


def run(arguments: argparse.Namespace) -> int:
    """Apply what the database lacks and name it; a second run has nothing to do."""
    findings = Findings()
    assembly, _ = load_plugins(read_settings(), findings)
    findings.stop_on_error()
    store = open_database(assembly)
    try:
        applied = apply_migrations(store, assembly)
    finally:
        store.close()
    print("\n".join(f"applied {name}" for name in applied) or "The database is up to date.")
    return 0
