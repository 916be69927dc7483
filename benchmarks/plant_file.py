"""P10: ``tracepro import`` of a plant file with a million rows; it shows a progress bar of its own."""

from __future__ import annotations

import json
import subprocess
from argparse import Namespace
from time import perf_counter

from benchmarks.results import Found, at_most
from benchmarks.scene import PLANT, PLUGINS, Folder, Scene
from tracepro.testing.server import COMMAND, Server, write_ini

ROWS = 1_000_000


def run(arguments: Namespace) -> list[Found]:
    """Import lots of material into a plant that is there already."""
    rows = 5_000 if arguments.quick else ROWS
    with Folder() as folder:
        Scene(folder.url("imported"), PLUGINS, plant=PLANT.file()).close()
        write_ini(folder.path / "plugins.ini", {"plugins": {"enabled": PLUGINS}})
        write_ini(folder.path / "parameters.ini", {})
        lots = [{"mat_item": f"M{n % 500:03}", "mat_lot": f"LOT-{n:07}", "amount": 5000} for n in range(rows)]
        file = folder.path / "lots.json"
        file.write_text(json.dumps({"lots": lots}))
        environment = Server(folder.path, folder.url("imported")).environment
        begun = perf_counter()
        subprocess.run([*COMMAND, "import", str(file)], cwd=folder.path, env=environment, check=True)
        seconds = perf_counter() - begun
    figures = f"{rows / seconds:.0f} rows/s, {rows} rows"
    return [at_most("P10", f"import of {rows} rows", seconds, 120, figures, " s")]
