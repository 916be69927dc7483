"""One plugin's function for one hook, as the relay asks it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from operator import itemgetter
from typing import Any

import pluggy

from tracepro.calls.errors import PluginFailed
from tracepro.calls.running import Kind, run, watched
from tracepro.plugin.answers import WrongAnswer, judge_of
from tracepro.plugin.watch import Watch
from tracepro_hookspecs.specs import KINDS

_KIND_OF: dict[str, Kind] = {
    name: kind  # type: ignore[misc]
    for kind, module in KINDS.items()
    for name in vars(module)
    if name.startswith("tracepro_")
}


_SEE_LOG = "; nothing was written, the server's log says why."


class Implementation:
    """One plugin's function for one hook; calling it costs little more than the function itself."""

    __slots__ = ("plugin", "hook", "kind", "_function", "_judge", "_only", "_pick", "_watch", "watched")

    def __init__(self, found: pluggy.HookImpl, hook: str, watch: Watch) -> None:
        self.plugin = found.plugin_name
        self.hook = hook
        self.kind = _KIND_OF[hook]
        self._function = found.function
        names = found.argnames
        self._pick = itemgetter(*names) if names else _nothing
        self._only = len(names) == 1
        self._watch = watch
        self.watched = watched(self.plugin, hook, self.kind)
        self._judge = judge_of(hook, self.kind, self.plugin)

    def __call__(self, values: Mapping[str, Any]) -> Any:
        """Call the function with the arguments it names, where the watchdog sees it.

        Raises WrongAnswer for what the hook may not answer.
        """
        picked = self._pick(values)
        answer = run(self.watched, self._function, (picked,) if self._only else picked)
        return answer if answer is None or self._judge is None else self._judge(answer)

    def failed(self, error: BaseException) -> None:
        """Note that it raised."""
        self._watch.failed(self.plugin, self.hook, error)

    def failure(self, error: BaseException, note: Callable[[], None] | None = None) -> PluginFailed:
        """Return the error of a call that needed its answer; what an exception says is for the log alone."""
        why = f": {error}. Nothing was written." if isinstance(error, WrongAnswer) else _SEE_LOG
        return PluginFailed(self.plugin, f"Plugin {self.plugin} failed in {self.hook}{why}", note)

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
