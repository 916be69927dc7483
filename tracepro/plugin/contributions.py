"""What the plugins bring: every register hook asked once, duplicates refused naming both plugins."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Hashable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar

from tracepro.database import Model
from tracepro.findings import Findings
from tracepro.plugin.loaded import LoadedPlugin
from tracepro_hookspecs import (
    Archive,
    BackupProbe,
    BasicData,
    Command,
    Layout,
    Method,
    Option,
    Page,
    Parameter,
    PlantSection,
    Route,
)

CORE = "core"
Declaration = TypeVar("Declaration")
Reserved = Mapping[str, Collection[Hashable]]
NOTHING: Reserved = {}
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
    models: dict[str, Registered[type[Model]]] = field(default_factory=dict)
    options: dict[tuple[str, str], Registered[Option]] = field(default_factory=dict)
    parameters: dict[tuple[str, str], Registered[Parameter]] = field(default_factory=dict)
    plant_sections: dict[str, Registered[PlantSection]] = field(default_factory=dict)
    basic_data: dict[str, Registered[BasicData]] = field(default_factory=dict)
    commands: dict[str, Registered[Command]] = field(default_factory=dict)
    archives: dict[str, Registered[Archive]] = field(default_factory=dict)
    pages: dict[str, Registered[Page]] = field(default_factory=dict)
    layouts: dict[str, Registered[Layout]] = field(default_factory=dict)
    backup_probes: dict[str, Registered[BackupProbe]] = field(default_factory=dict)


def _same_path(path: str) -> str:
    """Write a path as falcon tells it from others: without a slash at its end, its fields of one name."""
    return _FIELD.sub("{id}", path).rstrip("/") or "/"


def _name(declaration: Any) -> str:
    return str(declaration.name)


def _table(model: type[Model]) -> str:
    return str(model._meta.table_name)


@dataclass(frozen=True)
class _Kind:
    """The declarations of one register hook: their type, the word for one, its name, and what makes it unique.

    ``key(plugin, declaration)`` is what two declarations may not have in common; None is the name.
    """

    type: type
    word: str
    name: Callable[[Any], str] = _name
    key: Callable[[str, Any], Hashable] | None = None

    def key_of(self, plugin: str, declaration: Any) -> Hashable:
        """Return what makes a declaration unique."""
        return self.name(declaration) if self.key is None else self.key(plugin, declaration)


KINDS = {
    "methods": _Kind(Method, "method"),
    "routes": _Kind(
        Route,
        "route",
        name=lambda route: f"{route.verb} {route.path}",
        key=lambda _, route: (route.verb, _same_path(route.path)),
    ),
    "models": _Kind(type, "table", name=_table),
    "options": _Kind(Option, "option", key=lambda plugin, option: (plugin, option.name)),
    "parameters": _Kind(
        Parameter,
        "parameter",
        name=lambda parameter: f"[{parameter.section}] {parameter.name}",
        key=lambda _, parameter: (parameter.section, parameter.name),
    ),
    "plant_sections": _Kind(PlantSection, "plant section"),
    "basic_data": _Kind(BasicData, "basic data"),
    "commands": _Kind(Command, "command"),
    "archives": _Kind(Archive, "archive", name=lambda archive: str(archive.table)),
    "pages": _Kind(Page, "page"),
    "layouts": _Kind(Layout, "layout", key=lambda *_: "layout"),
    "backup_probes": _Kind(BackupProbe, "backup probe"),
}


def gather(
    plugins: Iterable[LoadedPlugin], core: Contributions, findings: Findings, reserved: Reserved = NOTHING
) -> Contributions:
    """Return what the core and the plugins bring; duplicates and foreign table names are findings.

    ``reserved`` has the keys of each kind that the core answers to without declaring them.
    """
    for plugin in plugins:
        for what, kind in KINDS.items():
            known, taken = getattr(core, what), reserved.get(what, ())
            for declaration in _declared(plugin, what, kind, findings):
                _add(known, taken, plugin, kind, declaration, findings)
        _check_tables(plugin, core, findings)
        _check_archives(plugin, core, findings)
    _check_open_sections(core, findings)
    _check_paths_of_pages(core, reserved.get("routes", ()), findings)
    return core


def ask_register_hook(plugin: LoadedPlugin, what: str, findings: Findings) -> list[Any]:
    """Return what one plugin's ``tracepro_register_<what>`` answers; a crash is a finding."""
    hook = getattr(plugin.plugin, f"tracepro_register_{what}", None)
    try:
        return list(hook() or ()) if hook else []
    except BaseException as error:
        findings.error(
            f"Plugin {plugin.source}: tracepro_register_{what} failed with {type(error).__name__}: {error}; fix it."
        )
        return []


