"""The relay of a line: asks the plugins that are on there, with one helper for each kind of hook."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import partial
from typing import Any

import pluggy

from tracepro.calls.call import NeedWrite
from tracepro.calls.errors import ContractBroken, PluginFailed
from tracepro.calls.notifier import Notification
from tracepro.database.errors import TransactionLost, lost_a_race
from tracepro.database.lists import ListTooLong
from tracepro.plugin.answers import is_json, merge
from tracepro.plugin.implementation import Implementation, OutOfService
from tracepro.plugin.watch import Watch
from tracepro_hookspecs import Call, CallError, Reason, TryAgain
from tracepro_hookspecs.specs import SITE_WIDE

PASSING = (TryAgain, TransactionLost, NeedWrite, ListTooLong, ContractBroken)
"""What goes through a hook without being its failure.

It is the database's word, a read that turns into a write, a list too long to be answered, and a failure that the
development mode has told.
"""
Implement = Callable[[pluggy.HookImpl, str, Watch], Implementation]


class Relay:
    """The hooks of one set of plugins; made once at start. ``implementations`` are those of each, in the order they are asked.

    The relay of a line is given the ``site``'s, which answers the hooks that are site-wide. ``implement`` makes what is
    asked of a plugin's function.
    """

    def __init__(
        self,
        manager: pluggy.PluginManager,
        watch: Watch,
        site: Relay | None = None,
        implement: Implement = Implementation,
    ) -> None:
        self.implementations = {
            name: tuple(implement(found, name, watch) for found in reversed(caller.get_hookimpls()))
            for name, caller in vars(manager.hook).items()
        }
        if site is not None:
            self.implementations |= {name: site.implementations[name] for name in SITE_WIDE}
        self._enabled = self.implementations
        self._out: Mapping[str, str] = {}

    def set_out_of_service(self, out: Mapping[str, str]) -> None:
        """Ask no hook of these plugins; each stands with the sentence that says why."""
        self._out = out
        self.implementations = {
            name: tuple(_in_service(implementations, out)) for name, implementations in self._enabled.items()
        }

    def require_in_service(self, plugin: str) -> None:
        """Refuse what a plugin does itself while it is out of service. Raises PluginFailed."""
        if plugin in self._out:
            raise PluginFailed(plugin, self._out[plugin])

    def has(self, name: str) -> bool:
        """Tell whether anybody implements a hook."""
        return bool(self.implementations[name])

    def of(self, call: Call) -> CallHooks:
        """Return the relay for one call, which is added to every hook's arguments."""
        return CallHooks(self, call)

    def notify(self, name: str, values: Mapping[str, Any]) -> None:
        """Tell every plugin; a failure is logged and the others still run."""
        for implementation in self.implementations[name]:
            implementation.tell(values)

    def notifications(self, name: str, values: Mapping[str, Any]) -> list[Notification]:
        """Return what tells every plugin, each on its own."""
        return [
            Notification(f"{name} of {implementation.plugin}", partial(implementation.tell, values))
            for implementation in self.implementations[name]
        ]


class CallHooks:
    """What a handler has as ``call.hooks``: one function for each kind of hook."""

    __slots__ = ("relay", "_call", "_savepoints")

    def __init__(self, relay: Relay, call: Call) -> None:
        self.relay = relay
        self._call = call
        self._savepoints = call.db.dialect == "postgresql"

    def has(self, name: str) -> bool:
        """Tell whether anybody implements a hook, so that its arguments need not be made for nobody."""
        return bool(self.relay.implementations[name])

    def check(self, name: str, /, **values: Any) -> list[Reason]:
        """Ask all plugins and return their reasons; a check that crashed is itself one, ``plugin-failed``."""
        reasons: list[Reason] = []
        values["call"] = self._call
        ask = self._ask_in_savepoint if self._savepoints else None
        for implementation in self.relay.implementations[name]:
            try:
                answer = implementation(values) if ask is None else ask(implementation, values)
                if answer:
                    reasons += answer
            except PASSING:
                raise
            except PluginFailed as failure:
                reasons += failure.reasons
            except BaseException as error:
                implementation.failed(error)
                reasons += implementation.failure(error).reasons
        return reasons

    def collect(self, name: str, /, **values: Any) -> dict[Any, Any]:
        """Return what the plugins answer as one dict: dicts and lists under one key are joined."""
        merged: dict[Any, Any] = {}
        for answer in self.collect_each(name, **values).values():
            merge(merged, answer)
        return merged

    def collect_each(self, name: str, /, **values: Any) -> dict[str, Any]:
        """Return each plugin's answer under its name; who crashes, knows nothing or answers no JSON is left out."""
        answers = {}
        values["call"] = self._call
        ask = self._ask_in_savepoint if self._savepoints else None
        for implementation in self.relay.implementations[name]:
            try:
                answer = implementation(values) if ask is None else ask(implementation, values)
                if answer:
                    answers[implementation.plugin] = answer
            except PASSING:
                raise
            except BaseException as error:
                implementation.failed(error)
        return answers

    def decide(self, name: str, /, **values: Any) -> Any:
        """Return the first answer that is not None. Raises the plugin's CallError, PluginFailed for all else."""
        values["call"] = self._call
        for implementation in self.relay.implementations[name]:
            try:
                answer = implementation(values)
            except BaseException as error:
                if _passes(error):
                    raise
                raise _failure(implementation, error) from error
            if answer is not None:
                return answer
        return None

    def apply(self, name: str, /, **values: Any) -> list[Any]:
        """Have every plugin do its part in the call's transaction; return the answers that are not None.

        Raises the plugin's CallError, PluginFailed for all else.
        """
        values["call"] = self._call
        answers = []
        for implementation in self.relay.implementations[name]:
            try:
                answer = implementation(values)
            except BaseException as error:
                if _passes(error):
                    raise
                raise _failure(implementation, error) from error
            if answer is not None:
                answers.append(answer)
        return answers

    def _ask_in_savepoint(self, implementation: Implementation, values: Mapping[str, Any]) -> Any:
        """Ask so that the transaction stays usable after a failed statement, which ends those of PostgreSQL."""
        with self._call.db.savepoint():
            return implementation(values)


def _in_service(
    implementations: Iterable[Implementation], out: Mapping[str, str]
) -> Iterator[Implementation]:
    """Yield hooks as they are asked while plugins are out of service; who only collects or is told is left out."""
    for implementation in implementations:
        if implementation.plugin not in out:
            yield implementation
        elif implementation.kind in ("check", "decide", "apply"):
            yield OutOfService(implementation, out[implementation.plugin])


def _passes(error: BaseException) -> bool:
    """Tell whether what a hook raised ends the call as it is."""
    return isinstance(error, PASSING) or (isinstance(error, CallError) and is_json(error.data))


def _failure(implementation: Implementation, error: BaseException) -> PluginFailed:
    """Note that a hook failed whose answer the call needs, and return what ends the call."""
    note = partial(implementation.failed, error)
    if lost_a_race(error):  # the transaction is tried again; whoever ends the call notes it
        return implementation.failure(error, note)
    note()
    return implementation.failure(error)
