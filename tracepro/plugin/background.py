"""What plugins do by themselves: each is asked about once a second, in a thread that no call waits for."""

from __future__ import annotations

import time
from functools import partial

from tracepro.calls.notifier import Notifier
from tracepro.plugin.implementation import Implementation
from tracepro.plugin.relay import Relay
from tracepro.plugin.watch import Watch
from tracepro_hookspecs import Site, TryAgain

HOOK = "tracepro_background"
PAUSE_SECONDS = 1.0
REST_SECONDS = 60.0
"""How long a plugin is left alone after a failure, so that it fills no log."""


class Background:
    """Asks the plugins of a site's set for a piece of their work, one after the other; ``tick`` is a job of the watchdog's."""

    def __init__(self, site: Site, relay: Relay, watch: Watch) -> None:
        self._values = {"site": site}
        self._relay = relay
        self._watch = watch
        self._notifier = Notifier()
        self._waiting: set[str] = set()
        self._due: dict[str, float] = {}
        self._closed = False

    def tick(self) -> None:
        """Queue what is due, but nobody a second time."""
        now = time.monotonic()
        for implementation in self._relay.implementations[HOOK]:
            plugin = implementation.plugin
            if plugin not in self._waiting and self._due.setdefault(plugin, now + PAUSE_SECONDS) <= now:
                self._waiting.add(plugin)
                self._notifier.put(partial(self._ask, implementation), f"{HOOK} of {plugin}")

    def abandon(self, thread: int) -> None:
        """Go on in a new thread when the one of this number hangs."""
        self._notifier.abandon(thread)

    def close(self) -> None:
        """Ask nobody any more, and wait for the one that is at work."""
        self._closed = True
        self._notifier.close()

    def _ask(self, implementation: Implementation) -> None:
        pause = PAUSE_SECONDS
        try:
            if not self._closed and implementation.plugin not in self._watch.lost:
                implementation(self._values)
        except TryAgain:
            pass  # the database's word: it may be asked again
        except BaseException as error:
            implementation.failed(error)
            pause = REST_SECONDS
        self._due[implementation.plugin] = time.monotonic() + pause
        self._waiting.discard(implementation.plugin)
