"""One plugin's function for one hook, as the relay asks it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from operator import itemgetter
from typing import Any

import msgspec
import pluggy

from tracepro.calls.errors import PluginFailed
from tracepro.calls.running import Kind, run, watched
from tracepro.plugin.watch import Watch
from tracepro_hookspecs.specs import KINDS
from tracepro_hookspecs.specs.answers import ANSWERS

_KIND_OF: dict[str, Kind] = {
    name: kind  # type: ignore[misc]
    for kind, module in KINDS.items()
    for name in vars(module)
    if name.startswith("tracepro_")
}
_FORMS = {
    hook: msgspec.defstruct("Answer", [("answer", kind)], array_like=True) for hook, kind in ANSWERS.items()
}
"""The answers' types, each in a struct: what msgspec knows of a struct it keeps, of any other type it finds it out anew."""


class Implementation:
    """One plugin's function for one hook; calling it costs little more than the function itself."""

    __slots__ = ("plugin", "hook", "kind", "_form", "_function", "_only", "_pick", "_watch", "_watched")

    def __init__(self, found: pluggy.HookImpl, hook: str, watch: Watch) -> None:
        self.plugin = found.plugin_name
        self.hook = hook
        self.kind = _KIND_OF[hook]
        self._function = found.function
        names = found.argnames
        self._pick = itemgetter(*names) if names else _nothing
        self._only = len(names) == 1
        self._watch = watch
        self._watched = watched(self.plugin, hook, self.kind)
        self._form = _FORMS.get(hook)

    def __call__(self, values: Mapping[str, Any]) -> Any:
        """Call the function with the arguments it names, where the watchdog sees it.

        Raises TypeError for an answer that is not of the hook's form.
        """
        picked = self._pick(values)
        answer = run(self._watched, self._function, (picked,) if self._only else picked)
        if answer is not None and self._form is not None:
            msgspec.convert((answer,), self._form)
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


def _nothing(values: Mapping[str, Any]) -> tuple[()]:
    """Pick nothing, for a function without arguments."""
    return ()
