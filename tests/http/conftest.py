"""Apps whose calls do what a test wants."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future
from types import SimpleNamespace
from typing import Any

import pytest
from falcon.asgi import App

from tracepro.access.caller import Caller
from tracepro.http.edge import Edge
from tracepro.http.errors import add_handlers
from tracepro.http.pool import CallPool
from tracepro.http.resources import Alive
from tracepro.http.rpc import JsonRpc
from tracepro.http.throttle import Throttle
from tracepro.metrics import Metrics
from tracepro.testing.asgi import AsgiClient
from tracepro.testing.client import Response

TESTER = Caller("tester", None, frozenset(("read", "write")), None, "127.0.0.1")


class RpcExchange:
    """An exchange that is ``steps``: functions that give a future to wait for, or None, in turn."""

    needs_thread = True

    def __init__(self, steps: list[Callable[[], Any]], body: bytes) -> None:
        self._steps = steps
        self.replayed = False
        self.answer = b'{"jsonrpc":"2.0","result":%d,"id":1}' % len(body)

    def prepare(self) -> bool:
        return False

    def advance(self) -> Future[Any] | None:
        return self._steps.pop(0)() if self._steps else None


class Fake:
    """An app whose dispatcher and access do as they are told; ``seen`` is what reached the dispatcher."""

    def __init__(self, **edge: Any) -> None:
        self.seen: list[SimpleNamespace] = []
        self.steps: list[Callable[[], Any]] = []
        self.refusal: Exception | None = None
        self.max_batch = 1000
        self.metrics = Metrics(["addop"])
        self.pool = CallPool(2, self.metrics)
        app = App()
        app.req_options.strip_url_path_trailing_slash = True
        add_handlers(app)
        app.add_route("/api", JsonRpc(self, self, self.pool, 1000))
        app.add_route("/healthz", Alive())
        app.add_route("/crash", SimpleNamespace(on_get=self.crash))
        self.edge = Edge(app, self.pool, self.metrics, **edge)
        self.send = AsgiClient(self.edge)

    async def crash(self, req: Any, resp: Any) -> None:
        raise RuntimeError("a bug")

    def authenticate(self, request: Any) -> Caller:
        if self.refusal is not None:
            raise self.refusal
        return TESTER

    def needs_database(self, request: Any) -> bool:
        return True

    def require_valid(self, caller: Caller) -> None:
        """Let everybody go on."""

    def exchange(
        self, body: bytes, caller: Caller, key: str | None, request_id: str, count_calls: Any, hold: Any
    ) -> RpcExchange:
        self.seen.append(SimpleNamespace(body=body, caller=caller, key=key, request_id=request_id))
        return RpcExchange(list(self.steps), body)

    def rpc(self, *chunks: bytes | None, **headers: str) -> Response:
        """Send a JSON-RPC body."""
        return self.send("POST", "/api/", chunks, **{"content-type": "application/json", **headers})


@pytest.fixture
def exchange_of():
    """Make an exchange of steps and a body."""
    return RpcExchange


@pytest.fixture
def fake():
    """Make fake apps; the argument is what the edge takes."""
    made = []

    def make(**edge: Any) -> Fake:
        made.append(Fake(**edge))
        return made[-1]

    yield make
    for one in made:
        one.pool.close()


@pytest.fixture
def throttled(fake):
    """An app that takes two requests at once and one a second."""
    return fake(throttle=Throttle(1, clock=lambda: 0.0))


@pytest.fixture
def error_of():
    """Return number and code of an answer of JSON-RPC that belongs to no call."""

    def error_of(answer: Response) -> tuple[int, str]:
        body = answer.json
        assert body["jsonrpc"] == "2.0" and body["id"] is None and "result" not in body
        assert body["error"]["message"] == body["error"]["data"]["info"]
        return body["error"]["code"], body["error"]["data"]["code"]

    return error_of
