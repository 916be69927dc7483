"""The dispatcher: bytes in, bytes out; it knows no server, and a queued write holds none of its threads."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future
from logging import INFO
from typing import Any

from tracepro.access.caller import Caller
from tracepro.calls.errors import InvalidRequest, ParseError
from tracepro.calls.invocation import Endpoint, Invocation
from tracepro.calls.log import LOG, log_call
from tracepro.calls.resumable import ResumableCall, WriteSteps
from tracepro.calls.strict import execution_of
from tracepro.rpc import strict_json
from tracepro.rpc.answer_room import SMALL, AnswerRoom, Hold
from tracepro.rpc.discover import discover_method
from tracepro.rpc.envelope import batch_answer, error_answer, is_notification, refusal_answer
from tracepro.rpc.methods import BoundMethod
from tracepro.rpc.request import RpcRequest
from tracepro.rpc.site import Site
from tracepro_hookspecs import CallError, TryAgain

CountCalls = Callable[[int], object]
UNREAD = object()


def _count_none(more: int) -> None:
    """Count no calls: nobody limits them."""


def _hold_any(size: int) -> bool:
    """Have memory for any answer."""
    return True


class Dispatcher:
    """Answers JSON-RPC bodies on a site; made once, used by all threads.

    ``inline`` runs writes in the calling thread instead of queueing them (commands, benchmarks).
    """

    def __init__(self, site: Site, *, inline: bool = False) -> None:
        self.execution = execution_of(site, inline=inline)
        self.methods: dict[str, BoundMethod] = {**site.methods, "rpc.discover": discover_method(site)}
        self.secret: bytes = site.secret
        self.max_batch: int = site.parameter("api", "rpc_max_batch")
        self.answer_bytes: int = site.parameter("api", "answer_bytes")
        self.unasked = min(SMALL, self.answer_bytes)
        self.metrics = site.metrics
        self.policy = site.policy

    def exchange(
        self,
        body: bytes,
        caller: Caller,
        idempotency_key: str | None = None,
        request_id: str = "",
        count_calls: CountCalls = _count_none,
        hold: Hold = _hold_any,
    ) -> RpcExchange:
        """Begin to answer a body; ``advance`` does it.

        ``count_calls`` is told how many calls a batch has beside the first, and may refuse them all; ``hold`` is told of
        large answers, and whether there is memory for them is its answer.
        """
        return RpcExchange(self, body, caller, idempotency_key, request_id, count_calls, hold)

    def answer(
        self, body: bytes, caller: Caller, idempotency_key: str | None = None, request_id: str = ""
    ) -> bytes:
        """Answer a body, waiting in this thread; empty for notifications."""
        exchange = RpcExchange(self, body, caller, idempotency_key, request_id, _count_none, _hold_any)
        return exchange.finish()

    def record(
        self,
        name: str,
        exchange: RpcExchange,
        line: str | None,
        seconds: float,
        error: CallError | None,
        replayed: bool = False,
    ) -> None:
        """Write the record of one call and counts it."""
        number, code = (None, None) if error is None else (error.number, error.code)
        if LOG.isEnabledFor(INFO):
            request_id, caller = exchange.request_id, exchange.caller
            log_call(request_id, name, caller, line, seconds, number, code, replayed=replayed)
        if self.metrics is not None:
            self.metrics.call(name, number, code, seconds)


class RpcExchange(ResumableCall):
    """One body on its way to its answer.

    ``replayed`` tells that a stored answer was given again, ``ended`` how many calls of a batch have their answers.
    An answer larger than ``unasked`` is given only if :meth:`refusal_of` has nothing against it.
    """

    def __init__(
        self,
        dispatcher: Dispatcher,
        body: bytes,
        caller: Caller,
        key: str | None,
        request_id: str,
        count_calls: CountCalls,
        hold: Hold,
    ) -> None:
        super().__init__()
        self.dispatcher = dispatcher
        self.caller = caller
        self.key = key
        self.request_id = request_id
        self.replayed = False
        self.careful = False
        self._body = body
        self._count_calls = count_calls
        self._hold = hold
        self._room: AnswerRoom | None = None
        self.unasked = dispatcher.unasked
        self._request: RpcRequest | None = None
        self._batch: WriteSteps | None = None
        self._sent: Any = UNREAD
        self._refused = False
        self._answers: list[bytes] = []
        self.ended = 0

    def advance(self) -> Future[Any] | None:
        """Go on; return the write to wait for, None when ``answer`` is there."""
        if self._batch is not None:
            return self._advance_batch(self._batch)
        if self._sent is UNREAD:
            self._read()
        if self._refused:
            return None
        if type(self._sent) is list:
            return self._begin_batch(self._sent)
        if (request := self._request) is None:
            self._request = request = RpcRequest(self)
            request.prepare(self._sent)
        waiting = request.go_on()
        if waiting is None:
            self.answer = request.answer
            self._request = None  # it knows this: else only the garbage collector would free either
        return waiting

    def prepare(self) -> bool:
        """Read the body and check its call; True when it is refused, or only has to be queued for the writer."""
        self._read()
        if not self._refused and type(self._sent) is not list:
            request = RpcRequest(self)
            if request.prepare(self._sent, quick=True):
                self._request = request
        return not self.needs_thread

    @property
    def needs_thread(self) -> bool:
        """False when the body is refused, and when its one call is to be queued for the writer or has been."""
        if self._request is not None:
            return self._request.needs_thread
        return not self._refused

    def _read(self) -> None:
        try:
            self._sent, self.careful = strict_json.parse(self._body)
        except strict_json.BadJson as error:
            self._sent = None
            self._refuse(ParseError(error.info) if error.grammar else InvalidRequest(error.info))

    def _begin_batch(self, sent: list[Any]) -> Future[Any] | None:
        limit = self.dispatcher.max_batch
        if not sent:
            self._refuse(InvalidRequest("A batch must have at least one request in it."))
            return None
        if len(sent) > limit:
            info = f"A batch may have at most {limit} requests, not {len(sent)}; send several."
            self._refuse(InvalidRequest(info))
            return None
        self._count_calls(len(sent) - 1)
        self._room = room = AnswerRoom(self.dispatcher.answer_bytes, self._hold, len(sent), len(self._body))
        self.unasked = 0
        self._batch = self._each(sent, room)
        return self._advance_batch(self._batch)

    def _advance_batch(self, batch: WriteSteps) -> Future[Any] | None:
        try:
            return next(batch)
        except StopIteration as end:
            self.answer = end.value
            self._batch = None
            return None

    def _each(self, sent: list[Any], room: AnswerRoom) -> WriteSteps:
        answers = self._answers
        for index, member in enumerate(sent):
            request = RpcRequest(self)
            if room.full is None or is_notification(member):
                request.prepare(member, suffix=f"/{index}")
                waiting = request.go_on()
                while waiting is not None:
                    yield waiting
                    waiting = request.go_on()
            else:
                request.refuse(member, room.full)
            if request.answer:
                answers.append(request.answer)
                room.used += len(request.answer)
            self.ended += 1
        return batch_answer(answers)

    def refusal_of(self, invocation: Invocation) -> CallError | None:
        """Return why the answer of a call that went well can't be given, or None; what was written is always told."""
        if self._room is None:
            self._room = AnswerRoom(self.dispatcher.answer_bytes, self._hold)
        written = invocation.call is not None and invocation.call.db.writable
        return self._room.refusal(len(invocation.answer), done=written)

    def count_unsent(self, invocation: Invocation) -> None:
        """Count the answer of a notification, which nobody gets."""
        if self._room is not None:
            self._room.count_unsent(len(invocation.answer))

    def check_room(self, endpoint: Endpoint) -> None:
        """Refuse a notification that only reads once there is no room for answers; one that writes is run. Raises CallError."""
        if self._room is not None and self._room.full is not None and endpoint.access == "read":
            raise self._room.full

    def require_valid(self) -> None:
        """Refuse a caller whose token was revoked or has expired since the batch began. Raises Unauthenticated."""
        self.dispatcher.policy.require_valid(self.caller)

    def give_up(self, error: TryAgain) -> bool:
        """Answer ``error`` to what has no answer yet; a batch keeps those it has."""
        if type(self._sent) is list:
            left = [refusal_answer(member, error) for member in self._sent[self.ended :]]
            self.answer = batch_answer([*self._answers, *left])
        else:
            self.answer = refusal_answer(self._sent, error)
        return True

    def _refuse(self, error: CallError) -> None:
        """Answer the whole body with one error."""
        self._refused = True
        self.dispatcher.record("", self, None, 0.0, error)
        self.answer = error_answer(None, error)
