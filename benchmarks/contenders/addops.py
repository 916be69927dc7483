"""Recording operations with whatever state of the repository PYTHONPATH names: run as a script, see ``benchmarks/older.py``.

``units URL COUNT`` makes a plant with units and prints their ids. ``rounds URL CALLS ROUNDS`` makes one too, prints ``done``, and
for each line it is sent records CALLS operations and prints ``done`` again.
"""

import itertools
import sys

from benchmarks.scene import PLANT, Scene

PLUGINS = ("workplaces", "workers", "orders", "items")
WHERE = {"op": 10, "act": 1, "wp_id": PLANT.workplace(1, 1), "workers": [1]}


def main() -> None:
    """Do what the command line says."""
    command, url, *numbers = sys.argv[1:]
    if command == "units":
        scene, units = _made(url, int(numbers[0]))
        print(*units)
    else:
        calls, rounds = map(int, numbers)
        scene, units = _made(url, calls * (rounds + 1))
        waiting = iter(units)
        print("done", flush=True)
        for _ in sys.stdin:
            for unit in itertools.islice(waiting, calls):
                scene.call("addop", {"item_id": unit, **WHERE})
            print("done", flush=True)
    scene.close()


def _made(url: str, count: int) -> tuple[Scene, list[int]]:
    scene = Scene(url, PLUGINS, plant=PLANT.file())
    return scene, scene.units(scene.order("VP-1"), count)


if __name__ == "__main__":
    main()
