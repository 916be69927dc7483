"""What stands in the source about names that are assigned: their values as written, and the docstrings below them."""

from __future__ import annotations

import ast
import inspect
from functools import cache
from importlib import import_module
from itertools import pairwise

LONGEST = 60


def doc_of(module: str, name: str) -> str:
    """Return the text that stands below an assignment, "" where there is none."""
    body = _tree(_home_of(module, name)).body
    for statement, below in pairwise(body):
        if (
            name in _targets(statement)
            and isinstance(below, ast.Expr)
            and isinstance(below.value, ast.Constant)
        ):
            return inspect.cleandoc(str(below.value.value))
    return ""


def value_of(module: str, name: str) -> str:
    """Return ``= value`` as it is written, "" where that is long or calls something."""
    for statement in _tree(_home_of(module, name)).body:
        if isinstance(statement, ast.Assign) and name in _targets(statement):
            text = ast.unparse(statement.value)
            return "" if len(text) > LONGEST or isinstance(statement.value, ast.Call) else f" = {text}"
    return ""


def _home_of(module: str, name: str) -> str:
    """Return the module that assigns a name, which others take from it under that name."""
    for statement in _tree(module).body:
        if isinstance(statement, ast.ImportFrom) and name in {alias.name for alias in statement.names}:
            return _home_of(str(statement.module), name)
    return module


@cache
def _tree(module: str) -> ast.Module:
    return ast.parse(inspect.getsource(import_module(module)))


def _targets(statement: ast.stmt) -> set[str]:
    return {each.id for each in getattr(statement, "targets", ()) if isinstance(each, ast.Name)}
