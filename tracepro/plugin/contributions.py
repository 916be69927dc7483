"""What the plugins bring: every register hook asked once, duplicates refused naming both plugins."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar

from tracepro.findings import Findings
from tracepro.plugin.loaded import LoadedPlugin
from tracepro_hookspecs import BasicData, Command, Method, Option, Parameter, PlantSection, Route

Declaration = TypeVar("Declaration")
_FIELD = re.compile(r"\{[^}]*\}")


@dataclass(frozen=True)
class Registered(Generic[Declaration]):
    """A declaration with the name of the plugin that made it."""

    plugin: str
    declaration: Declaration


@dataclass
class Contributions:
    """All declarations of a set of plugins, by what makes each unique, in order of plugins.ini."""

    methods: dict[str, Registered[Method]] = field(default_factory=dict)
    routes: dict[tuple[str, str], Registered[Route]] = field(default_factory=dict)
    models: dict[str, Registered[Any]] = field(default_factory=dict)
    options: dict[tuple[str, str], Registered[Option]] = field(default_factory=dict)
    parameters: dict[tuple[str, str], Registered[Parameter]] = field(default_factory=dict)
    plant_sections: dict[str, Registered[PlantSection]] = field(default_factory=dict)
    basic_data: dict[str, Registered[BasicData]] = field(default_factory=dict)
    commands: dict[str, Registered[Command]] = field(default_factory=dict)


def _same_path(path: str) -> str:
    """Writes a path as falcon tells it from others: without a slash at its end, its fields of one name."""
    return _FIELD.sub("{id}", path).rstrip("/") or "/"


@dataclass(frozen=True)
class _Kind:
    """How the declarations of one register hook are checked: type, what makes one unique, its word."""

    type: Any
    key: Callable[[str, Any], Any]
    word: Callable[[Any], str]


KINDS = {
    "methods": _Kind(Method, lambda _, one: one.name, lambda one: f"method {one.name}"),
    "routes": _Kind(
        Route, lambda _, one: (one.verb, _same_path(one.path)), lambda one: f"route {one.verb} {one.path}"
    ),
    "models": _Kind(type, lambda _, one: one._meta.table_name, lambda one: f"table {one._meta.table_name}"),
    "options": _Kind(Option, lambda plugin, one: (plugin, one.name), lambda one: f"option {one.name}"),
    "parameters": _Kind(
        Parameter, lambda _, one: (one.section, one.name), lambda one: f"parameter [{one.section}] {one.name}"
    ),
    "plant_sections": _Kind(PlantSection, lambda _, one: one.name, lambda one: f"plant section {one.name}"),
    "basic_data": _Kind(BasicData, lambda _, one: one.name, lambda one: f"basic data {one.name}"),
    "commands": _Kind(Command, lambda _, one: one.name, lambda one: f"command {one.name}"),
}  # fmt: skip


def gather(plugins: Iterable[LoadedPlugin], core: Contributions, findings: Findings) -> Contributions:
    """Returns what the core and the plugins bring; duplicates and foreign table names are findings."""
    for plugin in plugins:
        for what, kind in KINDS.items():
            for thing in _declared(plugin, what, kind, findings):
                _add(getattr(core, what), plugin, kind, thing, findings)
        _check_tables(plugin, core, findings)
    return core


def asked(plugin: LoadedPlugin, what: str, findings: Findings) -> list[Any]:
    """Returns what one plugin's ``tracepro_register_<what>`` answers; a crash is a finding."""
    hook = getattr(plugin.plugin, f"tracepro_register_{what}", None)
    try:
        return list(hook() or ()) if hook else []
    except Exception as error:
        findings.error(
            f"Plugin {plugin.source}: tracepro_register_{what} failed with {type(error).__name__}: {error}; mend it."
        )
        return []


def _declared(plugin: LoadedPlugin, what: str, kind: _Kind, findings: Findings) -> Iterator[Any]:
    for thing in asked(plugin, what, findings):
        if isinstance(thing, kind.type):
            yield thing
        else:
            findings.error(
                f"Plugin {plugin.source}: tracepro_register_{what} answers {thing!r}, which is no "
                f"{kind.type.__name__}; return a list of them."
            )


def _add(
    known: dict[Any, Registered[Any]], plugin: LoadedPlugin, kind: _Kind, thing: Any, findings: Findings
) -> None:
    key = kind.key(plugin.name, thing)
    other = known.get(key)
    if other is None:
        known[key] = Registered(plugin.name, thing)
        return
    findings.error(
        f"The {kind.word(thing)} is brought by {_both(other.plugin, plugin.name)}; rename one of them."
    )


def _both(first: str, second: str) -> str:
    if first == second:
        return f"plugin {second} twice"
    return f"the core and plugin {second}" if first == "core" else f"plugins {first} and {second}"


def _check_tables(plugin: LoadedPlugin, known: Contributions, findings: Findings) -> None:
    for table, registered in known.models.items():
        if registered.plugin == plugin.name and not table.startswith(f"{plugin.name}_"):
            findings.error(
                f"Plugin {plugin.source}: table {table} doesn't begin with {plugin.name}_; rename it, "
                "so that everybody sees whose it is."
            )
