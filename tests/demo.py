"""The demo plant as ``make run`` serves it: with the plugins.ini and parameters.ini of the repository."""

import json
from pathlib import Path

from tracepro.config.settings import Settings
from tracepro.findings import Findings

ROOT = Path(__file__).parents[1]
EXAMPLES = ROOT / "examples"


def plant_file():
    """Return the plant file of the examples."""
    return json.loads((EXAMPLES / "plant.json").read_text())


def make_demo(make_plant, *further, **values):
    """Make the demo plant, with ``further`` plugins on it; ``values`` are those of ``make_plant``."""
    files = {name: str(ROOT / f"{name}.ini") for name in ("plugins", "parameters")}
    found = Findings()
    settings = Settings.read(found, {f"TRACEPRO_{name.upper()}": file for name, file in files.items()})
    assert not list(found)
    parameters = {section: dict(keys) for section, keys in settings.parameters.items()}
    parameters["site"]["docs_allowed_paths"] = [ROOT / parameters["site"]["docs_allowed_paths"]]
    parameters["stddocs"] = {name: ROOT / file for name, file in parameters["stddocs"].items()}
    options = {f"{name}@{line}" if line else name: keys for (name, line), keys in settings.options.items()}
    plugins = (*settings.enabled, *further)
    return make_plant(
        plugins, plant_file(), lines=settings.lines, options=options, parameters=parameters, **values
    )
