"""What the plugins of this repository declare."""

from __future__ import annotations

import importlib
import inspect
import json
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path
from types import ModuleType
from typing import Any

from tracepro.config.settings import Settings
from tracepro.findings import Findings
from tracepro.plugin.assembly import Assembly, assemble

PLUGINS = Path(__file__).parents[2] / "plugins"


@dataclass(frozen=True)
class Plugin:
    """A plugin by its folder."""

    folder: Path

    @property
    def name(self) -> str:
        """Return its name."""
        return self.folder.name

    @property
    def has_api(self) -> bool:
        """Return True where other plugins may use something of it."""
        return (self.folder / f"tracepro_{self.name}" / "api.py").exists()

    @property
    def package(self) -> ModuleType:
        """Return its package."""
        return importlib.import_module(f"tracepro_{self.name}")

    @property
    def sentence(self) -> str:
        """Return what it is, in a sentence."""
        return inspect.getdoc(self.package) or ""

    @cached_property
    def fragment(self) -> dict[str, Any]:
        """Return its schema file, empty where it has none."""
        file = self.folder / f"tracepro_{self.name}" / "schemas" / f"{self.name}.json"
        return json.loads(file.read_text("utf-8")) if file.exists() else {}

    def declared(self, what: str) -> list[Any]:
        """Return what its hook ``tracepro_register_<what>`` returns."""
        module = importlib.import_module(f"tracepro_{self.name}.plugin")
        hook = getattr(module, f"tracepro_register_{what}", None)
        return hook() if hook else []


@cache
def assembly() -> Assembly:
    """Return all of them put together as a site has them, with no options and parameters set."""
    findings = Findings()
    assembled = assemble(Settings.of([plugin.name for plugin in plugins()]), findings)
    findings.stop_on_error()
    return assembled


def plugins() -> Iterator[Plugin]:
    """Yield the plugins by name."""
    for folder in sorted(PLUGINS.iterdir()):
        if (folder / "setup.cfg").exists():
            yield Plugin(folder)
