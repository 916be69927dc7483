"""``python -m examples.generator plant|calls|fill``: a plant file, its calls as JSON lines, a filled database."""

from __future__ import annotations

import argparse
import json
import sys

from tqdm import tqdm

from examples.generator.plant import Plant
from examples.generator.play import json_lines
from examples.generator.production import Production


def main() -> int:
    """Run one of the commands."""
    parser = argparse.ArgumentParser(prog="python -m examples.generator", description=__doc__)
    parser.add_argument(
        "--seed", type=int, default=1, help="the same seed gives the same plant and the same calls"
    )
    parser.add_argument("--lines", type=int, default=3, help="how many lines the plant has")
    commands = parser.add_subparsers(dest="command", required=True)
    commands.add_parser("plant", help="print a plant file for tracepro import")
    calls = commands.add_parser("calls", help="print the calls of a production as JSON lines")
    calls.add_argument("--units", type=int, default=30, help="units of each order")
    calls.add_argument("--orders", type=int, default=3)
    fill = commands.add_parser("fill", help="fill an empty database with a history")
    fill.add_argument("--database", required=True, help="sqlite:///FILE or postgresql://…")
    fill.add_argument("--units", type=int, default=10_000, help="with ten times as many operations")
    arguments = parser.parse_args()
    return _COMMANDS[arguments.command](Plant(arguments.seed, arguments.lines), arguments)


def _plant(plant: Plant, arguments: argparse.Namespace) -> int:
    json.dump(plant.file(), sys.stdout, indent=1)
    return 0


def _calls(plant: Plant, arguments: argparse.Namespace) -> int:
    for line in json_lines(Production(plant, arguments.units, arguments.orders).calls()):
        print(line)
    return 0


def _fill(plant: Plant, arguments: argparse.Namespace) -> int:
    from examples.generator.fill import fill

    with tqdm(unit="copies", file=sys.stderr) as bar:
        first = min(arguments.units, 900)
        filled = fill(arguments.database, plant, arguments.units, first=first, progress=bar.update)
    print(f"{filled.units} units, {filled.operations} operations")
    return 0


_COMMANDS = {"plant": _plant, "calls": _calls, "fill": _fill}

if __name__ == "__main__":
    sys.exit(main())
