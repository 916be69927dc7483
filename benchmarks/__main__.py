"""``python -m benchmarks P1 P2 …``: runs rows of the table of goals and writes ``benchmarks/results.md``."""

from __future__ import annotations

import argparse
import sys
from importlib import import_module
from pathlib import Path
from time import perf_counter

from benchmarks import results

ROWS = {
    "P1": "addop",
    "P2": "dispatch",
    "P3": "http",
    "P4": "writers",
    "P5": "mixed",
    "P6": "size",
    "P7": "batch",
    "P8": "idle_plugins",
}


def main() -> int:
    """Run the rows named on the command line, all without any; exit code 1 when a goal is missed."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("rows", nargs="*", metavar="ROW", help=f"any of {', '.join(ROWS)}; none for all")
    parser.add_argument(
        "--full", action="store_true", help="the sizes of the goals (P6: a million units), not small ones"
    )
    parser.add_argument(
        "--database", help="a PostgreSQL url for the rows that want one; a scratch server otherwise"
    )
    parser.add_argument("--output", default=results.FILE, type=Path, help="the table that is written")
    arguments = parser.parse_args()
    unknown = [row for row in arguments.rows if row not in ROWS]
    if unknown:
        parser.error(f"there is no row {', '.join(unknown)}; choose from {', '.join(ROWS)}.")
    found = [result for row in arguments.rows or ROWS for result in _run(row, arguments)]
    results.write(found, arguments.output)
    return 0 if all(result.reached for result in found) else 1


def _run(row: str, arguments: argparse.Namespace) -> list[results.Result]:
    begun = perf_counter()
    print(f"{row} …", file=sys.stderr)
    found = import_module(f"benchmarks.{ROWS[row]}").run(arguments)
    for result in found:
        print(result.line())
    print(f"{row} took {perf_counter() - begun:.0f} s", file=sys.stderr)
    return found


if __name__ == "__main__":
    sys.exit(main())
