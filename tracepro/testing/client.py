"""A small HTTP client with one held connection, for tests that look at more than a result."""

from __future__ import annotations

import http.client
import itertools
import json
import select
from collections.abc import Mapping
from typing import Any, NamedTuple

from tracepro.testing.errors import RpcError

__all__ = ["Client", "Response"]

HEADERS = {"Content-Type": "application/json"}


class Response(NamedTuple):
    """What came back: the ``status``, the ``headers`` with small letters, the ``body`` in bytes."""

    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        """The body as JSON."""
        return json.loads(self.body)

    @property
    def text(self) -> str:
        """The body as text."""
        return self.body.decode()


class Client:
    """Speaks HTTP to one address over one connection that is opened again when it was lost; for one thread."""

    def __init__(self, host: str, port: int, *, timeout: float = 30.0, token: str | None = None) -> None:
        self._connection = http.client.HTTPConnection(host, port, timeout=timeout)
        self._numbers = itertools.count(1)
        self._authorization = {"Authorization": f"Bearer {token}"} if token else {}

    def send(
        self, verb: str, path: str, body: Any = None, headers: Mapping[str, str] | None = None
    ) -> Response:
        """Send one request; a body that is not bytes is sent as JSON. Raises OSError when the connection fails."""
        data = body if body is None or isinstance(body, bytes) else json.dumps(body).encode()
        if self._was_left():
            self._connection.close()
        try:
            self._connection.request(verb, path, data, {**HEADERS, **self._authorization, **(headers or {})})
            answer = self._connection.getresponse()
            received = {name.lower(): value for name, value in answer.getheaders()}
            return Response(answer.status, received, answer.read())
        except (OSError, http.client.HTTPException) as error:
            self._connection.close()
            raise ConnectionError(f"{verb} {path}: {error!r}") from error

    def _was_left(self) -> bool:
        """Tell whether the server has closed the connection since the last answer: it keeps idle ones for 75 s."""
        if self._connection.sock is None:
            return False
        readable = select.poll()
        readable.register(self._connection.sock, select.POLLIN)
        return bool(readable.poll(0))

    def answer(self, method: str, params: Any, *, key: str | None = None) -> dict[str, Any]:
        """Call a method and return the whole answer."""
        call = {"jsonrpc": "2.0", "id": next(self._numbers), "method": method, "params": params}
        answer: dict[str, Any] = self._post(call, key).json
        return answer

    def batch(self, calls: list[tuple[str, Any]], *, key: str | None = None) -> list[dict[str, Any]]:
        """Send (method, params) pairs in one batch and return the answers in their order."""
        body = [
            {"jsonrpc": "2.0", "id": number, "method": name, "params": given}
            for number, (name, given) in enumerate(calls)
        ]
        answers: list[dict[str, Any]] = self._post(body, key).json
        return answers

    def _post(self, body: Any, key: str | None) -> Response:
        return self.send("POST", "/api/", body, {"Idempotency-Key": key} if key else None)

    def call(self, method: str, *args: Any, **params: Any) -> Any:
        """Call a method and return its result; raises RpcError."""
        answer = self.answer(method, list(args) or params)
        if "error" in answer:
            raise RpcError.of(answer["error"])
        return answer["result"]

    def close(self) -> None:
        """Close the connection."""
        self._connection.close()
