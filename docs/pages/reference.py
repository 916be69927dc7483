"""docs/reference.md: the plugins with their READMEs, where the rest about each is, and the commands."""

from __future__ import annotations

from collections.abc import Iterator

from pages.declared import Plugin, plugins
from pages.markdown import MADE, linked, readme, table
from tracepro.reserved import COMMANDS

INTRODUCTION = """\
What every plugin is for, how it is set up and how it works is in its README. What it declares is on pages of one kind:

| | |
|---|---|
| [methods.md](methods.md) | every method with the parameter that names its line, its scope, its result and its rules; every REST route |
| [settings.md](settings.md) | every option of `plugins.ini` and every parameter of `parameters.ini` with its default |
| [plant.md](plant.md) | the plant file, section by section |
| [codes.md](codes.md) | every code of a refusal or an error |
| [constants.md](constants.md) | the numbers and flags that stand for something: types, states, results |
| [hooks.md](hooks.md), [public.md](public.md) | every hook and what else a plugin may use, for authors of plugins |
"""


def page() -> str:
    """Return the page."""
    return "\n".join(
        [
            "# Reference\n",
            MADE,
            INTRODUCTION,
            "## Plugins\n",
            table(("plugin", "what it is", "requires", "more"), map(_plugin, plugins())),
            "## Commands\n\n`tracepro COMMAND --help` has their arguments.\n",
            table(("command", "plugin", "what it does"), _commands()),
        ]
    )


def _plugin(plugin: Plugin) -> tuple[str, str, str, str]:
    needed = " ".join(readme(name) for name in plugin.declared("requirements"))
    return readme(plugin.name), plugin.sentence, needed, " · ".join(_pages(plugin))


def _pages(plugin: Plugin) -> Iterator[str]:
    if plugin.declared("methods") or plugin.declared("routes"):
        yield linked("methods.md", plugin.name, "methods")
    if plugin.declared("options") or plugin.declared("parameters"):
        yield linked("settings.md", plugin.name, "settings")
    for section in plugin.declared("plant_sections"):
        yield linked("plant.md", section.name, f"`{section.name}`")


def _commands() -> Iterator[tuple[str, str, str]]:
    yield from ((f"`tracepro {name}`", "", meaning) for name, meaning in COMMANDS.items())
    for plugin in plugins():
        for command in plugin.declared("commands"):
            yield f"`tracepro {command.name}`", readme(plugin.name), command.help
