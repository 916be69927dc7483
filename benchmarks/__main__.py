"""``python -m benchmarks P1 P2 …``: runs rows of the table of goals and writes ``benchmarks/results.md``."""

from __future__ import annotations

import argparse
import sys
from importlib import import_module
from pathlib import Path
from time import perf_counter

from benchmarks import machine, results

ROWS = {
    "P1": "addop",
    "P2": "dispatch",
    "P3": "http",
    "P3b": "terminals",
    "P3c": "round_trips",
    "P4": "writers",
    "P5": "mixed",
    "P6": "size",
    "P7": "batch",
    "P8": "idle_plugins",
    "P9": "endurance",
    "P10": "plant_file",
    "P11": "pages",
}
MORE = {"growth": "growth", "scale": "scale"}
"""What has a page of its own and runs only when it is named."""


def main() -> int:
    """Run what is named on the command line, all rows without any; exit code 1 when a goal is missed."""
    arguments = _arguments()
    begun = perf_counter()
    found = [each for row in arguments.rows or ROWS for each in _run(row, arguments)]
    if not arguments.quick or arguments.output:
        results.write(found, arguments.output or results.FILE)
    print(machine.described())
    missed = [each.row for each in found if isinstance(each, results.Result) and each.reached is False]
    print(f"{perf_counter() - begun:.0f} s; missed: {', '.join(missed) or 'none'}")
    return 1 if missed and not arguments.quick else 0


def _arguments() -> argparse.Namespace:
    every = {**ROWS, **MORE}
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("rows", nargs="*", metavar="ROW", help=f"any of {', '.join(every)}; none for all P")
    parser.add_argument("--quick", action="store_true", help="few calls and small sizes; writes nothing")
    parser.add_argument(
        "--database", help="a PostgreSQL url for the rows that want one; a scratch server otherwise"
    )
    parser.add_argument("--base", help="an older revision of this repository, for what is compared with it")
    parser.add_argument("--minutes", type=float, default=60, help="how long P9 loads a server")
    parser.add_argument(
        "--output", type=Path, help=f"the page that is written; {results.FILE.name} otherwise"
    )
    arguments = parser.parse_args()
    if unknown := [row for row in arguments.rows if row not in every]:
        parser.error(f"there is no row {', '.join(unknown)}; choose from {', '.join(every)}.")
    return arguments


def _run(row: str, arguments: argparse.Namespace) -> list[results.Found]:
    begun = perf_counter()
    found: list[results.Found] = import_module(f"benchmarks.{({**ROWS, **MORE})[row]}").run(arguments)
    for each in found:
        print(each.line() if isinstance(each, results.Result) else each.text(), flush=True)
    print(f"{row} took {perf_counter() - begun:.0f} s", file=sys.stderr)
    return found


if __name__ == "__main__":
    sys.exit(main())
