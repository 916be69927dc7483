"""``tracepro plugins``: what runs, where it comes from, and what else is installed."""

from __future__ import annotations

import argparse
import sys

from tracepro.cli.site import read_settings
from tracepro.cli.table import table
from tracepro.findings import Findings
from tracepro.plugin.assembly import Assembly, assemble
from tracepro.plugin.discovery import installed
from tracepro.plugin.loaded import LoadedPlugin

HEAD = ("plugin", "distribution", "version", "lines", "requires")


def setup(parser: argparse.ArgumentParser) -> None:
    """Add no arguments."""


def run(arguments: argparse.Namespace) -> int:
    """Print the enabled plugins in order, then the installed others; faults go to stderr."""
    findings = Findings()
    assembly = assemble(read_settings(), findings)
    print(table(HEAD, [_row(plugin, assembly) for plugin in assembly.plugins]))
    for line in _others(assembly):
        print(line)
    for finding in findings.errors:
        print(finding.info, file=sys.stderr)
    return 1 if findings.errors else 0


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
