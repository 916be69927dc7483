"""The small resources beside the two APIs: probes, the page, descriptions, metrics."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import msgspec
from falcon import MEDIA_HTML, MEDIA_JSON, HTTPSeeOther
from falcon.asgi import Request, Response

from tracepro import pages
from tracepro.access.caller import Caller
from tracepro.access.errors import Throttled
from tracepro.access.policy import Policy
from tracepro.calls.errors import ScopeMissing
from tracepro.http.exchange import EXCHANGE, Exchange, authenticate
from tracepro.http.pool import CallPool
from tracepro_hookspecs import CallError, TryAgain

if TYPE_CHECKING:
    from tracepro.site import Site

PROBE_SECONDS = 3.0


class Alive:
    """``GET /healthz``: the process runs; answered in the loop, whatever threads and database do."""

    async def on_get(self, req: Request, resp: Response) -> None:
        """Answer that it runs."""
        resp.data, resp.content_type = b'{"status":"ok"}', MEDIA_JSON

    on_head = on_get


class Ready:
    """``GET /readyz``: the database answers and writes get through; 503 with the sentence when they don't."""

    def __init__(self, ask: Callable[[], bytes]) -> None:
        self._ask = ask
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="tracepro-probe")

    async def on_get(self, req: Request, resp: Response) -> None:
        """Ask the database, for a moment, in a thread that no call needs."""
        asked = asyncio.get_running_loop().run_in_executor(self._thread, self._ask)
        try:
            resp.data = await asyncio.wait_for(asked, PROBE_SECONDS)
        except TimeoutError:
            raise TryAgain(
                "database-unavailable", "The database didn't answer in time.", outcome="none"
            ) from None
        resp.content_type = MEDIA_JSON

    on_head = on_get


class Guarded:
    """Something that tells of the server, for callers that may look at it; made in a thread."""

    def __init__(
        self, policy: Policy, pool: CallPool, make: Callable[[], bytes], media_type: str = MEDIA_JSON
    ) -> None:
        self._policy = policy
        self._pool = pool
        self._make = make
        self._media_type = media_type

    async def on_get(self, req: Request, resp: Response) -> None:
        """Answer it. Raises AccessError, or ScopeMissing for a caller that may not look."""
        resp.data = await self._pool.in_thread(self._content, req.scope[EXCHANGE])
        resp.content_type = self._media_type

    on_head = on_get

    def _content(self, exchange: Exchange) -> bytes:
        require_look(authenticate(self._policy, exchange))
        return self._make()


class Home:
    """``GET /``: a page for whoever opens the server in a browser; where there are pages for people it leads them there."""

    def __init__(self, site: Site, pool: CallPool, lead: str | None) -> None:
        self._site = site
        self._pool = pool
        self._lead = lead

    async def on_get(self, req: Request, resp: Response) -> None:
        """Answer the page; what runs is shown only to callers that may look at it."""
        if self._lead is not None and "text/html" in (req.get_header("accept") or ""):
            raise HTTPSeeOther(self._lead)
        resp.data = await self._pool.in_thread(self._page, req.scope[EXCHANGE])
        resp.content_type = MEDIA_HTML

    on_head = on_get

    def _page(self, exchange: Exchange) -> bytes:
        host = exchange.headers.get("host", "localhost:8080")[:200]
        return pages.home(self._site, host, shows_plugins=self._may_look(exchange))

    def _may_look(self, exchange: Exchange) -> bool:
        try:
            return may_look(authenticate(self._site.policy, exchange))
        except Throttled:
            raise
        except CallError:
            return False


def may_look(caller: Caller) -> bool:
    """Tell whether a caller may see what the server tells of itself: who reads the plant, and who administers it."""
    return caller.may("read") or caller.may("admin")


def require_look(caller: Caller) -> None:
    """Refuse a caller that may not look at the server. Raises ScopeMissing."""
    if not may_look(caller):
        info = f"This needs the scope read or admin, and {caller.name} has neither; use a token that has one."
        raise ScopeMissing(info, scope="read")


def encoded(make: Callable[[], object]) -> Callable[[], bytes]:
    """Return a function that returns what ``make()`` does, as JSON."""
    return lambda: msgspec.json.encode(make())
