"""Settings: what plugins.ini, parameters.ini and the environment say, before any plugin is asked."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tracepro.config.ini import Sections, read_ini
from tracepro.findings import Findings

OptionKey = tuple[str, str | None]
Words = tuple[str, ...]
Lines = Mapping[str, Words]
Options = Mapping[OptionKey, Mapping[str, Any]]
_ABSENT: Mapping[str, str] = {}


@dataclass(frozen=True)
class Settings:
    """What the files say, untyped: plugins know the types of their own keys.

    ``lines`` gives the plugins of each ``[line:…]``; ``options`` the keys of ``[plugin:NAME]`` under
    ``(NAME, None)`` and of ``[plugin:NAME@LINE]`` under ``(NAME, LINE)``; ``database`` is the url of the
    environment, which wins over ``[database] url``; ``strict`` is the development mode of ``tracepro serve --strict``.
    """

    enabled: Words = ()
    lines: Lines = field(default_factory=dict)
    options: Options = field(default_factory=dict)
    parameters: Mapping[str, Mapping[str, Any]] = field(default_factory=dict, repr=False)
    database: str | None = field(default=None, repr=False)
    plugins_file: Path = Path("plugins.ini")
    parameters_file: Path = Path("parameters.ini")
    strict: bool = False

    @classmethod
    def of(
        cls,
        enabled: tuple[str, ...] | list[str],
        *,
        lines: Mapping[str, Iterable[str]] | None = None,
        options: Mapping[str, Mapping[str, Any]] | None = None,
        parameters: Mapping[str, Mapping[str, Any]] | None = None,
        database: str | None = None,
        strict: bool = False,
    ) -> Settings:
        """Make settings without files; options stand under ``"boxes"`` or ``"boxes@PACK-2"``."""
        keyed = {option_key(name): values for name, values in (options or {}).items()}
        sets = {name: tuple(plugins) for name, plugins in (lines or {}).items()}
        return cls(tuple(enabled), sets, keyed, parameters or {}, database, strict=strict)

    @classmethod
    def read(cls, findings: Findings, environ: Mapping[str, str] = os.environ) -> Settings:
        """Read the files that the environment names, else those of the working directory.

        What is wrong with them goes to ``findings``. A missing parameters.ini that nobody named is empty.
        """
        plugins_file = Path(environ.get("TRACEPRO_PLUGINS") or "plugins.ini").absolute()
        parameters_file = Path(environ.get("TRACEPRO_PARAMETERS") or "parameters.ini").absolute()
        sections = _plugins_sections(plugins_file, findings)
        optional = not environ.get("TRACEPRO_PARAMETERS") and not parameters_file.exists()
        parameters = {} if optional else read_ini(parameters_file, findings)
        return cls(
            *_plugins(plugins_file, sections, findings),
            parameters=parameters,
            database=environ.get("TRACEPRO_DATABASE") or None,
            plugins_file=plugins_file,
            parameters_file=parameters_file,
        )


def option_key(text: str) -> OptionKey:
    """Split ``boxes@PACK-2`` into plugin and line; without a line it is the site's."""
    plugin, found, line = text.partition("@")
    return plugin.strip(), line.strip() if found else None


def _plugins_sections(file: Path, findings: Findings) -> Sections:
    if not file.exists():
        findings.error(
            f"There is no {file}; write [plugins] enabled = … into it, or set TRACEPRO_PLUGINS to where it is."
        )
        return {}
    before = len(findings)
    sections = read_ini(file, findings)
    if "plugins" not in sections and len(findings) == before:
        findings.error(f"{file} has no section [plugins]; add it with enabled = the plugins that run.")
    return sections


def _check_not_empty(file: Path, enabled: Words, lines: Lines, findings: Findings) -> None:
    """Find that no plugin runs anywhere: such a server has no methods, and only a mistake asks for it."""
    if not enabled and not any(lines.values()) and not findings.errors:
        findings.error(f"{file} enables no plugin; name those that run in [plugins] enabled.")


def _plugins(file: Path, sections: Sections, findings: Findings) -> tuple[Words, Lines, Options]:
    enabled = _words(file, "plugins", "enabled", sections.get("plugins", _ABSENT), findings)
    lines: dict[str, Words] = {}
    options: dict[OptionKey, Mapping[str, str]] = {}
    for section, keys in sections.items():
        kind, _, name = section.partition(":")
        if kind == "line" and name:
            lines[name.strip()] = _words(file, section, "plugins", keys, findings)
        elif kind == "plugin" and name:
            options[option_key(name)] = keys
        elif section != "plugins":
            findings.error(
                f"{file} has a section [{section}] that means nothing; the sections are "
                "[plugins], [line:NAME], [plugin:NAME] and [plugin:NAME@LINE]."
            )
    _check_not_empty(file, enabled, lines, findings)
    return enabled, lines, options


def _words(file: Path, section: str, key: str, keys: Mapping[str, str], findings: Findings) -> Words:
    for other in keys.keys() - {key}:
        findings.error(
            f"{file} [{section}] has a key {other} that means nothing there; the only key is {key}."
        )
    if key not in keys and keys is not _ABSENT:
        findings.error(f"{file} [{section}] has no key {key}; add {key} = the plugins that run there.")
    words = keys.get(key, "").replace(",", " ").split()
    for word in sorted({word for word in words if words.count(word) > 1}):
        findings.error(f"{file} [{section}] {key} has {word} twice; leave one out.")
    return tuple(dict.fromkeys(words))
