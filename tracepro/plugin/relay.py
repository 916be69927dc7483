"""The relay of a line: asks the plugins that are on there, with one helper for each kind of hook."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from operator import itemgetter
from types import GeneratorType
from typing import Any

import msgspec
import pluggy

from tracepro.calls.call import NeedWrite
from tracepro.calls.errors import PluginFailed
from tracepro.calls.notifier import Notification
from tracepro.calls.running import Kind, Running, here
from tracepro.database.errors import TransactionLost, lost_a_race
from tracepro.plugin.answers import is_json, merge, reasons_of, require_json
from tracepro.plugin.watch import Watch
from tracepro_hookspecs import Call, CallError, Reason, TryAgain
from tracepro_hookspecs.specs import KINDS, SITE_WIDE
from tracepro_hookspecs.specs.answers import ANSWERS

PASSING = (TryAgain, TransactionLost, NeedWrite)
"""What goes through a hook without being its failure: the database's word, and a read that turns into a write."""
_KIND_OF: dict[str, Kind] = {
    name: kind  # type: ignore[misc]
    for kind, module in KINDS.items()
    for name in vars(module)
    if name.startswith("tracepro_")
}


class Implementation:
    """One plugin's function for one hook; calling it costs little more than the function itself."""

    __slots__ = ("plugin", "hook", "kind", "_function", "_pick", "_watch", "_type")

    def __init__(self, found: pluggy.HookImpl, hook: str, watch: Watch) -> None:
        self.plugin = found.plugin_name
        self.hook = hook
        self.kind = _KIND_OF[hook]
        self._function = found.function
        self._pick = _picker(found.argnames)
        self._watch = watch
        self._type = ANSWERS.get(hook)

    def __call__(self, values: Mapping[str, Any]) -> Any:
        """Call the function with the arguments it names, where the watchdog sees it.

        Raises TypeError for an answer that is not of the hook's form.
        """
        stack = here.stack
        stack.append(Running(self.plugin, self.hook, self.kind))
        try:
            answer = self._function(*self._pick(values))
            if type(answer) is GeneratorType:
                answer = list(answer)
        finally:
            stack.pop()
        if answer is not None and self._type is not None:
            msgspec.convert(answer, self._type)
        return answer

    def failed(self, error: BaseException) -> None:
        """Note that it raised."""
        self._watch.failed(self.plugin, self.hook, error)

    def tell(self, values: Mapping[str, Any]) -> None:
        """Run a notify hook, in the notifier's thread; a failure is logged and stays here."""
        if self.plugin in self._watch.lost:
            self._watch.skipped(self.plugin, self.hook)
            return
        try:
            self(values)
        except BaseException as error:
            self.failed(error)


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
        """Tell every plugin; a failure is logged and the others still run."""
        for implementation in self._implementations[name]:
            implementation.tell(values)

    def notifications(self, name: str, values: Mapping[str, Any]) -> list[Notification]:
        """Return what tells every plugin, each on its own."""
        return [
            Notification(f"{name} of {implementation.plugin}", partial(implementation.tell, values))
            for implementation in self._implementations[name]
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
        return self.relay.has(name)

    def check(self, name: str, /, **values: Any) -> list[Reason]:
        """Ask all plugins and return their reasons; a check that crashed is itself one, ``plugin-failed``."""
        reasons: list[Reason] = []
        values["call"] = self._call
        for implementation in self.relay[name]:
            try:
                answer = self._ask(implementation, values)
                if answer is not None:
                    reasons += reasons_of(answer, implementation.plugin)
            except PASSING:
                raise
            except BaseException as error:
                implementation.failed(error)
                reasons += PluginFailed(implementation.plugin, implementation.hook).reasons
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
        for implementation in self.relay[name]:
            try:
                answer = self._ask(implementation, values)
                if answer is not None:
                    require_json(answer)
                    if answer:
                        answers[implementation.plugin] = dict(answer)
            except PASSING:
                raise
            except BaseException as error:
                implementation.failed(error)
        return answers

    def decide(self, name: str, /, **values: Any) -> Any:
        """Return the first answer that is not None. Raises the plugin's CallError, PluginFailed for all else."""
        values["call"] = self._call
        for implementation in self.relay[name]:
            answer = _run(implementation, values)
            if answer is not None:
                return answer
        return None

    def apply(self, name: str, /, **values: Any) -> list[Any]:
        """Have every plugin do its part in the call's transaction; return the answers that are not None.

        Raises the plugin's CallError, PluginFailed for all else.
        """
        values["call"] = self._call
        answers = [_run(implementation, values) for implementation in self.relay[name]]
        return [answer for answer in answers if answer is not None]

    def _ask(self, implementation: Implementation, values: Mapping[str, Any]) -> Any:
        """Ask; on PostgreSQL in a savepoint, to keep the transaction usable after a failed statement."""
        if not self._savepoints:
            return implementation(values)
        with self._call.db.savepoint():
            return implementation(values)


def _run(implementation: Implementation, values: Mapping[str, Any]) -> Any:
    """Run a hook whose failure ends the call. Raises its CallError as it is, PluginFailed for anything else."""
    try:
        return implementation(values)
    except PASSING:
        raise
    except CallError as error:
        if is_json(error.data):
            raise
        implementation.failed(error)
        raise PluginFailed(implementation.plugin, implementation.hook) from error
    except BaseException as error:
        note = partial(implementation.failed, error)
        if lost_a_race(error):  # the transaction is tried again; whoever ends the call notes it
            raise PluginFailed(implementation.plugin, implementation.hook, note) from error
        note()
        raise PluginFailed(implementation.plugin, implementation.hook) from error


def _picker(names: Sequence[str]) -> Callable[[Mapping[str, Any]], Sequence[Any]]:
    """Make the function that picks a hook's arguments out of all that there are."""
    if len(names) > 1:
        return itemgetter(*names)
    if not names:
        return lambda values: ()
    (only,) = names
    return lambda values: (values[only],)
