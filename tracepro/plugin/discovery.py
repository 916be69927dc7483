"""Finding the plugins that are installed and importing those that plugins.ini lists, no other."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from difflib import get_close_matches
from importlib.metadata import EntryPoint, entry_points
from importlib.util import find_spec
from pathlib import Path
from types import MappingProxyType

from tracepro.findings import Findings
from tracepro.plugin.loaded import LoadedPlugin

GROUP = "tracepro.plugins"
ALIKE = 0.8  # how much a name must look like another to be a slip of the keyboard


def installed() -> dict[str, list[EntryPoint]]:
    """Return the entry points of all installed plugins by name; two of one name are both there."""
    found: dict[str, list[EntryPoint]] = {}
    for entry in entry_points(group=GROUP):
        found.setdefault(entry.name, []).append(entry)
    return dict(sorted(found.items()))


def migration_folders(names: Iterable[str]) -> dict[str, Path]:
    """Return where installed plugins, enabled or not, have their migrations; the plugins themselves are not imported."""
    found: dict[str, Path] = {}
    for name, (entry, *_) in installed().items():
        spec = find_spec(entry.module) if name in names else None
        if spec is not None and spec.origin:
            found[name] = Path(spec.origin).parent / "migrations"
    return found


def load(
    names: Sequence[str],
    file: Path,
    findings: Findings,
    extra: Mapping[str, object] | None = None,
    loaded_before: Mapping[str, LoadedPlugin] = MappingProxyType({}),
) -> list[LoadedPlugin]:
    """Import the named plugins in this order; who can't be loaded is a finding and left out.

    ``extra`` gives plugin objects by name; they stand before installed ones. Those ``loaded_before`` are not looked for.
    """
    ready = {**loaded_before, **_given(extra or {})}
    found = installed() if any(name not in ready for name in names) else {}
    loaded = [ready.get(name) or _import_installed(name, found, file, findings) for name in names]
    return [plugin for plugin in loaded if plugin is not None]


def _given(extra: Mapping[str, object]) -> dict[str, LoadedPlugin]:
    return {name: LoadedPlugin.from_object(name, plugin) for name, plugin in extra.items()}


def _import_installed(
    name: str, found: Mapping[str, list[EntryPoint]], file: Path, findings: Findings
) -> LoadedPlugin | None:
    entries = found.get(name, [])
    if not entries:
        findings.error(_not_installed(name, found, file))
    elif len(entries) > 1:
        findings.error(_twice(name, entries))
    else:
        return _import(entries[0], file, findings)
    return None


def _import(entry: EntryPoint, file: Path, findings: Findings) -> LoadedPlugin | None:
    try:
        return LoadedPlugin.from_entry_point(entry)
    except (Exception, SystemExit) as error:
        findings.error(
            f"Plugin {entry.name} of {_provider(entry)} can't be imported: {type(error).__name__}: {error}; "
            f"fix it, or take it out of [plugins] enabled in {file}."
        )
        return None


def _not_installed(name: str, found: Iterable[str], file: Path) -> str:
    near = get_close_matches(name, found, 1, ALIKE)
    misspelt = f" Or did you mean {near[0]}?" if near else ""
    return (
        f"Plugin {name} is enabled in {file} but not installed; install it (pip install tracepro-{name}) or take "
        f"it out.{misspelt}"
    )


def _twice(name: str, entries: Iterable[EntryPoint]) -> str:
    providers = " and ".join(sorted(_provider(entry) for entry in entries))
    return f"Plugin {name} is provided by two distributions, {providers}; uninstall one of them."


def _provider(entry: EntryPoint) -> str:
    return f"{entry.dist.name} {entry.dist.version}" if entry.dist else entry.value
