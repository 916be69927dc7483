"""A terminal that sends every booking with a key until it knows what became of it, and loses some answers."""

from __future__ import annotations

import contextlib
import itertools
import json
import random
import socket
import threading
import time
from collections.abc import Collection, Mapping
from typing import Any

from benchmarks.soak.journal import Journal
from tracepro.testing.client import Client, Response
from tracepro.testing.errors import RpcError
from tracepro.testing.server import HOST

LOST, DONE = 0.01, 0.7
"""The share of bookings whose first answer is lost, and that of those which surely were done."""
SECRET = ("loginwp", "issueotp")
"""The methods whose answers are not kept for a key, since they tell secrets: their answers are not lost here."""
AGAIN = ("busy", "database-unavailable", "key-in-progress")
"""The codes after which a booking is sent again."""
PATIENCE, PAUSE = 120.0, 0.05


class Ended(Exception):
    """The soak has ended; whoever is told so stops working."""


class Terminal:
    """Makes calls at a pace: one every ``interval`` seconds; for one thread."""

    def __init__(
        self, name: str, port: int, journal: Journal, stop: threading.Event, interval: float
    ) -> None:
        self.name, self.port, self.journal, self.stop = name, port, journal, stop
        self.interval = interval
        self.rng = random.Random(name)
        self._client = Client(HOST, port)
        self._keys = itertools.count(1)
        self._due = time.monotonic() + self.rng.random() * interval

    def read(self, method: str, expected: Collection[str] = (), **params: Any) -> Any:
        """Make a call that changes nothing and return its result, None when it was refused as expected."""
        self.pace()
        try:
            return self._result(method, params, None, expected)
        except RpcError as error:
            if error.data.get("code") not in expected:
                raise
            return None

    def write(self, method: str, expected: Collection[str] = (), **params: Any) -> Any:
        """Make a booking and return its result once it was acknowledged. Raises RpcError for a refusal that is expected."""
        self.pace()
        key = None if method in SECRET else self.key()
        if key and self.rng.random() < LOST:
            self._lose(method, params, key)
        result = self._result(method, params, key, expected)
        self.journal.acknowledge(method, result)
        return result

    def _result(
        self, method: str, params: Mapping[str, Any], key: str | None, expected: Collection[str]
    ) -> Any:
        deadline = time.monotonic() + PATIENCE
        while time.monotonic() < deadline:
            answer = self._answer(method, params, key)
            if "result" in answer:
                return answer["result"]
            error = RpcError.of(answer["error"])
            code = str((error.data or {}).get("code", error.code))
            if code not in AGAIN:
                self.journal.refused(f"{self.name}: {method}: {error}", code, expected=code in expected)
                raise error
            self.journal.refused(self.name, code, expected=True)
            time.sleep(PAUSE)
        raise RuntimeError(f"{self.name} got no answer to {method} for {PATIENCE:g} s.")

    def _answer(self, method: str, params: Mapping[str, Any], key: str | None) -> dict[str, Any]:
        body = {"jsonrpc": "2.0", "id": 1, "method": method, "params": params}
        answer = self.send("POST", "/api/", body, {"Idempotency-Key": key} if key else {})
        if answer.headers.get("idempotency-replayed"):
            self.journal.count("answers that came again by their key")
        parsed: dict[str, Any] = answer.json
        return parsed

    def send(
        self,
        verb: str,
        path: str,
        body: Any = None,
        headers: Mapping[str, str] | None = None,
        *,
        page: bool = False,
    ) -> Response:
        """Send a request, again when the connection fails, and note how long its answer took."""
        begun = time.monotonic()
        answer = self._sent(verb, path, body, headers)
        self.journal.answered(begun, time.monotonic() - begun, page=page)
        if answer.status >= 500 and answer.status != 503:
            self.journal.fault(f"{verb} {path} was answered {answer.status}")
        return answer

    def _sent(self, verb: str, path: str, body: Any, headers: Mapping[str, str] | None) -> Response:
        deadline = time.monotonic() + PATIENCE
        while True:
            try:
                return self._client.send(verb, path, body, headers)
            except ConnectionError:
                if time.monotonic() > deadline:
                    raise
                self.journal.count("connections that failed")
                time.sleep(PAUSE)

    def _lose(self, method: str, params: Mapping[str, Any], key: str) -> None:
        """Send a booking and leave before its answer."""
        body = json.dumps({"jsonrpc": "2.0", "id": 1, "method": method, "params": params}).encode()
        head = f"POST /api/ HTTP/1.1\r\nHost: {HOST}\r\nContent-Type: application/json\r\nIdempotency-Key: {key}\r\n"
        with contextlib.suppress(OSError), socket.create_connection((HOST, self.port)) as lost:
            lost.sendall(f"{head}Content-Length: {len(body)}\r\n\r\n".encode() + body)
            if self.rng.random() < DONE:
                lost.settimeout(PATIENCE)
                lost.recv(1)
        self.journal.count("answers lost")

    def key(self) -> str:
        """Return an idempotency key of its own for a booking."""
        return f"{self.name}-{next(self._keys):08}"

    def pace(self) -> None:
        """Wait until the next call is due. Raises Ended when the soak has ended."""
        now = time.monotonic()
        if self.stop.wait(max(0.0, self._due - now)):
            raise Ended
        self._due = max(self._due, now - self.interval) + self.interval

    def close(self) -> None:
        """Close the connection."""
        self._client.close()
