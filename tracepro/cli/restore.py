"""``tracepro restore``: a backup in the place of the database, all or nothing."""

from __future__ import annotations

import argparse
from contextlib import closing
from pathlib import Path

from tracepro import clock
from tracepro.backup import restore
from tracepro.cli.backup import compared
from tracepro.cli.progress import Bars
from tracepro.cli.site import unchecked_site


def setup(parser: argparse.ArgumentParser) -> None:
    """Add the file."""
    parser.add_argument("file", type=Path, help="a file of `tracepro backup`, of either kind of database")
    parser.add_argument(
        "--replace", action="store_true", help="put it in the place of a database that has data"
    )


def run(arguments: argparse.Namespace) -> int:
    """Restore and say what was proven, where the former data are, and what is to be done next."""
    with unchecked_site(ask=False) as site, closing(Bars()) as bars:
        restored = restore(site, arguments.file, replace=arguments.replace, progress=bars)
    proof = restored.proof
    print(
        f"The database is as it was at {clock.text(restored.made)}: {len(proof.tables)} tables with {proof.rows} rows."
    )
    print(f"It was compared with the backup: {compared(proof)}.")
    if restored.aside is not None:
        print(f"What was there before is kept in {restored.aside}.")
    if restored.lacking:
        print(
            f"It lacks the migrations {', '.join(restored.lacking)}: run `tracepro migrate` before you start the server."
        )
    return 0
