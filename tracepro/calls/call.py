"""The call: what a handler, a rule or a hook is given to read, write, ask and tell."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable
from functools import partial
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from tracepro.calls.errors import require_line
from tracepro.calls.invocation import encode_json
from tracepro.calls.notifier import Notification
from tracepro.calls.running import run, watched
from tracepro_hookspecs import BasicData, Hooks, PluginOff

if TYPE_CHECKING:
    import tracepro_hookspecs
    from tracepro.access.caller import Caller
    from tracepro.calls.site import Site
    from tracepro.database import Session


class NeedWrite(BaseException):
    """A read finds that it must write; the call starts over as a write. No ``except Exception`` may eat it."""


class Call:
    """One call in one transaction; everything it does happens through ``db`` or not at all.

    ``db`` is the session, ``now`` the one time of the call (microseconds UTC), ``caller`` who calls,
    ``request_id`` what the log calls it, ``prepared`` the answer of the method's prepare step.
    ``lines`` are the lines the call touches, ``line`` the one it stands on: None when it touches none or
    several. Options, plugins and hooks are those of ``line``.
    """

    __slots__ = (
        "_context",
        "_hooks",
        "_lines_of",
        "_site",
        "caller",
        "changes",
        "db",
        "line",
        "lines",
        "notifications",
        "now",
        "prepared",
        "refusals",
        "request_id",
    )

    def __init__(
        self,
        site: Site,
        db: Session,
        caller: Caller,
        *,
        request_id: str = "",
        now: int | None = None,
        line: str | None = None,
        prepared: Any = None,
    ) -> None:
        self.db = db
        self.now = site.clock() if now is None else now
        self.caller = caller
        self.request_id = request_id
        self.prepared = prepared
        self.line = line
        self.lines: tuple[str, ...] = (line,) if line is not None else ()
        self.changes: list[dict[str, Any]] = []
        self.notifications: list[Notification] = []
        self.refusals: list[Callable[[Call], object]] = []
        self._site = site
        self._hooks: Hooks | None = None
        self._lines_of: dict[tuple[str, Any], str | None] = {}
        self._context: dict[Hashable, Any] | None = None

    @property
    def context(self) -> dict[Hashable, Any]:
        """What plugins keep from one hook of the call to the next, under keys that begin with their names."""
        if self._context is None:
            self._context = {}
        return self._context

    @property
    def hooks(self) -> Hooks:
        """The hooks of the plugins that are on for this call's line; the call itself is added to their arguments."""
        if self._hooks is None:
            self._hooks = self._site.relay(self.line).of(self)
        return self._hooks

    @property
    def site(self) -> Site:
        """The site, for the core itself."""
        return self._site

    @property
    def zone(self) -> ZoneInfo:
        """The time zone of the site."""
        return self._site.zone

    def set_lines(self, touched: Iterable[str | None]) -> None:
        """Set the lines the call touches; with several, or one beside none, it stands on none of them."""
        each = list(dict.fromkeys(touched))
        self.lines = tuple(line for line in each if line is not None)
        line = each[0] if len(each) == 1 else None
        if line != self.line:
            self.line, self._hooks = line, None

    def line_of(self, parameter: str, value: Any) -> str | None:
        """Return the line a ``wp_id``, ``machine_id`` or ``line_name`` is on; the site's set is asked, once a call."""
        asked = (parameter, value)
        if asked not in self._lines_of:
            hooks = self.hooks if self.line is None else self._site.relay(None).of(self)
            self._lines_of[asked] = hooks.decide("tracepro_line_of", parameter=parameter, value=value)
        return self._lines_of[asked]

    def require_line_of(self, parameter: str, value: Any) -> None:
        """Refuse to change what stands on a line that the caller's token isn't for. Raises ScopeMissing."""
        if self.caller.lines is not None:
            require_line(self.caller, self.line_of(parameter, value))

    def option(self, plugin: str, name: str) -> Any:
        """Return an option of a plugin as it is on this call's line."""
        return self._site.option(plugin, name, self.line)

    def option_on(self, line: str | None, plugin: str, name: str) -> Any:
        """Return an option as it is on a line, of the site for None; for what tells of several lines."""
        return self._site.option(plugin, name, line)

    def parameter(self, section: str, name: str) -> Any:
        """Return a value of parameters.ini, parsed."""
        return self._site.parameter(section, name)

    def public_parameters(self) -> dict[str, dict[str, Any]]:
        """Return the public values of parameters.ini by section and name, typed and not parsed: JSON."""
        return self._site.public_parameters()

    def basic_data(self, name: str) -> BasicData | None:
        """Return a kind of basic data, None where no plugin that is on here brings it.

        Its functions fail as a hook of that plugin does: with the plugin's CallError, PluginFailed for all else.
        """
        found = self._site.basic_data(name)
        return found[1] if found is not None and self.enabled(found[0]) else None

    def enabled(self, plugin: str) -> bool:
        """Tell whether a plugin is on wherever this call happens."""
        on = self._site.plugins_on
        return all(plugin in on(line) for line in self.lines or (None,))

    def require(self, plugin: str) -> None:
        """Refuse data for a plugin that is off here. Raises PluginOff (1004)."""
        for line in self.lines or (None,):
            if plugin not in self._site.plugins_on(line):
                raise PluginOff(plugin, line)

    def need_write(self) -> None:
        """Go on only in a writing transaction; a call that reads starts over in one (access ``upgrade``)."""
        if not self.db.writable:
            raise NeedWrite

    def changed(self, what: str, field: str, before: Any, after: Any, *, hidden: bool = False) -> None:
        """Note for the audit that something was overwritten, unless it is the same as before.

        ``what`` names the object with its id: ``order 17``. Of ``hidden`` values only whether there is one is kept.
        """
        if encode_json(before) == encode_json(after):
            return
        if hidden:
            before, after = (None if value is None else bool(value) for value in (before, after))
        self.changes.append({"what": what, "field": field, "before": before, "after": after})

    def after_commit(self, function: Callable[[], object]) -> None:
        """Have ``function()`` run in the notifier's thread once the call is committed, and never if it isn't."""
        name = getattr(function, "__qualname__", "after_commit")
        self.notifications.append(Notification(name, partial(_tell, function, name)))

    def notify(self, name: str, **values: Any) -> None:
        """Have a notify hook told after the commit, in the notifier's thread."""
        self.notifications += self._site.relay(self.line).notifications(name, values)

    def end(self) -> None:
        """Let go of the hooks, which know the call: else only the garbage collector would free either."""
        self._hooks = None

    def after_refusal(self, function: Callable[[Call], object]) -> None:
        """Have ``function(call)`` run in a transaction of its own if this call ends in an error of the API.

        For what must be kept of a refused call: a login that failed, a wrong password that counts.
        """
        self.refusals.append(function)


def _tell(function: Callable[[], object], name: str) -> None:
    """Run what a plugin has left to be done after the commit, where the watchdog sees it."""
    package = getattr(function, "__module__", None) or ""
    run(watched(package.partition(".")[0].removeprefix("tracepro_"), name, "notify"), function, ())


if TYPE_CHECKING:

    def _is_what_plugins_are_promised(call: Call) -> tracepro_hookspecs.Call:
        """Have mypy prove that the call fits the type that plugin authors write."""
        return call
