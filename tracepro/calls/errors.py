"""The errors that belong to the way of a call itself, and the JSON-RPC error object of any error."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tracepro.access.caller import Caller
from tracepro_hookspecs import CallError, Reason, Refused

FAILED = "plugin-failed"


class ParseError(CallError):
    """The body is not JSON."""

    number = -32700

    def __init__(self, info: str) -> None:
        super().__init__("parse-error", info)


class InvalidRequest(CallError):
    """It is JSON and not a JSON-RPC 2.0 request."""

    number = -32600

    def __init__(self, info: str) -> None:
        super().__init__("invalid-request", info)


class NeverCalled(CallError):
    """The request never became a call; ``status`` is the HTTP status of its answer, the sentence says why."""

    number = -32600

    def __init__(self, status: int, code: str, info: str) -> None:
        super().__init__(code, info)
        self.status = status


class AnswerTooLarge(CallError):
    """The answers to one body would be over their limit with this one."""

    number = -32600

    def __init__(self, limit: int) -> None:
        info = (
            f"The answers to one body may have {limit} bytes together, and this call's doesn't fit any more; nothing was done. "
            "Send it in a body of its own, or ask for less."
        )
        super().__init__("answer-too-large", info, limit=limit)


class UnknownMethod(CallError):
    """This site has no such method."""

    number = -32601

    def __init__(self, name: str) -> None:
        info = f"This site has no method {name[:80]!r}; rpc.discover lists those it has."
        super().__init__("method-not-found", info)


class InternalError(CallError):
    """Our own bug; the log has its story under the request id."""

    number = -32603

    def __init__(self, request_id: str) -> None:
        info = f"The server failed; nothing was written. Tell its administrator request id {request_id}."
        super().__init__("internal-error", info, request_id=request_id)


class ContractBroken(CallError):
    """A plugin did what it may not, told by the development mode alone; ``what`` names its method, route or hook."""

    number = -32603

    def __init__(self, what: str, fault: str) -> None:
        super().__init__(
            "contract-broken", f"The {what} broke its contract (--strict): {fault}. Nothing was written."
        )


class ScopeMissing(CallError):
    """The caller's token lacks the scope or the line."""

    number = -32002

    def __init__(self, info: str, **data: Any) -> None:
        super().__init__("scope-missing", info, **data)


def require_line(caller: Caller, line: str | None) -> None:
    """Refuse what is on a line that a caller's token isn't for, or on no line. Raises ScopeMissing."""
    if caller.lines is None or line in caller.lines:
        return
    if line is not None:
        raise ScopeMissing(f"The token of {caller.name} is not for line {line}; use one that is.", line=line)
    info = f"The token of {caller.name} is for some lines only, and this is on no line; use one for the whole plant."
    raise ScopeMissing(info, line=None)


class KeyInProgress(CallError):
    """The same idempotency key is still being worked on elsewhere."""

    number = -32004

    def __init__(self, key: str) -> None:
        info = f"A call with the idempotency key {key} is still running; send it again in a moment."
        super().__init__("key-in-progress", info, retryable=True)


class KeyReused(CallError):
    """The idempotency key was used with another method or other parameters."""

    number = -32005

    def __init__(self, key: str) -> None:
        info = f"The idempotency key {key} was used for another call; give every new call a new key."
        super().__init__("key-reused", info)


class PluginFailed(Refused):
    """A plugin failed, or is out of service, while the call needed its answer.

    ``note`` is what is still to be done when the call ends with this.
    """

    def __init__(self, plugin: str, info: str, note: Callable[[], None] | None = None) -> None:
        super().__init__([Reason(FAILED, info, plugin=plugin)])
        self.note = note


def error_object(error: CallError) -> dict[str, Any]:
    """Return the error member of a JSON-RPC answer: the number, a sentence, and ``data`` with the stable code."""
    data = {"code": error.code, "info": error.info, "retryable": error.retryable, **error.data}
    return {"code": error.number, "message": error.info, "data": data}
