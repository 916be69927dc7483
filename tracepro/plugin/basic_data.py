"""Kinds of basic data as a call asks for them: what a plugin's functions do wrong is that plugin's failure."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import Any

from tracepro.calls.errors import PluginFailed
from tracepro.calls.running import Kind, watched
from tracepro.calls.running import run as run_watched
from tracepro.database.errors import lost_a_race
from tracepro.plugin.answers import is_json
from tracepro.plugin.contributions import Registered
from tracepro.plugin.relay import PASSING, Relay
from tracepro.plugin.watch import Watch
from tracepro_hookspecs import BasicData, CallError


def contained(registered: Registered[BasicData], relay: Relay, watch: Watch) -> BasicData:
    """Return a kind of basic data whose functions fail as hooks do, and are not asked while the plugin is out of service."""
    kind = registered.declaration

    def run(access: Kind, function: Callable[..., Any], *args: Any) -> Any:
        relay.require_in_service(registered.plugin)
        where = f"BasicData[{kind.name}]"
        try:
            answer = run_watched(watched(registered.plugin, where, access), function, args)
        except (*PASSING, CallError):
            raise
        except BaseException as error:
            note = partial(watch.failed, registered.plugin, where, error)
            if lost_a_race(error):  # the transaction is tried again; whoever ends the call notes it
                raise _failure(registered.plugin, where, note) from error
            note()
            raise _failure(registered.plugin, where) from error
        if not is_json(answer):
            watch.failed(registered.plugin, where, TypeError(f"{where} answers what is not JSON"))
            raise _failure(registered.plugin, where)
        return answer

    rows = partial(run, "read", kind.rows)
    return replace(kind, rows=rows, set=None if kind.set is None else partial(run, "write", kind.set))


def _failure(plugin: str, where: str, note: Callable[[], None] | None = None) -> PluginFailed:
    info = f"Plugin {plugin} failed in {where}; nothing was written, the server's log says why."
    return PluginFailed(plugin, info, note)
