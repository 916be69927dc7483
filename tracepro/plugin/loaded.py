"""A plugin that was found and imported."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from importlib.metadata import EntryPoint
from pathlib import Path
from types import ModuleType
from typing import Any

import orjson


@dataclass(frozen=True, eq=False)
class LoadedPlugin:
    """A plugin with where it comes from: ``plugin`` holds its hooks, ``fragment`` is its OpenRPC fragment, ``folder`` its package's.

    It is equal to itself only, so that what is made of it can be kept by it.
    """

    name: str
    plugin: object
    package: str = ""
    dist: str = ""
    version: str = ""
    fragment: Mapping[str, Any] = field(default_factory=dict)
    migrations: Path | None = None
    folder: Path | None = None

    @property
    def source(self) -> str:
        """The plugin's name with the distribution that brings it, for sentences."""
        return f"{self.name} ({self.dist} {self.version})" if self.dist else self.name

    @classmethod
    def from_entry_point(cls, entry: EntryPoint) -> LoadedPlugin:
        """Import the plugin of an entry point and read its fragment. Raises whatever its import raises."""
        module = entry.load()
        package = entry.module.partition(".")[0]
        folder = _folder(module)
        return cls(
            name=entry.name,
            plugin=module,
            package=package,
            dist=entry.dist.name if entry.dist else package,
            version=entry.dist.version if entry.dist else "",
            fragment=_fragment(folder / "schemas" / f"{entry.name}.json"),
            migrations=_existing(folder / "migrations"),
            folder=folder,
        )

    @classmethod
    def from_object(cls, name: str, plugin: object) -> LoadedPlugin:
        """Return the plugin that an object with hooks is; tests give their own, with a ``fragment`` or without."""
        return cls(name, plugin, fragment=getattr(plugin, "fragment", {}))


def _folder(module: ModuleType) -> Path:
    file = getattr(module, "__file__", None)
    return Path(file).parent if file else Path()


def _fragment(file: Path) -> Mapping[str, Any]:
    if not file.exists():
        return {}
    try:
        fragment: Mapping[str, Any] = orjson.loads(file.read_bytes())
    except ValueError as error:
        raise ValueError(f"{file} is not JSON: {error}") from None
    return fragment


def _existing(folder: Path) -> Path | None:
    return folder if folder.is_dir() else None
