"""One plugin's function for one hook, as the relay asks it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from operator import itemgetter
from types import GeneratorType
from typing import Any

import msgspec
import pluggy

from tracepro.calls.errors import PluginFailed
from tracepro.calls.running import Kind, enter, leave, watched
from tracepro.plugin.watch import Watch
from tracepro_hookspecs.specs import KINDS
from tracepro_hookspecs.specs.answers import ANSWERS

_KIND_OF: dict[str, Kind] = {
    name: kind  # type: ignore[misc]
    for kind, module in KINDS.items()
    for name in vars(module)
    if name.startswith("tracepro_")
}


class Implementation:
    """One plugin's function for one hook; calling it costs little more than the function itself."""

    __slots__ = ("plugin", "hook", "kind", "_function", "_pick", "_watch", "_watched", "_type")

    def __init__(self, found: pluggy.HookImpl, hook: str, watch: Watch) -> None:
        self.plugin = found.plugin_name
        self.hook = hook
        self.kind = _KIND_OF[hook]
        self._function = found.function
        self._pick = _picker(found.argnames)
        self._watch = watch
        self._watched = watched(self.plugin, hook, self.kind)
        self._type = ANSWERS.get(hook)

    def __call__(self, values: Mapping[str, Any]) -> Any:
        """Call the function with the arguments it names, where the watchdog sees it.

        Raises TypeError for an answer that is not of the hook's form.
        """
        enter(self._watched)
        try:
            answer = self._function(*self._pick(values))
            if type(answer) is GeneratorType:
                answer = list(answer)
        finally:
            leave()
        if answer is not None and self._type is not None:
            msgspec.convert(answer, self._type)
        return answer

    def failed(self, error: BaseException) -> None:
        """Note that it raised."""
        self._watch.failed(self.plugin, self.hook, error)

    def failure(self, note: Callable[[], None] | None = None) -> PluginFailed:
        """Return the error of a call that needed its answer."""
        info = f"Plugin {self.plugin} failed in {self.hook}; nothing was written, the server's log says why."
        return PluginFailed(self.plugin, info, note)

    def tell(self, values: Mapping[str, Any]) -> None:
        """Run a notify hook, in the notifier's thread; a failure is logged and stays here."""
        if self.plugin in self._watch.lost:
            self._watch.skipped(self.plugin, self.hook)
            return
        try:
            self(values)
        except BaseException as error:
            self.failed(error)


class OutOfService(Implementation):
    """The place of a hook whose plugin is out of service: whoever needs its answer gets ``info``."""

    __slots__ = ("_info",)

    def __init__(self, original: Implementation, info: str) -> None:
        self.plugin, self.hook, self._info = original.plugin, original.hook, info

    def __call__(self, values: Mapping[str, Any]) -> Any:
        """Raise PluginFailed."""
        raise PluginFailed(self.plugin, self._info)


def _picker(names: Sequence[str]) -> Callable[[Mapping[str, Any]], Sequence[Any]]:
    """Make the function that picks a hook's arguments out of all that there are."""
    if len(names) > 1:
        return itemgetter(*names)
    if not names:
        return lambda values: ()
    (only,) = names
    return lambda values: (values[only],)
