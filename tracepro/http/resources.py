"""The small resources beside the two APIs: probes, the page, descriptions, metrics."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import msgspec
from falcon import MEDIA_HTML, MEDIA_JSON
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
    """Something to read for whoever has the scope ``read``; made in a thread."""

    def __init__(
        self, policy: Policy, pool: CallPool, make: Callable[[], bytes], media_type: str = MEDIA_JSON
    ) -> None:
        self._policy = policy
        self._pool = pool
        self._make = make
        self._media_type = media_type

    async def on_get(self, req: Request, resp: Response) -> None:
        """Answer it. Raises AccessError, or ScopeMissing for a token that may not read."""
        resp.data = await self._pool.in_thread(self._content, req.scope[EXCHANGE])
        resp.content_type = self._media_type

    on_head = on_get

    def _content(self, exchange: Exchange) -> bytes:
        require_read(authenticate(self._policy, exchange))
        return self._make()


class Home:
    """``GET /``: a page for whoever opens the server in a browser."""

    def __init__(self, site: Site, pool: CallPool) -> None:
        self._site = site
        self._pool = pool

    async def on_get(self, req: Request, resp: Response) -> None:
        """Answer the page; what runs is shown only to callers that may read."""
        resp.data = await self._pool.in_thread(self._page, req.scope[EXCHANGE])
        resp.content_type = MEDIA_HTML

    on_head = on_get

    def _page(self, exchange: Exchange) -> bytes:
        host = exchange.headers.get("host", "localhost:8080")[:200]
        return pages.home(self._site, host, may_read=self._may_read(exchange))

    def _may_read(self, exchange: Exchange) -> bool:
        try:
            return authenticate(self._site.policy, exchange).may("read")
        except Throttled:
            raise
        except CallError:
            return False


def require_read(caller: Caller) -> None:
    """Refuse a caller that may not read. Raises ScopeMissing."""
    if not caller.may("read"):
        raise ScopeMissing(f"This needs the scope read, which {caller.name} doesn't have.", scope="read")


def encoded(make: Callable[[], object]) -> Callable[[], bytes]:
    """Return a function that returns what ``make()`` does, as JSON."""
    return lambda: msgspec.json.encode(make())
