"""What the commands begin with: the settings of the files, and a site opened and closed."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager

from tracepro.clock import now_micros
from tracepro.config.settings import Settings
from tracepro.findings import Finding, Findings
from tracepro.site import Site, open_site
from tracepro.startup import load_plugins, open_database, unasked_database


def read_settings() -> Settings:
    """Read the files; raises StartError with the sentence of what is wrong with them."""
    findings = Findings()
    settings = Settings.read(findings)
    findings.stop_on_error()
    return settings


@contextmanager
def opened_site(*, silent: bool = False) -> Iterator[Site]:
    """Open the site of the files and close it; its warnings go to stderr, unless the command tells them itself."""
    site = open_site(read_settings())
    try:
        if not silent:
            tell(site.warnings)
        yield site
    finally:
        site.close()


@contextmanager
def unchecked_site(*, ask: bool = True) -> Iterator[Site]:
    """Open the site whatever its database lacks; without ``ask`` it need not even answer."""
    findings = Findings()
    assembly, methods = load_plugins(read_settings(), findings)
    findings.stop_on_error()
    store = open_database(assembly) if ask else unasked_database(assembly)
    site = Site(assembly, methods, store, now_micros)
    try:
        yield site
    finally:
        site.close()


def tell(warnings: Iterable[Finding]) -> None:
    """Write warnings to stderr, a line each."""
    for warning in warnings:
        print(warning, file=sys.stderr)
