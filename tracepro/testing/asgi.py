"""HTTP without a socket: sends requests straight to an ASGI app, also those a real client could only send badly."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Awaitable, Callable, Iterable
from functools import cache
from typing import Any
from urllib.parse import unquote

from tracepro.http.exchange import BODY_ARRIVED
from tracepro.testing.client import Response

App = Callable[
    [dict[str, Any], Callable[[], Awaitable[dict[str, Any]]], Callable[[dict[str, Any]], Awaitable[None]]],
    Awaitable[None],
]
DISCONNECT = None
"""A chunk that stands for a client that has gone."""


@cache
def _event_loop() -> asyncio.AbstractEventLoop:
    """Return the one loop of all apps: one app is for one loop, and threads may send to it at once."""
    loop = asyncio.new_event_loop()
    threading.Thread(target=loop.run_forever, name="tracepro-test-loop", daemon=True).start()
    return loop


class AsgiClient:
    """Sends requests to an app and wait for the whole answer.

    ``chunks`` are what arrives of the body; after them the client waits, unless the last one is DISCONNECT.
    Header names are given as keywords, with underscores for dashes.
    """

    def __init__(self, app: App, address: str = "127.0.0.1") -> None:
        self.app = app
        self.address = address

    def __call__(self, verb: str, path: str, chunks: Iterable[bytes | None] = (), **headers: str) -> Response:
        """Send one request from outside of any event loop; several threads may."""
        sending = self.send(verb, path, chunks, **headers)
        return asyncio.run_coroutine_threadsafe(sending, _event_loop()).result()

    async def send(
        self, verb: str, path: str, chunks: Iterable[bytes | None] = (), **headers: str
    ) -> Response:
        """Send one request in the running loop."""
        waiting: list[bytes | None] = list(chunks)
        sent: list[dict[str, Any]] = []
        given: dict[str, str] = {
            "host": "localhost",
            **{name.replace("_", "-"): value for name, value in headers.items()},
        }
        whole = False
        if waiting and "content-length" not in given and "transfer-encoding" not in given:
            given["content-length"] = str(sum(len(chunk) for chunk in waiting if chunk is not DISCONNECT))
            whole = len(waiting) == 1 and waiting[0] is not DISCONNECT

        async def receive() -> dict[str, Any]:
            if not waiting:
                await asyncio.Event().wait()
            chunk = waiting.pop(0)
            if chunk is DISCONNECT:
                return {"type": "http.disconnect"}
            return {"type": "http.request", "body": chunk, "more_body": bool(waiting)}

        async def send(event: dict[str, Any]) -> None:
            sent.append(event)

        scope = self._scope(verb, path, given)
        if whole:
            scope[BODY_ARRIVED] = True
        await self.app(scope, receive, send)
        received = {name.decode().lower(): value.decode("latin-1") for name, value in sent[0]["headers"]}
        return Response(sent[0]["status"], received, b"".join(event.get("body", b"") for event in sent[1:]))

    def _scope(self, verb: str, path: str, headers: dict[str, str]) -> dict[str, Any]:
        path, _, query = path.partition("?")
        return {
            "type": "http",
            "asgi": {"version": "3.0", "spec_version": "2.4"},
            "http_version": "1.1",
            "method": verb,
            "scheme": "http",
            "path": unquote(path),
            "raw_path": path.encode(),
            "root_path": "",
            "query_string": query.encode("latin-1"),
            "client": (self.address, 50000),
            "server": ("127.0.0.1", 8080),
            "headers": [(name.encode(), value.encode("latin-1")) for name, value in headers.items()],
        }
