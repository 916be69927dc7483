"""``python -m benchmarks.soak``: lets a plant live for an hour on SQLite or PostgreSQL; exit code 1 when a limit is broken.

An hour or more is kept in ``benchmarks/soaked`` and written to ``docs/soak.md`` and ``results.md``; anything, with ``--output``, to
that folder; less is only shown.
"""

from __future__ import annotations

import argparse
import math
import shutil
import sys
from dataclasses import replace
from functools import partial
from pathlib import Path

from benchmarks import machine, results
from benchmarks.postgresql import empty_database
from benchmarks.scene import Folder
from benchmarks.soak import report
from benchmarks.soak.life import Plan, run
from benchmarks.soak.record import Record

WHOLE = 60
"""Minutes from which it is a page of the documentation."""


def main() -> int:
    """Run a soak, say what was found, and keep it."""
    arguments = _arguments()
    with Folder() as folder:
        soaked = replace(_soaked(arguments, folder), run=results.run_of_now(), machine=machine.described())
        if arguments.log:
            shutil.copy(folder.path / "server.log", arguments.log)
    _keep(soaked, arguments)
    print(*(limit.sentence for limit in soaked.limits), sep="\n")
    return 1 if any(limit.kept is False for limit in soaked.limits) else 0


def _soaked(arguments: argparse.Namespace, folder: Folder) -> Record:
    plan = partial(
        Plan,
        folder=folder.path,
        seconds=arguments.minutes * 60,
        rate=arguments.rate,
        warming=arguments.warming,
        faults=arguments.faults,
    )
    if arguments.database == "sqlite":
        return run(plan(folder.url("soaked")))
    arguments.database = None if arguments.database == "postgresql" else arguments.database
    with empty_database(arguments) as url:
        return run(plan(url))


def _keep(soaked: Record, arguments: argparse.Namespace) -> None:
    if arguments.output:
        soaked.write(arguments.output)
        report.write(arguments.output, arguments.output)
    elif arguments.minutes >= WHOLE:
        soaked.write(report.KEPT)
        results.write(report.rows(report.write(report.DOCS, report.KEPT)))


def positive(text: str) -> float:
    """Return a number above 0. Raises ValueError or ArgumentTypeError."""
    number = float(text)
    if not 0 < number < math.inf:
        raise argparse.ArgumentTypeError(f"it must be above 0, not {text}")
    return number


def database(text: str) -> str:
    """Return a kind of database, or a url of PostgreSQL. Raises ArgumentTypeError."""
    if text in ("sqlite", "postgresql") or text.startswith(("postgresql://", "postgres://")):
        return text
    raise argparse.ArgumentTypeError(f"it must be sqlite, postgresql or postgresql://..., not {text}")


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.soak", description=__doc__)
    parser.add_argument(
        "--database",
        type=database,
        default="sqlite",
        help="sqlite, postgresql (a scratch server), or its url",
    )
    parser.add_argument("--minutes", type=positive, default=WHOLE, help="how long the plant lives")
    parser.add_argument("--rate", type=positive, default=40, help="calls a second of all people together")
    parser.add_argument(
        "--warming", type=int, default=230_000, help="operations that are recorded beforehand"
    )
    parser.add_argument(
        "--faults", action="store_true", help="kill the worker now and then instead of reloading"
    )
    parser.add_argument("--log", type=Path, help="where to leave the server's log")
    parser.add_argument("--output", type=Path, help="the folder for page, picture and figures")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
