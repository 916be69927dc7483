"""The relay of a line: asks the plugins that are on there, with one helper for each kind of hook."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from operator import itemgetter
from time import perf_counter
from typing import Any

import msgspec
import pluggy

from tracepro.plugin.watch import Watch
from tracepro_hookspecs import Call, Reason, TryAgain
from tracepro_hookspecs.specs import SITE_WIDE

FAILED = "plugin-failed"


class Implementation:
    """One plugin's function for one hook; calling it costs little more than the function itself."""

    __slots__ = ("plugin", "hook", "_function", "_pick", "_watch")

    def __init__(self, found: pluggy.HookImpl, hook: str, watch: Watch) -> None:
        self.plugin = found.plugin_name
        self.hook = hook
        self._function = found.function
        self._pick = _picker(found.argnames)
        self._watch = watch

    def __call__(self, values: Mapping[str, Any]) -> Any:
        """Call the function with the arguments it names; an overrun of the time budget is noted."""
        began = perf_counter()
        try:
            return self._function(*self._pick(values))
        finally:
            seconds = perf_counter() - began
            if seconds > self._watch.budget:
                self._watch.overran(self.plugin, self.hook, seconds)

    def failed(self, error: Exception) -> None:
        """Note that it raised."""
        self._watch.failed(self.plugin, self.hook, error)


class Relay:
    """The hooks of one set of plugins, in the order they are asked; made once at start.

    The relay of a line is given the ``site``'s, which answers the hooks that are site-wide.
    """

    def __init__(self, manager: pluggy.PluginManager, watch: Watch, site: Relay | None = None) -> None:
        self._implementations = {
            name: tuple(Implementation(found, name, watch) for found in reversed(caller.get_hookimpls()))
            for name, caller in vars(manager.hook).items()
        }
        if site is not None:
            self._implementations |= {name: site[name] for name in SITE_WIDE}

    def __getitem__(self, name: str) -> tuple[Implementation, ...]:
        return self._implementations[name]

    def has(self, name: str) -> bool:
        """Tell whether anybody implements a hook."""
        return bool(self._implementations[name])

    def of(self, call: Call) -> CallHooks:
        """Return the relay for one call, which is added to every hook's arguments."""
        return CallHooks(self, call)

    def notify(self, name: str, values: Mapping[str, Any]) -> None:
        """Tell every plugin; a failure is logged and the others still run. The notifier's thread calls it."""
        for implementation in self._implementations[name]:
            try:
                implementation(values)
            except Exception as error:
                implementation.failed(error)


class CallHooks:
    """What a handler has as ``call.hooks``: one function for each kind of hook."""

    __slots__ = ("relay", "_call", "_savepoints")

    def __init__(self, relay: Relay, call: Call) -> None:
        self.relay = relay
        self._call = call
        self._savepoints = call.db.dialect == "postgresql"

    def has(self, name: str) -> bool:
        """Tell whether anybody implements a hook, so that its arguments need not be made for nobody."""
        return self.relay.has(name)

    def check(self, name: str, /, **values: Any) -> list[Reason]:
        """Ask all plugins and return their reasons; a check that crashed is itself one, ``plugin-failed``."""
        reasons: list[Reason] = []
        values["call"] = self._call
        for implementation in self.relay[name]:
            try:
                answer = (
                    self._in_savepoint(implementation, values) if self._savepoints else implementation(values)
                )
                if answer:
                    reasons += [_of_plugin(reason, implementation.plugin) for reason in answer]
            except TryAgain:
                raise
            except Exception as error:
                implementation.failed(error)
                reasons.append(_crash(implementation))
        return reasons

    def collect(self, name: str, /, **values: Any) -> dict[Any, Any]:
        """Return what the plugins answer as one dict: dicts and lists under one key are joined."""
        merged: dict[Any, Any] = {}
        for answer in self.collect_each(name, **values).values():
            _merge(merged, answer)
        return merged

    def collect_each(self, name: str, /, **values: Any) -> dict[str, Any]:
        """Return each plugin's answer under its name; who crashes or knows nothing is left out."""
        answers = {}
        values["call"] = self._call
        for implementation in self.relay[name]:
            try:
                answer = (
                    self._in_savepoint(implementation, values) if self._savepoints else implementation(values)
                )
                if answer:
                    answers[implementation.plugin] = dict(answer)
            except TryAgain:
                raise
            except Exception as error:
                implementation.failed(error)
        return answers

    def decide(self, name: str, /, **values: Any) -> Any:
        """Return the first answer that is not None; an exception ends the call."""
        values["call"] = self._call
        for implementation in self.relay[name]:
            answer = implementation(values)
            if answer is not None:
                return answer
        return None

    def apply(self, name: str, /, **values: Any) -> list[Any]:
        """Have every plugin do its part in the call's transaction; return the answers that are not None."""
        values["call"] = self._call
        answers = [implementation(values) for implementation in self.relay[name]]
        return [answer for answer in answers if answer is not None]

    def _in_savepoint(self, implementation: Implementation, values: Mapping[str, Any]) -> Any:
        """Keep PostgreSQL's transaction usable after a hook's statement failed; SQLite's always is."""
        with self._call.db.savepoint():
            answer = implementation(values)
            return list(answer) if isinstance(answer, Iterator) else answer


def _picker(names: Sequence[str]) -> Callable[[Mapping[str, Any]], Sequence[Any]]:
    """Make the function that picks a hook's arguments out of all that there are."""
    if len(names) > 1:
        return itemgetter(*names)
    if not names:
        return lambda values: ()
    (only,) = names
    return lambda values: (values[only],)


def _of_plugin(reason: Reason, plugin: str) -> Reason:
    return reason if reason.plugin is not None else msgspec.structs.replace(reason, plugin=plugin)


def _crash(implementation: Implementation) -> Reason:
    info = f"Plugin {implementation.plugin} failed while it checked this; the server's log says why."
    return Reason(FAILED, info, plugin=implementation.plugin)


def _merge(merged: dict[Any, Any], answer: Mapping[Any, Any]) -> None:
    if not merged:
        merged.update(answer)
        return
    for key, value in answer.items():
        known = merged.get(key)
        if isinstance(known, dict) and isinstance(value, dict):
            merged[key] = {**known, **value}
        elif isinstance(known, list) and isinstance(value, list):
            merged[key] = [*known, *value]
        else:
            merged[key] = value
