"""Which plugins run where: the site's set and the set of each line, requirements checked in each."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path

from tracepro.config.settings import Settings
from tracepro.findings import Findings
from tracepro.plugin.contributions import ask_register_hook
from tracepro.plugin.loaded import LoadedPlugin

Requirements = Mapping[str, tuple[str, ...]]


def requirements_of(plugins: Iterable[LoadedPlugin], findings: Findings) -> dict[str, tuple[str, ...]]:
    """Return the names each plugin requires."""
    return {plugin.name: tuple(ask_register_hook(plugin, "requirements", findings)) for plugin in plugins}


def check_sets(settings: Settings, requires: Requirements, findings: Findings) -> None:
    """Find plugins that miss a required one on the site or on a line, and lines that go beyond the site."""
    file = settings.plugins_file
    _check_required(settings.enabled, requires, "[plugins] enabled", file, findings)
    for line, names in settings.lines.items():
        _check_subset(line, names, settings, findings)
        _check_required(names, requires, f"[line:{line}] plugins", file, findings)


def required_first(plugins: Iterable[LoadedPlugin], requires: Requirements) -> list[str]:
    """Return the names in order of plugins.ini, but each after those it requires."""
    names = [plugin.name for plugin in plugins]
    ordered: dict[str, None] = {}
    for name in names:
        _visit(name, requires, names, ordered, ())
    return list(ordered)


def _visit(
    name: str, requires: Requirements, names: list[str], ordered: dict[str, None], above: tuple[str, ...]
) -> None:
    if name in ordered or name in above or name not in names:
        return
    for needed in requires.get(name, ()):
        _visit(needed, requires, names, ordered, (*above, name))
    ordered[name] = None


def _check_required(
    names: Iterable[str], requires: Requirements, where: str, file: Path, findings: Findings
) -> None:
    present = set(names)
    for name in names:
        for needed in requires.get(name, ()):
            if needed not in present:
                findings.error(
                    f"Plugin {name} requires {needed}, which {where} of {file} doesn't have; add {needed} or "
                    f"take {name} out."
                )


def _check_subset(line: str, names: Iterable[str], settings: Settings, findings: Findings) -> None:
    for name in names:
        if name not in settings.enabled:
            findings.error(
                f"[line:{line}] of {settings.plugins_file} has plugin {name}, which [plugins] enabled doesn't "
                "have; a line's plugins are a subset of the site's: add it there or take it out here."
            )
