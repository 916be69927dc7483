"""What a reload would change: the files as they are now beside what runs."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from tracepro.config.options import section_name
from tracepro.config.settings import Settings
from tracepro.findings import Findings
from tracepro.inspection.site import site_of
from tracepro.site import Site
from tracepro_hookspecs import Call

LARGEST = 1_000_000
"""Bytes of a file that is still read."""
MOST = 200
"""Sentences at most."""
Sections = Mapping[str, Mapping[str, Any]]


def reload_changes(call: Call) -> list[str]:
    """Return a sentence for each thing that a reload of the files would change, at most 200; empty where it changes nothing.

    Values are told of public parameters only; of all else that they change. What is wrong with the files is told too, as far
    as reading shows it; ``tracepro check`` finds the rest.
    """
    site = site_of(call)
    running = site.settings
    large = [file for file in (running.plugins_file, running.parameters_file) if _is_large(file)]
    if large:
        return [f"{large[0]} is larger than {LARGEST} bytes and is not compared here."]
    findings = Findings()
    written = Settings.read(findings)
    if findings.errors:
        return [f"A reload would be refused: {finding.info}" for finding in findings.errors[:MOST]]
    return [*_changes(site, running, written)][:MOST]


def _is_large(file: Path) -> bool:
    return file.is_file() and file.stat().st_size > LARGEST


def _changes(site: Site, running: Settings, written: Settings) -> Iterator[str]:
    yield from _plugins("", running.enabled, written.enabled)
    for line in sorted(running.lines.keys() | written.lines.keys()):
        before, after = (each.lines.get(line, each.enabled) for each in (running, written))
        yield from _plugins(f" on line {line}", before, after)
    for section, name in _differing(_options(running), _options(written)):
        yield f"{section} {name} changes."
    for section, name in _differing(running.parameters, written.parameters):
        yield f"[{section}] {name} {_told(site, running, written, section, name)}."
    yield from _versions(site)


def _plugins(where: str, before: Collection[str], after: Collection[str]) -> Iterator[str]:
    for name in after:
        if name not in before:
            yield f"Plugin {name} is switched on{where}."
    for name in before:
        if name not in after:
            yield f"Plugin {name} is switched off{where}."
    if set(before) == set(after) and list(before) != list(after):
        yield f"Plugins are asked in another order{where}: {' '.join(after)}."


def _options(settings: Settings) -> dict[str, Mapping[str, Any]]:
    return {section_name(key): values for key, values in settings.options.items()}


def _differing(before: Sections, after: Sections) -> Iterator[tuple[str, str]]:
    """Yield section and name of what is written otherwise."""
    for section in sorted(before.keys() | after.keys()):
        was, will_be = before.get(section, {}), after.get(section, {})
        for name in sorted(was.keys() | will_be.keys()):
            if was.get(name) != will_be.get(name):
                yield section, name


def _told(site: Site, running: Settings, written: Settings, section: str, name: str) -> str:
    """Say that a parameter changes, and from what to what where everybody may know it."""
    if (section, name) not in _public(site):
        return "changes"
    was, will_be = (each.parameters.get(section, {}).get(name) for each in (running, written))
    return f"changes from {_written(was)} to {_written(will_be)}"


def _public(site: Site) -> set[tuple[str, str]]:
    declared: Iterable[Any] = (each.declaration for each in site.contributions.parameters.values())
    return {(parameter.section, parameter.name) for parameter in declared if parameter.public}


def _written(text: object) -> str:
    return "its default" if text is None else f"{str(text)[:200]!r}"


def _versions(site: Site) -> Iterator[str]:
    """Tell of plugins that are installed in another version than runs."""
    for plugin in site.plugins:
        try:
            installed = version(plugin.dist) if plugin.dist else plugin.version
        except PackageNotFoundError:
            yield f"Plugin {plugin.name} is not installed any more; a reload would be refused."
            continue
        if installed != plugin.version:
            yield f"Plugin {plugin.name} becomes version {installed}; {plugin.version} runs."
