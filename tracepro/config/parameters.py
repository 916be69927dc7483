"""The values of parameters.ini, typed and parsed by what declares each key."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

from tracepro.config.options import did_you_mean
from tracepro.config.settings import Settings
from tracepro.config.values import typed
from tracepro.findings import Findings
from tracepro_hookspecs import Parameter

Key = tuple[str, str]


def read_parameters(
    settings: Settings, declared: Iterable[Parameter], findings: Findings, *, complete: bool = True
) -> dict[Key, Any]:
    """Return the parsed value of every declared parameter; unknown keys and wrong values are findings.

    Where plugins could not be loaded, ``declared`` isn't ``complete``, and an unknown key may be one of theirs.
    """
    by_key = {(parameter.section, parameter.name): parameter for parameter in declared}
    written = {
        (section, name): text for section, keys in settings.parameters.items() for name, text in keys.items()
    }
    for section, name in sorted(written.keys() - by_key.keys()) if complete else ():
        findings.error(_unknown(settings.parameters_file, section, name, by_key))
    return {
        key: _value(settings.parameters_file, parameter, written.get(key, parameter.default), findings)
        for key, parameter in by_key.items()
    }


def _value(file: Path, parameter: Parameter, text: Any, findings: Findings) -> Any:
    if text is None:
        return None
    try:
        value = typed(parameter.kind, text, file.absolute().parent)
        return parameter.parse(value) if parameter.parse else value
    except Exception as error:
        said = str(error) if isinstance(error, ValueError) else f"{type(error).__name__}: {error}"
        where = f"{file} [{parameter.section}] {parameter.name}"
        findings.error(f"{where}: {said.rstrip('.')}. {parameter.meaning}")
        return None


def _unknown(file: Path, section: str, name: str, known: Iterable[Key]) -> str:
    names = [other for its, other in known if its == section]
    if not names:
        sections = sorted({its for its, _ in known})
        return f"{file} has an unknown section [{section}]; the sections are {', '.join(f'[{its}]' for its in sections)}."
    return f"{file} [{section}] has an unknown key {name}; {did_you_mean(name, names)}"
