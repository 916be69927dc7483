"""docs/methods.md: all methods with line and scope, and by plugin what methods and routes answer and by which rules."""

from __future__ import annotations

import inspect
import json
import re
from collections.abc import Callable, Iterator
from typing import Any

from pages.declared import Plugin, plugins
from pages.markdown import MADE, linked, readme, table
from tracepro import reserved
from tracepro.calls.invocation import line_pairs
from tracepro.pages import PATHS
from tracepro_hookspecs import Method, Route

INTRODUCTION = """\
Methods are called by JSON-RPC 2.0, `POST /api/`, with parameters by position or by name; `rpc.discover` describes those of a site with
types, results, errors and examples. REST routes are described by `GET /api/openapi.json`.

- **line**: the parameter whose value stands on a line. Where the method's plugin is off on that line the call is refused (1004
  `plugin-off`), and so is a token for other lines (-32002). A method without one stands on the only line of the caller's token, or on
  none. *Whole plant*: a token for some lines may not call it ([rules](rules.md#lines)).
- **scope**: what the caller must have. What needs `read` changes nothing.
"""


def page() -> str:
    """Return the page."""
    return "\n".join(
        [
            "# Methods and routes\n",
            MADE,
            INTRODUCTION,
            "## All methods\n",
            table(("method", "plugin", "line", "scope"), sorted(_every_method())),
            "## core\n",
            table(("route", "what it does"), ((f"`{path}`", _without_tags(text)) for path, text in PATHS)),
            *filter(None, map(_plugin, plugins())),
        ]
    )


def _every_method() -> Iterator[tuple[str, str, str, str]]:
    yield from ((f"`{name}`", "[core](#core)", "", "read") for name in reserved.METHODS)
    for plugin in plugins():
        for method in plugin.declared("methods"):
            yield f"`{method.name}`", linked("", plugin.name, plugin.name), _line(method), method.needed_scope


def _line(method: Method) -> str:
    names = [f"`{name}`" for name, _ in line_pairs(method.line_from)]
    return ", ".join([*names, *["whole plant"] * method.plant_wide])


def _without_tags(text: str) -> str:
    return re.sub(r"</?code>", "`", text)


def _plugin(plugin: Plugin) -> str:
    parts = [
        table(("method", "result and rules"), _methods(plugin)),
        table(("route", "line", "scope", "what it does"), _routes(plugin)),
    ]
    if not any(parts):
        return ""
    return "\n".join(
        [f"## {plugin.name}\n", f"{plugin.sentence} More: {readme(plugin.name)}.\n", *filter(None, parts)]
    )


def _methods(plugin: Plugin) -> Iterator[tuple[str, str]]:
    specs = {spec["name"]: spec for spec in plugin.fragment.get("methods", ())}
    for method in plugin.declared("methods"):
        spec = specs[method.name]
        text = " ".join(filter(None, (spec["summary"], spec.get("description"))))
        yield f"`{method.name}({_arguments(method.handler)})`", text


def _arguments(handler: Callable[..., Any]) -> str:
    parameters = list(inspect.signature(handler).parameters.values())[1:]
    return ", ".join(_argument(parameter) for parameter in parameters)


def _argument(parameter: inspect.Parameter) -> str:
    if parameter.default is inspect.Parameter.empty:
        return parameter.name
    default = [] if parameter.default == () else parameter.default
    return f"{parameter.name}={json.dumps(default)}"


def _routes(plugin: Plugin) -> Iterator[tuple[str, str, str, str]]:
    for route in plugin.declared("routes"):
        yield f"`{route.verb} {route.path}`", _line_of_route(route), route.needed_scope, route.summary


def _line_of_route(route: Route) -> str:
    """Return the members of its path, query and body that stand on a line."""
    taken = {*re.findall(r"\{(\w+)", route.path), *route.query, *(route.body or {}).get("properties", ())}
    names = [f"`{name}`" for name, _ in line_pairs(route.line_from) if name in taken]
    return ", ".join([*names, *["whole plant"] * route.is_plant_wide])
