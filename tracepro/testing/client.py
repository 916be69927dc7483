"""A small HTTP client with one held connection, for tests that look at more than a result."""

from __future__ import annotations

import http.client
import itertools
import json
from collections.abc import Mapping
from typing import Any, NamedTuple

from tracepro.testing.errors import RpcError

HEADERS = {"Content-Type": "application/json"}


class Response(NamedTuple):
    """What came back: the status, the headers with small letters, the body."""

    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        """The body as JSON."""
        return json.loads(self.body)


class Client:
    """Speaks HTTP to one address over one connection that is opened again when it was lost; for one thread."""

    def __init__(self, host: str, port: int, *, timeout: float = 30.0, token: str | None = None) -> None:
        self._connection = http.client.HTTPConnection(host, port, timeout=timeout)
        self._numbers = itertools.count(1)
        self._authorization = {"Authorization": f"Bearer {token}"} if token else {}

    def send(
        self, verb: str, path: str, body: Any = None, headers: Mapping[str, str] | None = None
    ) -> Response:
        """Sends one request; a body that is not bytes is sent as JSON. Raises OSError when the connection fails."""
        data = body if body is None or isinstance(body, bytes) else json.dumps(body).encode()
        try:
            self._connection.request(verb, path, data, {**HEADERS, **self._authorization, **(headers or {})})
            answer = self._connection.getresponse()
            got = {name.lower(): value for name, value in answer.getheaders()}
            return Response(answer.status, got, answer.read())
        except (OSError, http.client.HTTPException) as error:
            self._connection.close()
            raise ConnectionError(f"{verb} {path}: {error!r}") from error

    def answer(self, method: str, params: Any, *, key: str | None = None) -> dict[str, Any]:
        """Calls a method and returns the whole answer."""
        call = {"jsonrpc": "2.0", "id": next(self._numbers), "method": method, "params": params}
        return self.send("POST", "/api/", call, {"Idempotency-Key": key} if key else None).json

    def batch(self, calls: list[tuple[str, Any]], *, key: str | None = None) -> list[dict[str, Any]]:
        """Sends (method, params) pairs in one batch and returns the answers in their order."""
        body = [
            {"jsonrpc": "2.0", "id": n, "method": name, "params": given}
            for n, (name, given) in enumerate(calls)
        ]
        return self.send("POST", "/api/", body, {"Idempotency-Key": key} if key else None).json

    def call(self, method: str, *args: Any, **params: Any) -> Any:
        """Calls a method and returns its result; raises RpcError."""
        answer = self.answer(method, list(args) or params)
        if "error" in answer:
            raise RpcError.of(answer["error"])
        return answer["result"]

    def close(self) -> None:
        """Closes the connection."""
        self._connection.close()
