"""docs/settings.md: the options of plugins.ini and the parameters of parameters.ini, by plugin."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from pages.declared import Plugin, plugins
from pages.markdown import MADE, readme, table
from tracepro.config.core_parameters import PARAMETERS
from tracepro_hookspecs import Option, Parameter

INTRODUCTION = """\
**Options** stand in `plugins.ini`, in `[plugin:NAME]` or, for one line, in `[plugin:NAME@LINE]`: that of the call's line counts, else the
plugin's, else the default. **Parameters** stand in `parameters.ini` and are one for the plant; with the key `*` the site names the keys of
the section itself. A key that nobody declares stops the start.
"""


def page() -> str:
    """Return the page."""
    core = ["## core\n", _parameters(PARAMETERS)]
    sections = filter(None, map(_plugin, plugins()))
    return "\n".join(["# Options and parameters\n", MADE, INTRODUCTION, *core, *sections])


def _plugin(plugin: Plugin) -> str:
    parts = [_options(plugin), _parameters(plugin.declared("parameters"))]
    if not any(parts):
        return ""
    return "\n".join(
        [f"## {plugin.name}\n", f"{plugin.sentence} More: {readme(plugin.name)}.\n", *filter(None, parts)]
    )


def _options(plugin: Plugin) -> str:
    rows = ((f"`{option.name}`", _default(option), option.meaning) for option in plugin.declared("options"))
    return table((f"option of `[plugin:{plugin.name}]`", "default", "meaning"), rows)


def _parameters(parameters: Iterable[Parameter]) -> str:
    return table(("parameter", "default", "meaning"), _rows(parameters))


def _rows(parameters: Iterable[Parameter]) -> Iterator[tuple[str, str, str]]:
    for parameter in parameters:
        yield f"`[{parameter.section}] {parameter.name}`", _default(parameter), parameter.meaning


def _default(setting: Option | Parameter) -> str:
    return "" if setting.default in ("", None, {}, []) else f"`{setting.default}`"
