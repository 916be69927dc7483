"""What is to be run: the endpoint known at start, and the invocation that is one running of it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import msgspec

if TYPE_CHECKING:
    from tracepro.access.caller import Caller
    from tracepro.calls.call import Call
    from tracepro.calls.notifier import Notification
    from tracepro.calls.outbox import Slot
    from tracepro_hookspecs import CallError
    from tracepro_hookspecs.declare import Access, Handler, LineFrom

LinePairs = tuple[tuple[str, str], ...]
Fault = Callable[[bytes], str | None]
"""Says what of an encoded answer is not as its schema promises, or None."""
encode_json = msgspec.json.Encoder().encode


def line_pairs(line_from: LineFrom) -> LinePairs:
    """Return pairs of a parameter that stands on a line and what ``tracepro_line_of`` is asked for."""
    if isinstance(line_from, Mapping):
        return tuple(line_from.items())
    return tuple((name, name) for name in line_from)


def members_named(arguments: Mapping[str, Any], pairs: LinePairs) -> Iterator[tuple[str, Any]]:
    """Yield the values that stand on a line with what is asked for; lists give several, null none."""
    for name, asked in pairs:
        value = arguments.get(name)
        if isinstance(value, (tuple, list)):
            yield from ((asked, member) for member in value)
        elif value is not None:
            yield asked, value


def _promises_nothing(answer: bytes) -> None:
    """Find nothing: what the core answers is tested with the core."""


@dataclass(frozen=True, slots=True)
class Endpoint:
    """A method or a route as the way of a call sees it; ``handler`` is called with the call and the arguments.

    ``encode`` turns what the handler returns into the bytes that are answered, stored for an idempotency key
    and answered again; ``fault`` judges them where the site is strict. ``line_values(arguments, line_from)`` yields pairs for
    ``tracepro_line_of``.
    """

    name: str
    plugin: str
    handler: Handler
    access: Access
    scope: str
    line_from: LinePairs = ()
    prepare: Handler | None = None
    secret: bool = False
    alone: bool = False
    plant_wide: bool = False
    encode: Callable[[Any], bytes] = encode_json
    fault: Fault = _promises_nothing
    line_values: Callable[[Mapping[str, Any], LinePairs], Iterator[tuple[str, Any]]] = members_named

    @property
    def keyed(self) -> bool:
        """True when an idempotency key counts: the call may write, and its answer may be stored."""
        return self.access != "read" and not self.secret


class Invocation:
    """One call on its way.

    ``arguments`` are what the handler gets, ``sent`` what the client sent (for audit and fingerprint, JSON
    values only). ``key`` and ``fingerprint`` are set for calls that are to happen exactly once; ``preparing`` is
    true while its prepare step is waited for, ``writes`` when it is done in a writing transaction from the start. In the end it has its encoded ``answer`` or its ``error``.
    """

    __slots__ = (
        "answer",
        "arguments",
        "call",
        "caller",
        "endpoint",
        "error",
        "fingerprint",
        "key",
        "prepared",
        "preparing",
        "replayed",
        "request_id",
        "sent",
        "slot",
        "writes",
    )

    def __init__(
        self,
        endpoint: Endpoint,
        caller: Caller,
        request_id: str,
        arguments: Mapping[str, Any],
        sent: Any,
        key: str | None = None,
        fingerprint: str = "",
    ) -> None:
        self.endpoint = endpoint
        self.caller = caller
        self.request_id = request_id
        self.arguments = arguments
        self.sent = sent
        self.key = key
        self.fingerprint = fingerprint
        self.writes = endpoint.access == "write" or key is not None
        self.prepared: Any = None
        self.preparing = False
        self.call: Call | None = None
        self.replayed = False
        self.slot: Slot | None = None
        self.answer = b""
        self.error: CallError | None = None

    @property
    def only_writes(self) -> bool:
        """True when nothing comes before its one transaction, which writes."""
        return self.writes and self.endpoint.prepare is None

    @property
    def line(self) -> str | None:
        """The line the call stood on, as far as it got."""
        return self.call.line if self.call is not None else None

    @property
    def notifications(self) -> Sequence[Notification]:
        """What is to be told after the call, as far as it got."""
        return self.call.notifications if self.call is not None else ()
