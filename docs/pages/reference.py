"""docs/reference.md: methods, routes, commands, options, parameters and codes of every plugin."""

from __future__ import annotations

import inspect
import json

from pages.declared import plugins
from pages.markdown import MADE, table
from tracepro.config.core_parameters import PARAMETERS

PARAMETERS_HEAD = ("key of `parameters.ini`", "default", "meaning")


def page():
    """Return the page."""
    parts = ["# Reference\n", MADE, "## core\n", table(PARAMETERS_HEAD, _parameters(PARAMETERS))]
    return "\n".join([*parts, *map(_plugin, plugins())])


def _plugin(plugin):
    parts = [
        f"## {plugin.name}\n",
        f"{inspect.getdoc(plugin.package)}\n",
        table(("method", "scope", "result and rules"), _methods(plugin)),
        table(("route", "scope", "what it does"), _routes(plugin)),
        table(("command", "what it does"), _commands(plugin)),
        table(("option of `plugins.ini`", "default", "meaning"), _options(plugin)),
        table(PARAMETERS_HEAD, _parameters(plugin.declared("parameters"))),
        table(("code", "meaning"), _codes(plugin)),
    ]
    return "\n".join(part for part in parts if part)


def _methods(plugin):
    specs = {spec["name"]: spec for spec in plugin.fragment.get("methods", ())}
    for method in plugin.declared("methods"):
        spec = specs.get(method.name, {})
        yield (
            f"`{method.name}({_arguments(method.handler)})`",
            _scope(method.needed_scope, method.plant_wide),
            " ".join(filter(None, (spec.get("summary"), spec.get("description")))),
        )


def _arguments(handler):
    parameters = list(inspect.signature(handler).parameters.values())[1:]
    return ", ".join(_argument(parameter) for parameter in parameters)


def _argument(parameter):
    if parameter.default is inspect.Parameter.empty:
        return parameter.name
    default = [] if parameter.default == () else parameter.default
    return f"{parameter.name}={json.dumps(default)}"


def _scope(scope, plant_wide):
    return f"{scope}, whole plant" if plant_wide else scope


def _routes(plugin):
    for route in plugin.declared("routes"):
        scope = _scope(route.needed_scope, route.is_plant_wide)
        yield f"`{route.verb} {route.path}`", scope, route.summary


def _commands(plugin):
    for command in plugin.declared("commands"):
        yield f"`tracepro {command.name}`", command.help


def _options(plugin):
    for option in plugin.declared("options"):
        yield f"`{option.name}`", _default(option), option.meaning


def _parameters(parameters):
    for parameter in parameters:
        yield f"`[{parameter.section}] {parameter.name}`", _default(parameter), parameter.meaning


def _default(setting):
    return "" if setting.default in ("", None, {}, []) else f"`{setting.default}`"


def _codes(plugin):
    for code, meaning in sorted(plugin.fragment.get("x-codes", {}).items()):
        yield f"`{code}`", meaning
