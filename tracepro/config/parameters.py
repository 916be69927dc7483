"""The values of parameters.ini, typed and parsed by what declares each key."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from tracepro.config.options import known_instead
from tracepro.config.settings import Settings
from tracepro.config.values import typed
from tracepro.findings import Findings
from tracepro_hookspecs import Parameter

Key = tuple[str, str]


def read_parameters(settings: Settings, declared: Iterable[Parameter], findings: Findings) -> dict[Key, Any]:
    """Returns the parsed value of every declared parameter; unknown keys and wrong values are findings."""
    by_key = {(one.section, one.name): one for one in declared}
    values = {key: _parsed(one, one.default, Path.cwd()) for key, one in by_key.items()}
    for section, keys in settings.parameters.items():
        for name, text in keys.items():
            parameter = by_key.get((section, name))
            if parameter is None:
                findings.error(_unknown(settings.parameters_file, section, name, by_key))
            else:
                _read(settings.parameters_file, parameter, text, values, findings)
    return values


def _read(file: Path, parameter: Parameter, text: Any, values: dict[Key, Any], findings: Findings) -> None:
    try:
        values[parameter.section, parameter.name] = _parsed(parameter, text, file.parent)
    except ValueError as error:
        findings.error(f"{file} [{parameter.section}] {parameter.name} {error}. {parameter.meaning}")


def _parsed(parameter: Parameter, text: Any, base: Path) -> Any:
    value = None if text is None else typed(parameter.kind, text, base)
    return parameter.parse(value) if parameter.parse else value


def _unknown(file: Path, section: str, name: str, known: Mapping[Key, Any]) -> str:
    names = [other for its, other in known if its == section]
    if not names:
        sections = sorted({its for its, _ in known})
        return f"{file} has an unknown section [{section}]; known are {', '.join(f'[{its}]' for its in sections)}."
    return f"{file} [{section}] has an unknown key {name}; {known_instead(name, names)}"
