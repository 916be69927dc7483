"""What of the core and of the plugins is public, and what a plugin uses beside that."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from functools import cache
from importlib import import_module
from pathlib import Path

__all__ = ["private_uses"]

MODULES = (
    "tracepro_hookspecs",
    "tracepro_hookspecs.records",
    "tracepro_schemas.defs",
    "tracepro.database",
    "tracepro.database.upsert",
    "tracepro.database.stored_codes",
    "tracepro.rest",
    "tracepro.clock",
    "tracepro.amounts",
    "tracepro.codes",
    "tracepro.patterns",
    "tracepro.forms",
    "tracepro.secret",
    "tracepro.access.attempts",
    "tracepro.access.guesses",
    "tracepro.access.sessions",
    "tracepro.inspection",
    "tracepro.testing",
    "tracepro.testing.fixtures",
    "tracepro.testing.makers",
    "tracepro.testing.plant",
    "tracepro.testing.rest",
    "tracepro.testing.page",
    "tracepro.testing.server",
    "tracepro.testing.client",
    "tracepro.testing.races",
    "tracepro.testing.public",
)
"""The public modules of the core; what is public in one stands in its ``__all__``. A plugin's is ``tracepro_<name>.api``."""

_API = re.compile(r"tracepro_\w+\.api")
_OURS = re.compile(r"tracepro(?:_\w+)?")


def is_public(module: str) -> bool:
    """Return True for a module of which plugins may use what its ``__all__`` names."""
    return module in MODULES or _API.fullmatch(module) is not None


@cache
def names(module: str) -> tuple[str, ...]:
    """Return the public names of a module, none of one that is not public."""
    return tuple(import_module(module).__all__) if is_public(module) else ()


def private_uses(package: Path) -> Iterator[str]:
    """Yield a sentence for each use that the code of a plugin makes of what may change with any version.

    ``package`` is the folder with the plugin's modules, ``Path(tracepro_ovens.__file__).parent`` say.
    """
    for file in sorted(package.rglob("*.py")):
        for line, name in sorted(_private_names(ast.parse(file.read_text("utf-8")), package.name)):
            yield f"{file}:{line} uses {name}, which is not public; docs/public.md lists what is."


def _private_names(tree: ast.AST, own: str) -> Iterator[tuple[int, str]]:
    """Yield the line and the name of what is used of other packages of ours and is not public."""
    modules: dict[str, str] = {}
    for line, module, name, bound in _imports(tree, own):
        whole = f"{module}.{name}" if name else module
        if is_public(whole):
            modules[bound] = whole
        elif name not in names(module):
            yield line, whole
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id in modules:
            module = modules[node.value.id]
            if node.attr not in names(module):
                yield node.lineno, f"{module}.{node.attr}"


def _imports(tree: ast.AST, own: str) -> Iterator[tuple[int, str, str, str]]:
    """Yield line, module, name ("" for the module itself) and the name it gets, of imports of packages of ours but its own."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            found = [(alias.name, "", alias.asname or alias.name) for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            found = [(node.module, alias.name, alias.asname or alias.name) for alias in node.names]
        else:
            continue
        for module, name, bound in found:
            top = module.partition(".")[0]
            if top != own and _OURS.fullmatch(top):
                yield node.lineno, module, name, bound
