"""The values of parameters.ini, typed and parsed by what declares each key."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from tracepro.config.options import did_you_mean
from tracepro.config.settings import Settings
from tracepro.config.values import typed
from tracepro.findings import Findings
from tracepro_hookspecs import Parameter

Key = tuple[str, str]
Declared = Mapping[Key, Parameter]


def read_parameters(
    settings: Settings, declared: Iterable[Parameter], findings: Findings, *, complete: bool = True
) -> dict[Key, Any]:
    """Return the parsed value of every declared parameter; unknown keys and wrong values are findings.

    The value of an open section, under ``*``, is a dict of what the site wrote there. Where plugins could not be loaded,
    ``declared`` isn't ``complete``, and an unknown key may be one of theirs.
    """
    by_key = {(parameter.section, parameter.name): parameter for parameter in declared}
    if complete:
        _find_unknown(settings, by_key, findings)
    return {key: _read(settings, parameter, findings) for key, parameter in by_key.items()}


def _read(settings: Settings, parameter: Parameter, findings: Findings) -> Any:
    file = settings.parameters_file
    values = {
        name: _value(file, parameter, name, text, findings)
        for name, text in _texts(settings, parameter).items()
    }
    return values if parameter.opens_section else values[parameter.name]


def _texts(settings: Settings, parameter: Parameter) -> Mapping[str, Any]:
    """Return what the site wrote by name, or the default: all names of an open section, else the parameter's own."""
    written = settings.parameters.get(parameter.section, {})
    if parameter.opens_section:
        return written
    return {parameter.name: written.get(parameter.name, parameter.default)}


def public_values(settings: Settings, declared: Iterable[Parameter]) -> dict[str, dict[str, Any]]:
    """Return the values of public parameters as JSON, by section and name; texts that read_parameters has taken.

    They are typed and not parsed: a time zone is its name.
    """
    shown: dict[str, dict[str, Any]] = {}
    for parameter in declared:
        if parameter.public:
            section = shown.setdefault(parameter.section, {})
            section |= {
                name: _shown(settings, parameter, text) for name, text in _texts(settings, parameter).items()
            }
    return shown


def _shown(settings: Settings, parameter: Parameter, text: Any) -> Any:
    value = None if text is None else typed(parameter.kind, text, settings.parameters_file.absolute().parent)
    if isinstance(value, list):
        return [str(each) for each in value]
    return str(value) if isinstance(value, Path) else value


def _value(file: Path, parameter: Parameter, name: str, text: Any, findings: Findings) -> Any:
    if text is None:
        return None
    try:
        value = typed(parameter.kind, text, file.absolute().parent)
        return parameter.parse(value) if parameter.parse else value
    except Exception as error:
        said = str(error) if isinstance(error, ValueError) else f"{type(error).__name__}: {error}"
        where = f"{file} [{parameter.section}] {name}"
        findings.error(f"{where}: {said.rstrip('.')}. {parameter.meaning}")
        return None


def _find_unknown(settings: Settings, known: Declared, findings: Findings) -> None:
    opened = {parameter.section for parameter in known.values() if parameter.opens_section}
    for section, keys in sorted(settings.parameters.items()):
        for name in sorted(keys) if section not in opened else ():
            if (section, name) not in known:
                findings.error(_unknown(settings.parameters_file, section, name, known))


def _unknown(file: Path, section: str, name: str, known: Iterable[Key]) -> str:
    names = [other for its, other in known if its == section]
    if not names:
        sections = sorted({its for its, _ in known})
        return f"{file} has an unknown section [{section}]; the sections are {', '.join(f'[{its}]' for its in sections)}."
    return f"{file} [{section}] has an unknown key {name}; {did_you_mean(name, names)}"
