"""``tracepro archive``: what is old out of the database into files, while the server serves, and found there again."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from pathlib import Path

from tqdm import tqdm

from tracepro import clock
from tracepro.archive import files, moving
from tracepro.archive.moving import Extent
from tracepro.archive.selection import Selection
from tracepro.cli.site import opened_site
from tracepro.cli.table import table
from tracepro.plugin.contributions import Registered
from tracepro.site import Site
from tracepro_hookspecs import Archive

HEAD = ("table", "plugin", "rows", "oldest", "newest", "what it is")
LONGEST = 36_500
Chosen = Sequence[Registered[Archive]]


def setup(parser: argparse.ArgumentParser) -> None:
    """Add the folder and what to do there."""
    parser.add_argument(
        "place", type=Path, metavar="FOLDER", help="where the files are; for --show one FILE will do"
    )
    action = parser.add_mutually_exclusive_group(required=True)
    action.add_argument("--older-than", type=int, metavar="DAYS", help="move rows older than this")
    action.add_argument(
        "--show", metavar="COLUMN=VALUE", help="print rows with this value, such as barcode=C7-000001"
    )
    parser.add_argument("--only", action="append", metavar="TABLE", help="this table alone; may be repeated")
    parser.add_argument("--plan", action="store_true", help="say what would be moved, and move nothing")


def run(arguments: argparse.Namespace) -> int:
    """Archive, say what would be, or print what was."""
    if arguments.show is not None:
        if arguments.only or arguments.plan:
            raise ValueError(
                "--show moves nothing and looks through all tables; leave --only and --plan out, or ask with --older-than."
            )
        return _show(arguments.place, arguments.show)
    with opened_site() as site:
        chosen = _chosen(site, arguments.only, arguments.older_than)
        before = site.clock() - arguments.older_than * clock.DAY
        counts = [moving.count(site.store, Selection(each.declaration, before)) for each in chosen]
        if arguments.plan:
            print(table(HEAD, [_plan_row(*each) for each in zip(chosen, counts, strict=True)]))
        else:
            _move(site, arguments.place.resolve(), chosen, before, sum(each.rows for each in counts))
    return 0


def _chosen(site: Site, only: Sequence[str] | None, days: int) -> Chosen:
    """Return the archives that are asked for. Raises ValueError for one that is unknown or has to stay longer."""
    archives = site.contributions.archives
    if unknown := sorted(set(only or ()) - archives.keys()):
        raise ValueError(
            f"No plugin lets {unknown[0]} be archived; choose from {', '.join(archives) or 'none'}."
        )
    chosen = [registered for name, registered in archives.items() if not only or name in only]
    least = max((registered.declaration.min_days for registered in chosen), default=1)
    if not least <= days <= LONGEST:
        raise ValueError(f"--older-than must be from {least} to {LONGEST} days here, not {days}.")
    return chosen


def _plan_row(registered: Registered[Archive], extent: Extent) -> tuple[str, ...]:
    ends = (extent.oldest, extent.newest)
    oldest, newest = ("" if tm is None else clock.text(tm) for tm in ends)
    archive = registered.declaration
    return archive.table, registered.plugin, str(extent.rows), oldest, newest, archive.meaning


def _move(site: Site, folder: Path, chosen: Chosen, before: int, rows: int) -> None:
    """Move and say what; each row counts twice on the bar, when it is written and when it is deleted."""
    some = False
    with files.locked(folder), tqdm(total=2 * rows, unit="rows", disable=not sys.stderr.isatty()) as bar:
        for registered in chosen:
            for manifest in moving.move(site, folder, registered, before, bar.update):
                some = True
                moved = f"{manifest.table}: {manifest.rows} rows from {manifest.oldest} to {manifest.newest}"
                tqdm.write(f"{moved} in {files.name_of(manifest)}")
    if not some:
        print("Nothing is that old.")


def _show(place: Path, wanted: str) -> int:
    """Print rows as JSON lines; 1 when there are none."""
    column, equals, value = wanted.partition("=")
    if not equals:
        raise ValueError(f"--show takes COLUMN=VALUE, such as barcode=C7-000001, not {wanted}.")
    found = False
    for row in files.find(place, column, value):
        found = True
        print(json.dumps(row, ensure_ascii=False))
    if not found:
        print(f"No row in {place} has {wanted}.", file=sys.stderr)
    return 0 if found else 1
