"""docs/codes.md: every code of the plugins, with the kind of error that it comes as."""

from __future__ import annotations

import ast
import inspect
from collections.abc import Iterator
from importlib import import_module
from importlib.util import find_spec

import tracepro_hookspecs
from pages.declared import Plugin, plugins
from pages.markdown import MADE, readme, table
from tracepro.http.errors import STATUSES
from tracepro_hookspecs import CallError, Refused

INTRODUCTION = """\
`data.code` of an error and `code` of a reason say exactly what is wrong, in a word that never changes; the sentence beside it is for people.
A reason (1000) says that the plant's rules forbid something now: `canaddop` and its like list all of them, and the call that would do it is
refused with them. The other numbers are those of [operating.md](operating.md#errors-a-terminal-may-see), which has the codes of the server
itself too. What has a status of REST alone comes from routes only.
"""


def page() -> str:
    """Return the page."""
    rows = sorted(row for plugin in plugins() for row in _codes(plugin))
    return "\n".join(
        ["# Codes\n", MADE, INTRODUCTION, table(("code", "error", "REST", "plugin", "meaning"), rows)]
    )


def _codes(plugin: Plugin) -> Iterator[tuple[str, str, str, str, str]]:
    made = dict(_made(plugin))
    for code, meaning in plugin.fragment.get("x-codes", {}).items():
        number, status = made.get(code, (str(Refused.number), STATUSES[Refused.number]))
        yield f"`{code}`", number, str(status), readme(plugin.name), meaning


def _made(plugin: Plugin) -> Iterator[tuple[str, tuple[str, int]]]:
    """Yield the codes that a plugin's ``reasons.py`` makes errors for, each with its number and its status of REST."""
    if find_spec(f"tracepro_{plugin.name}.reasons") is None:
        return
    module = import_module(f"tracepro_{plugin.name}.reasons")
    for call in ast.walk(ast.parse(inspect.getsource(module))):
        if not isinstance(call, ast.Call) or not isinstance(call.func, ast.Name):
            continue
        if call.func.id == "HttpProblem":
            (code,) = (word.value for word in call.keywords if word.arg == "type")
            yield ast.literal_eval(code), ("", ast.literal_eval(call.args[0]))
        elif call.args and isinstance(call.args[0], ast.Constant):
            maker = getattr(tracepro_hookspecs, call.func.id, None)
            if isinstance(maker, type) and issubclass(maker, CallError):
                yield str(call.args[0].value), (str(maker.number), STATUSES[maker.number])
