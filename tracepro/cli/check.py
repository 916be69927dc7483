"""``tracepro check``: everything that is wrong at once, each with how to mend it."""

from __future__ import annotations

import argparse
import sys

from tracepro.config.settings import Settings
from tracepro.findings import Findings
from tracepro.site import examine


def setup(parser: argparse.ArgumentParser) -> None:
    """Add no arguments."""


def run(arguments: argparse.Namespace) -> int:
    """Print every finding; the exit code is 1 when one of them would stop the start."""
    findings = Findings()
    settings = Settings.read(findings)
    examine(settings, findings)
    for finding in findings:
        print(finding, file=sys.stderr)
    if not findings.errors:
        print(f"All is well: {len(settings.enabled)} plugins, {_warnings(findings)}.")
    return 1 if findings.errors else 0


def _warnings(findings: Findings) -> str:
    count = len(findings.warnings)
    return {0: "no warnings", 1: "one warning"}.get(count, f"{count} warnings")
