"""``tracepro backup``: the whole database into one file, while it is used, with a proof."""

from __future__ import annotations

import argparse
import sys
from contextlib import closing
from pathlib import Path

from tracepro.backup import Proof, make_backup
from tracepro.cli.progress import Bars
from tracepro.cli.site import unchecked_site
from tracepro.database.backups import NotedBackup, note_backup
from tracepro.site import Site
from tracepro_hookspecs import CallError


def setup(parser: argparse.ArgumentParser) -> None:
    """Add the file."""
    parser.add_argument("file", type=Path, help="the file to make")
    parser.add_argument("--overwrite", action="store_true", help="replace the file if it is there")


def run(arguments: argparse.Namespace) -> int:
    """Make the backup and say what was proven."""
    file: Path = arguments.file
    with unchecked_site() as site, closing(Bars()) as bars:
        proof = make_backup(site, file, overwrite=arguments.overwrite, progress=bars)
        _note(site, file.resolve(), proof)
    print(
        f"{file} has all {len(proof.tables)} tables with {proof.rows} rows, in {file.stat().st_size} bytes."
    )
    print(f"It was opened and compared with the database of the moment it shows: {compared(proof)}.")
    return 0


def _note(site: Site, file: Path, proof: Proof) -> None:
    """Note the backup in the database, unless that lacks migrations; what keeps it from that is told on stderr."""
    if proof.probed is None:
        return
    backup = NotedBackup(proof.made, str(file), proof.rows, file.stat().st_size)
    try:
        site.store.write_inline(lambda db: note_backup(db, backup))
    except CallError as error:
        print(f"The backup is made, but the database couldn't note it: {error.info}", file=sys.stderr)


def compared(proof: Proof) -> str:
    """Return the words for what was compared."""
    if proof.probed is None:
        return "the rows of each table are the same; the plugins can't read them before `tracepro migrate`"
    probes = "".join(
        f", and {count} {name} picked at random" for name, count in proof.probed.items() if count
    )
    return f"the rows of each table are the same{probes}"
