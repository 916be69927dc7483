"""What the commands begin with: the settings of the files, and a site opened and closed."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager

from tracepro.config.settings import Settings
from tracepro.findings import Findings
from tracepro.site import Site, open_site


def read_settings() -> Settings:
    """Read the files; raises StartError with the sentence of what is wrong with them."""
    findings = Findings()
    settings = Settings.read(findings)
    findings.stop_on_error()
    return settings


@contextmanager
def opened_site() -> Iterator[Site]:
    """Open the site of the files and close it; warnings go to stderr."""
    site = open_site(read_settings())
    try:
        for warning in site.warnings:
            print(f"warning: {warning.info}", file=sys.stderr)
        yield site
    finally:
        site.close()
