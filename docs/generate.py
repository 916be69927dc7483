"""Writes docs/hooks.md and docs/reference.md from the declarations; `make docs` runs it."""

from __future__ import annotations

import importlib
import inspect
import json
import re
import sys
from pathlib import Path

from tracepro.config.core_parameters import PARAMETERS
from tracepro_hookspecs.specs import KINDS

HERE = Path(__file__).parent
PLUGINS = HERE.parent / "plugins"
HEADINGS = ("Kind", "When", "Arguments", "Returns", "Errors", "Lines", "Since", "Example")
MADE = "<!-- Made by docs/generate.py from the declarations; change those and run `make docs`. -->\n"


def hooks_of(kind):
    """Return the hookspecs of a kind in the order of the file."""
    module = KINDS[kind]
    found = [hook for name, hook in vars(module).items() if name.startswith("tracepro_")]
    return sorted(found, key=lambda hook: hook.__code__.co_firstlineno)


def sections(hook):
    """Split a hookspec's docstring into its summary and its headings' texts."""
    summary, _, rest = inspect.getdoc(hook).partition("\n\n")
    pieces = re.split(r"^([A-Z][a-z]+)::?(?:[ \n]|\Z)", rest, flags=re.MULTILINE)
    return summary, {name: _outdented(text) for name, text in zip(pieces[1::2], pieces[2::2], strict=True)}


def _outdented(text):
    first, _, rest = text.strip("\n").partition("\n")
    if first.startswith(" "):
        return inspect.cleandoc("\n" + text.strip("\n"))
    return inspect.cleandoc(first + "\n" + rest)


def hooks_page():
    """Return docs/hooks.md: every hook under its exact signature."""
    parts = ["# Hooks\n", MADE, _hooks_contents()]
    for kind, module in KINDS.items():
        meaning = inspect.getdoc(module).partition(": ")[2]
        parts.append(f"## {kind.capitalize()} hooks\n\n{meaning[0].upper()}{meaning[1:]}\n")
        parts.extend(_hook(hook) for hook in hooks_of(kind))
    return "\n".join(parts)


def _hooks_contents():
    rows = [f"| [{kind}](#{kind}-hooks) | {_names(kind)} |" for kind in KINDS]
    return "\n".join(["| kind | hooks |", "|---|---|", *rows, ""])


def _names(kind):
    return " · ".join(f"`{hook.__name__}`" for hook in hooks_of(kind))


def _hook(hook):
    summary, texts = sections(hook)
    parts = [f"### `{hook.__name__}{_signature(hook)}`\n", _joined(summary), ""]
    for name in HEADINGS[1:-1]:
        parts.append(_entry(name, texts[name]))
    parts += ["", "```python", texts["Example"], "```", ""]
    return "\n".join(parts)


def _signature(hook):
    """Write a hook's signature as its source does; annotations come as texts, in quotes."""
    return str(inspect.signature(hook)).replace("'", "")


def _entry(name, text):
    if name != "Arguments" or text.startswith("none"):
        return f"- **{name}** {_joined(text)}"
    arguments = re.split(r"^(\w+): ", text, flags=re.MULTILINE)
    pairs = zip(arguments[1::2], arguments[2::2], strict=True)
    rows = [f"  - `{one}` {_joined(what)}" for one, what in pairs]
    return "\n".join([f"- **{name}**", *rows])


def _joined(text):
    return " ".join(text.split()).replace("``", "`")


def reference_page():
    """Return docs/reference.md: methods, routes, options, parameters and codes of every plugin."""
    parts = [
        "# Reference\n",
        MADE,
        "## core\n",
        _table(("key of `parameters.ini`", "default", "meaning"), _parameters(PARAMETERS)),
    ]
    for folder in sorted(PLUGINS.iterdir()):
        if (folder / "setup.cfg").exists():
            parts.append(_plugin(folder))
    return "\n".join(parts)


def _plugin(folder):
    package = importlib.import_module(f"tracepro_{folder.name}")
    plugin = importlib.import_module(f"tracepro_{folder.name}.plugin")
    fragment = _fragment(folder)
    declared = {spec["name"]: spec for spec in fragment.get("methods", ())}
    parts = [f"## {folder.name}\n", f"{inspect.getdoc(package)}\n"]
    parts.append(_table(("method", "scope", "result and rules"), _methods(plugin, declared)))
    parts.append(_table(("route", "scope", "what it does"), _routes(plugin)))
    parts.append(_table(("command", "what it does"), _commands(plugin)))
    parts.append(_table(("option of `plugins.ini`", "default", "meaning"), _options(plugin)))
    parts.append(
        _table(("key of `parameters.ini`", "default", "meaning"), _parameters(_brought(plugin, "parameters")))
    )
    parts.append(_table(("code", "meaning"), _codes(fragment.get("x-codes", {}))))
    return "\n".join(part for part in parts if part)


def _fragment(folder):
    file = folder / f"tracepro_{folder.name}" / "schemas" / f"{folder.name}.json"
    return json.loads(file.read_text("utf-8")) if file.exists() else {}


def _brought(plugin, what):
    hook = getattr(plugin, f"tracepro_register_{what}", None)
    return hook() if hook else []


def _methods(plugin, declared):
    for method in _brought(plugin, "methods"):
        spec = declared.get(method.name, {})
        text = " ".join(filter(None, (spec.get("summary"), spec.get("description"))))
        yield (
            f"`{method.name}({_parameters_of(method.handler)})`",
            _scope_of(method.needed_scope, method.plant_wide),
            text,
        )


def _commands(plugin):
    for command in _brought(plugin, "commands"):
        yield f"`tracepro {command.name}`", command.help


def _scope_of(scope, plant_wide):
    return f"{scope}, whole plant" if plant_wide else scope


def _parameters_of(handler):
    parameters = list(inspect.signature(handler).parameters.values())[1:]
    return ", ".join(_parameter_text(one) for one in parameters)


def _parameter_text(one):
    if one.default is inspect.Parameter.empty:
        return one.name
    default = [] if one.default == () else one.default
    return f"{one.name}={json.dumps(default)}"


def _routes(plugin):
    for route in _brought(plugin, "routes"):
        yield (
            f"`{route.verb} {route.path}`",
            _scope_of(route.needed_scope, route.is_plant_wide),
            route.summary,
        )


def _options(plugin):
    for option in _brought(plugin, "options"):
        yield f"`{option.name}`", _default(option), option.meaning


def _parameters(parameters):
    for one in parameters:
        yield f"`[{one.section}] {one.name}`", _default(one), one.meaning


def _default(one):
    return "" if one.default in ("", None, {}, []) else f"`{one.default}`"


def _codes(codes):
    for code, meaning in sorted(codes.items()):
        yield f"`{code}`", meaning


def _table(head, rows):
    lines = [f"| {' | '.join(_cell(cell) for cell in row)} |" for row in rows]
    if not lines:
        return ""
    return "\n".join([f"| {' | '.join(head)} |", "|" + "---|" * len(head), *lines, ""])


def _cell(text):
    return _joined(str(text)).replace("|", "\\|")


PAGES = {"hooks.md": hooks_page, "reference.md": reference_page}


def main():
    """Write both pages."""
    for name, page in PAGES.items():
        (HERE / name).write_text(page().rstrip("\n") + "\n", encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
