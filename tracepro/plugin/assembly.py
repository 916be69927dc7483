"""Everything about a site that is known without its database: plugins, what they bring, options, relays."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from types import MappingProxyType
from typing import Any

from tracepro import reserved
from tracepro.config.core_parameters import PARAMETERS
from tracepro.config.options import Options, read_options
from tracepro.config.parameters import read_parameters
from tracepro.config.settings import Settings
from tracepro.findings import Findings
from tracepro.plugin.contributions import CORE, Contributions, Registered, gather
from tracepro.plugin.discovery import load
from tracepro.plugin.implementation import Implementation
from tracepro.plugin.loaded import LoadedPlugin
from tracepro.plugin.manager import manager_of, valid_plugins
from tracepro.plugin.relay import Implement, Relay
from tracepro.plugin.sets import check_sets, required_first, requirements_of
from tracepro.plugin.strict import StrictImplementation
from tracepro.plugin.watch import Watch
from tracepro_hookspecs import Method, Option, PlantSection, Route

RESERVED = {
    "methods": reserved.METHODS,
    "routes": reserved.ROUTES,
    "commands": (*reserved.COMMANDS, *reserved.ACTIONS),
}


@dataclass(frozen=True)
class Assembly:
    """The plugins of a site, put together; ``relays`` and ``sets`` are by line, the site's under None."""

    settings: Settings
    plugins: tuple[LoadedPlugin, ...]
    requires: Mapping[str, tuple[str, ...]]
    contributions: Contributions
    options: Options
    parameters: Mapping[tuple[str, str], Any]
    watch: Watch
    relays: Mapping[str | None, Relay]
    sets: Mapping[str | None, frozenset[str]]

    @property
    def in_required_order(self) -> list[str]:
        """The plugins' names, each after those it requires."""
        return required_first(self.plugins, self.requires)

    @property
    def plant_sections(self) -> list[Registered[PlantSection]]:
        """The sections of the plant file, each after those it may refer to."""
        sections = self.contributions.plant_sections.values()
        return [each for plugin in self.in_required_order for each in sections if each.plugin == plugin]

    @property
    def fragments(self) -> dict[str, Mapping[str, Any]]:
        """The OpenRPC fragment of each plugin, empty where it has none."""
        return {plugin.name: plugin.fragment for plugin in self.plugins}

    @property
    def scopes(self) -> frozenset[str]:
        """Every scope that a method or a route asks for, and the three that always are."""
        brought = self.contributions
        asking: list[Method | Route] = [method.declaration for method in brought.methods.values()]
        asking += [route.declaration for route in brought.routes.values()]
        needed = {each.needed_scope for each in asking} | {
            page.declaration.scope for page in brought.pages.values()
        }
        known = frozenset({"read", "write", "admin"} | needed).union(
            *(each.further_scopes for each in asking)
        )
        return known - {""}

    @property
    def migrations(self) -> dict[str, Path]:
        """The folder of migrations of each plugin that has one."""
        return {plugin.name: plugin.migrations for plugin in self.plugins if plugin.migrations}


def assemble(
    settings: Settings,
    findings: Findings,
    extra: Mapping[str, object] | None = None,
    loaded_before: Mapping[str, LoadedPlugin] = MappingProxyType({}),
) -> Assembly:
    """Load and check everything that needs no database; all that is wrong goes to ``findings``.

    ``extra`` gives plugin objects by name, beside the installed ones; those ``loaded_before`` are taken as they are.
    """
    loaded = load(settings.enabled, settings.plugins_file, findings, extra, loaded_before)
    plugins = valid_plugins(loaded, findings, loaded_before)
    requires = requirements_of(plugins, findings)
    check_sets(settings, requires, findings)
    brought = _gathered(plugins, findings)
    unloaded = set(settings.enabled) - {plugin.name for plugin in plugins}
    declared = [registered.declaration for registered in brought.parameters.values()]
    parameters = read_parameters(settings, declared, findings, complete=not unloaded)
    watch = Watch()
    warn_seconds = parameters["api", "hook_warn_seconds"]
    implement = partial(StrictImplementation, limit=warn_seconds) if settings.strict else Implementation
    return Assembly(
        settings=settings,
        plugins=tuple(plugins),
        requires=requires,
        contributions=brought,
        options=read_options(settings, _options_of(brought), findings, unloaded),
        parameters=parameters,
        watch=watch,
        relays=_relays(settings, plugins, watch, implement),
        sets=_sets(settings),
    )


def _gathered(plugins: list[LoadedPlugin], findings: Findings) -> Contributions:
    core = {(parameter.section, parameter.name): Registered(CORE, parameter) for parameter in PARAMETERS}
    return gather(plugins, Contributions(parameters=core), findings, RESERVED)


def _options_of(brought: Contributions) -> list[tuple[str, Option]]:
    return [(registered.plugin, registered.declaration) for registered in brought.options.values()]


def _relays(
    settings: Settings, plugins: list[LoadedPlugin], watch: Watch, implement: Implement
) -> dict[str | None, Relay]:
    by_name = {plugin.name: plugin for plugin in plugins}
    relays: dict[str | None, Relay] = {None: Relay(manager_of(plugins), watch, implement=implement)}
    for line, names in settings.lines.items():
        here = [by_name[name] for name in names if name in by_name]
        relays[line] = Relay(manager_of(here), watch, relays[None], implement)
    return relays


def _sets(settings: Settings) -> dict[str | None, frozenset[str]]:
    sets: dict[str | None, frozenset[str]] = {None: frozenset(settings.enabled)}
    return sets | {line: frozenset(names) for line, names in settings.lines.items()}
