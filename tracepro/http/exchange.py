"""One HTTP request as the handlers see it: its headers, its body to be read, its id, its caller."""

from __future__ import annotations

import secrets
from dataclasses import replace
from typing import Any

from tracepro.access.caller import Caller
from tracepro.access.policy import Policy
from tracepro.http.body import Receive, RequestBody

EXCHANGE = "tracepro.exchange"
LONGEST_REQUEST_ID = 100
SURPLUS = "tracepro.surplus"
"""True in the scope of a request whose connection found no place."""


class Exchange:
    """What belongs to one request; the edge makes it and puts it into the ASGI scope under EXCHANGE.

    ``request_id`` is ours; ``client_request_id`` is the client's ``X-Request-Id``, kept beside it.
    ``refusal_code`` is the code of what it was refused with, ``recorded`` tells that the call has its record, ``surplus``
    that its connection found no place.
    """

    __slots__ = (
        "headers",
        "verb",
        "version",
        "request_id",
        "client_request_id",
        "client",
        "local",
        "body",
        "refusal_code",
        "recorded",
        "surplus",
    )

    def __init__(self, scope: dict[str, Any], receive: Receive, seconds: float) -> None:
        self.headers = _headers(scope["headers"])
        self.request_id = secrets.token_hex(8)
        self.client_request_id = _harmless(self.headers.get("x-request-id"))
        self.verb: str = scope["method"]
        self.version: str = scope["http_version"]
        self.refusal_code: str | None = None
        self.recorded = False
        self.surplus: bool = scope.get(SURPLUS, False)
        self.client: tuple[str, int] | None = scope.get("client")
        self.local: str | None = server[0] if (server := scope.get("server")) else None
        self.body = RequestBody(receive, _content_length(self.headers), seconds)

    @property
    def ends_connection(self) -> bool:
        """True when the connection can't go on after the answer.

        What a client sends next could not be told from the rest of a body that it still has to send; and one of
        HTTP/1.0 waits for the end unless it is told otherwise.
        """
        return not self.body.ended or self.version == "1.0"

    @property
    def peer(self) -> str | None:
        """The address of the connection's other end."""
        return self.client[0] if self.client else None

    @property
    def idempotency_key(self) -> str | None:
        """The ``Idempotency-Key`` as sent; whoever uses it judges its form."""
        return self.headers.get("idempotency-key")


def authenticate(policy: Policy, exchange: Exchange) -> Caller:
    """Return who sent a request. Raises AccessError, or TryAgain when the database is away."""
    caller, own_id = policy.authenticate(exchange), exchange.client_request_id
    return caller if own_id is None else replace(caller, client_request_id=own_id)


def _headers(raw: list[tuple[bytes, bytes]]) -> dict[str, str]:
    headers: dict[str, str] = {}
    for name, value in raw:
        key, text = name.decode("latin-1").lower(), value.decode("latin-1")
        headers[key] = f"{headers[key]}, {text}" if key in headers else text
    return headers


def _harmless(offered: str | None) -> str | None:
    """Return a client's id of its request, cut to what is kept and with control characters escaped; None for none."""
    if not offered:
        return None
    escaped = "".join(
        char if char.isprintable() else repr(char)[1:-1] for char in offered[:LONGEST_REQUEST_ID]
    )
    return escaped[:LONGEST_REQUEST_ID]


def _content_length(headers: dict[str, str]) -> int | None:
    """Return the length of the body, None when it comes in chunks."""
    if "transfer-encoding" in headers:
        return None
    length = headers.get("content-length", "0")
    return int(length) if length.isascii() and length.isdigit() else None
