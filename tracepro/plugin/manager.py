"""One pluggy manager for a set of plugins, strict about what pluggy lets through silently."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterable, Mapping
from difflib import get_close_matches
from functools import lru_cache
from types import MappingProxyType
from typing import Any

import pluggy

from tracepro.findings import Findings
from tracepro.plugin.loaded import LoadedPlugin
from tracepro_hookspecs.specs import KINDS

_SPECS = {name: module for module in KINDS.values() for name in vars(module) if name.startswith("tracepro_")}
"""The module that specifies each hook."""
HOOKS = frozenset(_SPECS)
_PARSER = pluggy.PluginManager("tracepro")


def empty_manager() -> pluggy.PluginManager:
    """Return a manager that knows the hook specifications and no plugin."""
    manager = pluggy.PluginManager("tracepro")
    for module in KINDS.values():
        manager.add_hookspecs(module)
    return manager


def manager_of(plugins: Iterable[LoadedPlugin]) -> pluggy.PluginManager:
    """Return a manager with these plugins, asked in this order; raises pluggy's error for a bad hook.

    pluggy asks the last registered first, so they are registered in reverse.
    """
    return _manager_of(tuple(plugins))


@lru_cache(64)
def _manager_of(plugins: tuple[LoadedPlugin, ...]) -> pluggy.PluginManager:
    """Make a manager once: a start asks for that of all plugins twice, tests open many sites with the same ones."""
    manager = empty_manager()
    for plugin in reversed(plugins):
        manager.register(plugin.plugin, name=plugin.name)
    manager.check_pending()
    return manager


def valid_plugins(
    plugins: Iterable[LoadedPlugin],
    findings: Findings,
    loaded_before: Mapping[str, LoadedPlugin] = MappingProxyType({}),
) -> list[LoadedPlugin]:
    """Return the plugins whose hooks are all in order; every fault of the others is a finding.

    What is deprecated works as before and is a warning. Those ``loaded_before`` are in order.
    """
    loaded = list(plugins)
    new = [plugin for plugin in loaded if plugin is not loaded_before.get(plugin.name)]
    refused = bool(new) and any(_refused(new))  # nearly always not, and then one manager has told so for all
    faulty = [plugin.name for plugin in new if _faults(plugin, findings, refused=refused)]
    for plugin in new:
        for sentence in _deprecated(plugin) if plugin.name not in faulty else ():
            findings.warning(f"Plugin {plugin.source}: {sentence}")
    return [plugin for plugin in loaded if plugin.name not in faulty]


def _faults(plugin: LoadedPlugin, findings: Findings, *, refused: bool) -> bool:
    faults = [*_misspelt(plugin), *_unmarked(plugin), *_unfit(plugin)]
    if refused and not faults:
        faults = list(_refused([plugin]))
    for fault in faults:
        findings.error(f"Plugin {plugin.source}: {fault}")
    return bool(faults)


def _refused(plugins: list[LoadedPlugin]) -> Iterable[str]:
    try:
        manager_of(plugins)
    except (pluggy.PluginValidationError, ValueError) as error:
        yield f"{' '.join(str(error).split())}; docs/hooks.md has the names and arguments of hooks."
    except DeprecationWarning:  # raised where warnings are errors, as by serve --strict
        for plugin in plugins:
            yield from _deprecated(plugin)


def _misspelt(plugin: LoadedPlugin) -> Iterable[str]:
    for name, _ in _functions(plugin):
        options = _options(plugin, name)
        if options is None or options["optionalhook"] or (options["specname"] or name) in HOOKS:
            continue
        near = get_close_matches(name, HOOKS, 1)
        hint = f"did you mean {near[0]}?" if near else "docs/hooks.md has the names of all."
        yield f"there is no hook {name}; {hint}"


def _unmarked(plugin: LoadedPlugin) -> Iterable[str]:
    for name, _ in _functions(plugin):
        if name in HOOKS and _options(plugin, name) is None:
            yield f"{name} has no @hookimpl, so it would never be called; mark it."


def _unfit(plugin: LoadedPlugin) -> Iterable[str]:
    for name, function in _functions(plugin):
        options = _options(plugin, name)
        if options is None:
            continue
        if options["wrapper"] or options["hookwrapper"]:
            yield f"{name} is a wrapper; hooks are asked one by one, so make it a plain function."
        for argument in _defaulted(function):
            yield f"argument {argument} of {name} has a default, which would stay for ever; take the default away."


def _deprecated(plugin: LoadedPlugin) -> Iterable[str]:
    """Yield what the marks of hooks say of those that a plugin implements, and of the arguments it takes."""
    for name, function in _functions(plugin):
        options = _options(plugin, name)
        hook = (options["specname"] or name) if options else ""
        marks = _PARSER.parse_hookspec_opts(_SPECS[hook], hook) if hook in _SPECS else None
        if marks is None:
            continue
        if marks["warn_on_impl"]:
            yield f"{hook} is deprecated: {marks['warn_on_impl']}"
        for argument, warning in (marks["warn_on_impl_args"] or {}).items():
            if argument in inspect.signature(function).parameters:
                yield f"argument {argument} of {hook} is deprecated: {warning}"


def _functions(plugin: LoadedPlugin) -> Iterable[tuple[str, Callable[..., Any]]]:
    for name in dir(plugin.plugin):
        value = getattr(plugin.plugin, name, None)
        if inspect.isroutine(value):
            yield name, value


def _options(plugin: LoadedPlugin, name: str) -> pluggy.HookimplOpts | None:
    return _PARSER.parse_hookimpl_opts(plugin.plugin, name)


def _defaulted(function: Callable[..., Any]) -> list[str]:
    parameters = inspect.signature(function).parameters.values()
    return [parameter.name for parameter in parameters if parameter.default is not inspect.Parameter.empty]
