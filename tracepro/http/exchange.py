"""One HTTP request as the handlers see it: its headers, its body to be read, its id, its caller."""

from __future__ import annotations

import secrets
from contextlib import suppress
from dataclasses import replace
from functools import lru_cache
from random import Random
from typing import Any

from tracepro.access.caller import Caller
from tracepro.access.errors import Unauthenticated
from tracepro.access.policy import Policy
from tracepro.access.tokens import bearer_id
from tracepro.http.body import BodyWaits, Receive, RequestBody
from tracepro.http.in_flight import BytesInFlight, Held
from tracepro.http.pool import CallPool
from tracepro.http.throttle import Throttle
from tracepro_hookspecs import TryAgain
from tracepro_hookspecs.records import escaped

EXCHANGE = "tracepro.exchange"
LONGEST_REQUEST_ID = 100
LONGEST_KNOWN = 64
"""Names of headers up to this length are kept, so that those that every request has are read once."""
SURPLUS = "tracepro.surplus"
"""True in the scope of a request whose connection found no place."""
BODY_ARRIVED = "tracepro.body_arrived"
"""True in the scope of a request whose body came whole with its headers."""


class RequestIds:
    """Gives ids that no two requests share; made after the fork, or two processes would give the same ones.

    The system is asked once: to ask it each time gives the interpreter's lock away in the middle of a request.
    """

    def __init__(self) -> None:
        self._random = Random(secrets.randbits(128))

    def next(self) -> str:
        """Return 16 hexadecimal digits."""
        return f"{self._random.getrandbits(64):016x}"


class Exchange:
    """What belongs to one request; the edge makes it and puts it into the ASGI scope under EXCHANGE.

    ``request_id`` is ours; ``client_request_id`` is the client's ``X-Request-Id``, kept beside it.
    ``caller`` is there once it is authenticated, ``refusal_code`` is the code of what it was refused with, ``recorded``
    tells that the call has its record, ``surplus`` that its connection found no place; ``held`` counts the bytes of its
    body and its answer.
    """

    __slots__ = (
        "headers",
        "verb",
        "version",
        "request_id",
        "client_request_id",
        "client",
        "local",
        "caller",
        "_throttle",
        "body",
        "refusal_code",
        "recorded",
        "surplus",
        "held",
    )

    def __init__(
        self,
        scope: dict[str, Any],
        receive: Receive,
        seconds: float,
        throttle: Throttle,
        in_flight: BytesInFlight,
        waits: BodyWaits,
        request_id: str,
    ) -> None:
        self.headers = _headers(scope["headers"])
        self.request_id = request_id
        self.client_request_id = _harmless(self.headers.get("x-request-id"))
        self.verb: str = scope["method"]
        self.version: str = scope["http_version"]
        self.caller: Caller | None = None
        self._throttle = throttle
        self.refusal_code: str | None = None
        self.recorded = False
        self.surplus: bool = scope.get(SURPLUS, False)
        self.client: tuple[str, int] | None = scope.get("client")
        self.local: str | None = server[0] if (server := scope.get("server")) else None
        self.held = held = Held(in_flight)
        arrived = scope.get(BODY_ARRIVED, False)
        length = _content_length(self.headers)
        self.body = RequestBody(receive, length, seconds, held, waits, arrived=arrived)

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

    def throttle(self) -> None:
        """Refuse a caller that had too many calls, before anybody asks whether its token is good. Raises Throttled."""
        sent = self.headers.get("authorization")
        token_id = None if sent is None else bearer_id(sent)
        if token_id is None:
            self._throttle.take(self.peer or "")
        else:
            self._throttle.refuse_spent(token_id)

    def authenticated(self, caller: Caller) -> None:
        """Count the first call of a token that is good."""
        self.caller = caller
        if caller.token_id is not None:
            self._throttle.take(caller.token_id)

    def wrong_token(self) -> None:
        """Count a wrong token. Raises Throttled when its address had too many."""
        if "authorization" in self.headers:
            self._throttle.count_wrong(self.peer)

    def count_calls(self, more: int) -> None:
        """Count the calls of the body after the first one. Raises Throttled."""
        if more and self.caller is not None:
            self._throttle.take(self.caller.token_id or self.peer or "", more)

    @property
    def idempotency_key(self) -> str | None:
        """The ``Idempotency-Key`` as sent; whoever uses it judges its form."""
        return self.headers.get("idempotency-key")


def authenticate(policy: Policy, exchange: Exchange) -> Caller:
    """Return who sent a request. Raises AccessError, or TryAgain when the database is away."""
    if exchange.caller is not None:
        policy.require_valid(exchange.caller)  # the token may have ended while the body came
        return exchange.caller
    try:
        caller = policy.authenticate(exchange)
    except Unauthenticated:
        exchange.wrong_token()
        raise
    if exchange.client_request_id is not None:
        caller = replace(caller, client_request_id=exchange.client_request_id)
    exchange.authenticated(caller)
    return caller


async def authenticate_first(policy: Policy, pool: CallPool, exchange: Exchange) -> None:
    """Find out by the headers alone who sends a body that is still to come. Raises AccessError.

    So nothing is read, or waited for, of a body that nobody may send. When the database is away nobody can tell now: the
    thread that takes the body asks again, and answers each call in it.
    """
    with suppress(TryAgain):
        if policy.needs_database(exchange):
            await pool.in_thread(authenticate, policy, exchange)
        else:
            authenticate(policy, exchange)


def _headers(raw: list[tuple[bytes, bytes]]) -> dict[str, str]:
    headers: dict[str, str] = {}
    for name, value in raw:
        key = _known_name(name) if len(name) <= LONGEST_KNOWN else _name(name)
        text = value.decode("latin-1")
        headers[key] = f"{headers[key]}, {text}" if key in headers else text
    return headers


def _name(raw: bytes) -> str:
    return raw.decode("latin-1").lower()


_known_name = lru_cache(512)(_name)


def _harmless(offered: str | None) -> str | None:
    """Return a client's id of its request, cut to what is kept and with control characters escaped; None for none."""
    if not offered:
        return None
    return escaped(offered[:LONGEST_REQUEST_ID])[:LONGEST_REQUEST_ID]


def _content_length(headers: dict[str, str]) -> int | None:
    """Return the length of the body, None when it comes in chunks."""
    if "transfer-encoding" in headers:
        return None
    length = headers.get("content-length", "0")
    return int(length) if length.isascii() and length.isdigit() else None