def _declared(plugin: LoadedPlugin, what: str, kind: _Kind, findings: Findings) -> Iterator[Any]:
    for declaration in ask_register_hook(plugin, what, findings):
        if isinstance(declaration, kind.type):
            yield declaration
        else:
            findings.error(
                f"Plugin {plugin.source}: tracepro_register_{what} answers {declaration!r}, which is not of type "
                f"{kind.type.__name__}; return a list of those."
            )


def _add(
    known: dict[Hashable, Registered[Any]],
    taken: Collection[Hashable],
    plugin: LoadedPlugin,
    kind: _Kind,
    declaration: Any,
    findings: Findings,
) -> None:
    key = kind.key_of(plugin.name, declaration)
    if key not in known and key not in taken:
        known[key] = Registered(plugin.name, declaration)
        return
    other = CORE if key in taken else known[key].plugin
    findings.error(
        f"The {kind.word} {kind.name(declaration)} is declared by {_both(other, plugin.name)}; rename one of them."
    )


def _both(first: str, second: str) -> str:
    if first == second:
        return f"plugin {second} twice"
    return f"the core and plugin {second}" if first == CORE else f"plugins {first} and {second}"


def _check_tables(plugin: LoadedPlugin, known: Contributions, findings: Findings) -> None:
    for table, registered in known.models.items():
        if registered.plugin == plugin.name and not table.startswith(f"{plugin.name}_"):
            findings.error(
                f"Plugin {plugin.source}: table {table} doesn't begin with {plugin.name}_; rename it, "
                "so that everybody sees whose it is."
            )


def _check_archives(plugin: LoadedPlugin, known: Contributions, findings: Findings) -> None:
    for table, registered in known.archives.items():
        owner = known.models.get(table)
        if registered.plugin == plugin.name and (owner is None or owner.plugin != plugin.name):
            findings.error(
                f"Plugin {plugin.source}: {table}, which it lets a site archive, is not a table of its own; "
                "declare archives of tables in tracepro_register_models only."
            )


def _check_open_sections(known: Contributions, findings: Findings) -> None:
    """Find sections that are open and have declared keys too: a misspelt one would pass for the site's own."""
    opened = {
        section: registered
        for (section, _), registered in known.parameters.items()
        if registered.declaration.opens_section
    }
    for (section, name), registered in known.parameters.items():
        if section in opened and not registered.declaration.opens_section:
            findings.error(
                f"The section [{section}] is opened by {_one(opened[section].plugin)}, and {_one(registered.plugin)} declares "
                f"the parameter {name} in it; choose another section."
            )


def _check_paths_of_pages(known: Contributions, taken: Collection[Hashable], findings: Findings) -> None:
    """Find pages that answer to a path that another page, a route or the core answers to."""
    owners = {key: registered.plugin for key, registered in known.routes.items()}
    for registered in known.pages.values():
        page, key = registered.declaration, ("GET", _same_path(registered.declaration.path))
        if key in owners or key in taken:
            both = _both(owners.get(key, CORE), registered.plugin)
            findings.error(f"The path {page.path} is declared by {both}; give the page {page.name} another.")
        owners[key] = registered.plugin


def _one(plugin: str) -> str:
    return "the core" if plugin == CORE else f"plugin {plugin}"
