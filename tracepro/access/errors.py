"""How a request ends that may not become a call: an HTTP status and a JSON-RPC error in one."""

from __future__ import annotations

from tracepro_hookspecs import CallError


class AccessError(CallError):
    """The request is refused before it is parsed; ``status`` is the HTTP status."""

    status = 401
    number = -32001


class Unauthenticated(AccessError):
    """There is no token, or not a good one (401)."""

    def __init__(self, info: str) -> None:
        super().__init__("unauthenticated", info)


class ForbiddenAnonymous(AccessError):
    """Somebody without a token calls from where a token is needed (403)."""

    status = 403

    def __init__(self, info: str) -> None:
        super().__init__("unauthenticated", info)


class TwoCredentials(AccessError):
    """A request says twice who sends it (400)."""

    status = 400
    number = -32600

    def __init__(self) -> None:
        info = "The request has a token and the cookie of a session; send one of the two."
        super().__init__("invalid-request", info)


class Throttled(AccessError):
    """Too many calls (429) or too many wrong guesses; ``retry_after`` is in seconds, ``delay`` those before the answer."""

    status = 429
    number = -32003

    def __init__(self, info: str, retry_after: float, *, delay: float = 0.0) -> None:
        super().__init__("throttled", info, retryable=True, retry_after=round(retry_after, 3))
        self.retry_after = retry_after
        self.delay = delay
