"""The values of options: a line's own, else the site's, else the default."""

from __future__ import annotations

from collections.abc import Container, Iterable, Mapping
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from tracepro.config.settings import OptionKey, Settings
from tracepro.config.values import typed
from tracepro.findings import Findings
from tracepro_hookspecs import Option

Declared = Mapping[str, Mapping[str, Option]]


class Options:
    """Typed options by plugin and line; looking one up is two dictionary accesses."""

    def __init__(self, values: Mapping[OptionKey, Mapping[str, Any]]) -> None:
        self._values = values

    def value(self, plugin: str, name: str, line: str | None) -> Any:
        """Return an option's value on a line; KeyError for one that no enabled plugin declares."""
        values = self._values.get((plugin, line))
        return (self._values[plugin, None] if values is None else values)[name]

    @property
    def lines(self) -> set[str]:
        """The lines that have options of their own."""
        return {line for _, line in self._values if line is not None}


def read_options(
    settings: Settings,
    declared: Iterable[tuple[str, Option]],
    findings: Findings,
    unloaded: Container[str] = (),
) -> Options:
    """Return the options of the enabled plugins; unknown keys and wrong values are findings.

    What the ``unloaded`` plugins declare isn't known, so nothing is said about their sections.
    """
    by_plugin: dict[str, dict[str, Option]] = {name: {} for name in settings.enabled}
    for plugin, option in declared:
        by_plugin[plugin][option.name] = option
    values: dict[OptionKey, dict[str, Any]] = {
        (name, None): {option.name: option.default for option in options.values()}
        for name, options in by_plugin.items()
    }
    for key in sorted(settings.options, key=lambda key: (key[1] is not None, key)):
        if key[0] in unloaded:
            continue
        if key[0] in by_plugin:
            values[key] = {**values[key[0], None], **_section(settings, key, by_plugin[key[0]], findings)}
        else:
            findings.warning(_not_enabled(settings, key))
    return Options(values)


def _section(
    settings: Settings, key: OptionKey, options: Mapping[str, Option], findings: Findings
) -> dict[str, Any]:
    values: dict[str, Any] = {}
    for name, text in settings.options[key].items():
        if name in options:
            _read(settings.plugins_file, key, options[name], text, values, findings)
        else:
            findings.error(_unknown(settings.plugins_file, key, name, options))
    return values


def _read(
    file: Path, key: OptionKey, option: Option, text: Any, values: dict[str, Any], findings: Findings
) -> None:
    try:
        value = typed(option.kind, text, file.parent)
        values[option.name] = value if option.parse is None else option.parse(value)
    except ValueError as error:
        findings.error(f"{file} {section_name(key)} {option.name}: {error}. {option.meaning}")


def section_name(key: OptionKey) -> str:
    """Return the section of plugins.ini that holds a plugin's options, on a line or for the site."""
    plugin, line = key
    return f"[plugin:{plugin}]" if line is None else f"[plugin:{plugin}@{line}]"


def _unknown(file: Path, key: OptionKey, name: str, options: Iterable[str]) -> str:
    return f"{file} {section_name(key)} has an unknown option {name}; {did_you_mean(name, options)}"


def did_you_mean(name: str, known: Iterable[str]) -> str:
    """Say what may be written instead of an unknown key."""
    known = sorted(known)
    near = get_close_matches(name[:80], known, 1)
    if near:
        return f"did you mean {near[0]}?"
    return f"the keys are {', '.join(known)}." if known else "it has no keys; take it out."


def _not_enabled(settings: Settings, key: OptionKey) -> str:
    return (
        f"{settings.plugins_file} {section_name(key)} is for a plugin that isn't enabled; it has no effect "
        "until [plugins] enabled has it."
    )
