"""``tracepro plugins``: what runs, where it comes from, and what else is installed."""

from __future__ import annotations

import argparse
import sys

from tracepro.calls.command import run_command
from tracepro.calls.invocation import Endpoint
from tracepro.cli.site import opened_site, read_settings
from tracepro.cli.table import table
from tracepro.database import migrating
from tracepro.database.migration_files import MigrationError
from tracepro.findings import Findings, StartError
from tracepro.plugin import out_of_service
from tracepro.plugin.assembly import Assembly, assemble
from tracepro.plugin.discovery import installed
from tracepro.plugin.loaded import LoadedPlugin
from tracepro.startup import open_database
from tracepro_hookspecs import CallError

RELEASE = Endpoint(
    "tracepro plugins release",
    plugin="core",
    handler=out_of_service.release,
    access="write",
    scope="admin",
)
HEAD = ("plugin", "distribution", "version", "lines", "requires")


def setup(parser: argparse.ArgumentParser) -> None:
    """Add the arguments."""
    parser.add_argument(
        "action", nargs="?", choices=("release",), help="release: put a plugin back into service"
    )
    parser.add_argument("name", nargs="?", help="the plugin")


def run(arguments: argparse.Namespace) -> int:
    """Print the enabled plugins in order, then the installed others, or release one; faults go to stderr."""
    if arguments.action is not None:
        return _release(arguments.name)
    findings = Findings()
    assembly = assemble(read_settings(), findings)
    print(table(HEAD, [_row(plugin, assembly) for plugin in assembly.plugins]))
    for line in [*_others(assembly), *_out_of_service(assembly)]:
        print(line)
    for finding in findings.errors:
        print(finding.info, file=sys.stderr)
    return 1 if findings.errors else 0


def _release(name: str | None) -> int:
    """Put a plugin back into service; running servers know it within a second."""
    if name is None:
        raise StartError("tracepro plugins release needs the plugin's name.")
    with opened_site() as site:
        run_command(site, RELEASE, {"plugin": name}, lambda call: out_of_service.release(call, name))
    print(f"Plugin {name} is released.")
    return 0


def _out_of_service(assembly: Assembly) -> list[str]:
    """Say who is out of service, as far as the database can be asked."""
    try:
        store = open_database(assembly)
    except StartError:
        return []
    try:
        migrating.check(store, {})
        return [str(outage) for outage in store.read(out_of_service.read).values()]
    except (MigrationError, CallError):
        return []
    finally:
        store.close()


def _row(plugin: LoadedPlugin, assembly: Assembly) -> tuple[str, ...]:
    requires = " ".join(assembly.requires[plugin.name])
    return plugin.name, plugin.dist, plugin.version, lines_of(plugin.name, assembly), requires


def lines_of(name: str, assembly: Assembly) -> str:
    """Say on which lines a plugin runs: all, or all but those whose section leaves it out."""
    off = [line for line in assembly.settings.lines if name not in assembly.sets[line]]
    return "all but " + ", ".join(off) if off else "all"


def _others(assembly: Assembly) -> list[str]:
    return [
        f"installed, not enabled: {name} ({entry.dist.name} {entry.dist.version})"
        for name, entries in installed().items()
        for entry in entries
        if name not in assembly.settings.enabled and entry.dist
    ]
