"""docs/hooks.md: every hook under its exact signature."""

from __future__ import annotations

import inspect
import re
from types import FunctionType

from pages.markdown import MADE, joined
from tracepro_hookspecs.specs import KINDS

HEADINGS = ("Kind", "When", "Arguments", "Returns", "Errors", "Lines", "Since", "Example")


def hooks_of(kind: str) -> list[FunctionType]:
    """Return the hookspecs of a kind in the order of the file."""
    module = KINDS[kind]
    found = [hook for name, hook in vars(module).items() if name.startswith("tracepro_")]
    return sorted(found, key=lambda hook: hook.__code__.co_firstlineno)


def sections(hook: FunctionType) -> tuple[str, dict[str, str]]:
    """Split a hookspec's docstring into its summary and its headings' texts."""
    summary, _, rest = (inspect.getdoc(hook) or "").partition("\n\n")
    pieces = re.split(r"^([A-Z][a-z]+)::?(?:[ \n]|\Z)", rest, flags=re.MULTILINE)
    return summary, {name: _outdented(text) for name, text in zip(pieces[1::2], pieces[2::2], strict=True)}


def _outdented(text: str) -> str:
    first, _, rest = text.strip("\n").partition("\n")
    if first.startswith(" "):
        return inspect.cleandoc("\n" + text.strip("\n"))
    return inspect.cleandoc(first + "\n" + rest)


def page() -> str:
    """Return docs/hooks.md: every hook under its exact signature."""
    parts = ["# Hooks\n", MADE, _contents()]
    for kind, module in KINDS.items():
        meaning = (inspect.getdoc(module) or "").partition(": ")[2]
        parts.append(f"## {kind.capitalize()} hooks\n\n{meaning[0].upper()}{meaning[1:]}\n")
        parts.extend(_hook(hook) for hook in hooks_of(kind))
    return "\n".join(parts)


def _contents() -> str:
    rows = [f"| [{kind}](#{kind}-hooks) | {_names(kind)} |" for kind in KINDS]
    return "\n".join(["| kind | hooks |", "|---|---|", *rows, ""])


def _names(kind: str) -> str:
    return " · ".join(f"`{hook.__name__}`" for hook in hooks_of(kind))


def _hook(hook: FunctionType) -> str:
    summary, texts = sections(hook)
    parts = [f"### `{hook.__name__}{_signature(hook)}`\n", joined(summary), ""]
    for name in HEADINGS[1:-1]:
        parts.append(_entry(name, texts[name]))
    parts += ["", "```python", texts["Example"], "```", ""]
    return "\n".join(parts)


def _signature(hook: FunctionType) -> str:
    """Write a hook's signature as its source does; annotations come as texts, in quotes."""
    return str(inspect.signature(hook)).replace("'", "")


def _entry(name: str, text: str) -> str:
    if name != "Arguments" or text.startswith("none"):
        return f"- **{name}** {joined(text)}"
    arguments = re.split(r"^(\w+): ", text, flags=re.MULTILINE)
    pairs = zip(arguments[1::2], arguments[2::2], strict=True)
    rows = [f"  - `{one}` {joined(what)}" for one, what in pairs]
    return "\n".join([f"- **{name}**", *rows])
