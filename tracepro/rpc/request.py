"""One request of a body: from its envelope to its answer."""

from __future__ import annotations

import logging
from concurrent.futures import Future
from time import perf_counter
from typing import Any, Protocol

from tracepro.access.caller import Caller
from tracepro.calls import idempotency
from tracepro.calls.errors import InternalError, InvalidRequest, UnknownMethod
from tracepro.calls.invocation import Invocation
from tracepro.rpc import strict_json
from tracepro.rpc.envelope import NOTHING, Params, error_answer, request_of, result_answer, usable_id
from tracepro_hookspecs import CallError, InvalidParams

LOG = logging.getLogger("tracepro.rpc")


class Body(Protocol):
    """The body that a request came in, alone or in a batch."""

    dispatcher: Any
    caller: Caller
    key: str | None
    request_id: str
    careful: bool
    replayed: bool


class RpcRequest:
    """Answers one request; ``answer`` is empty for a notification. Its record is written when it ends."""

    __slots__ = ("answer", "_exchange", "_began", "_id", "_name", "_invocation", "_waiting")

    def __init__(self, exchange: Body) -> None:
        self.answer = b""
        self._exchange = exchange
        self._began = perf_counter()
        self._id: Any = NOTHING
        self._name = ""
        self._invocation: Invocation | None = None
        self._waiting: Future[Any] | None = None

    def begin(self, sent: Any, key: str | None) -> Future[Any] | None:
        """Takes the request as far as it goes; returns the write to wait for, None when it has ended."""
        try:
            self._id, self._name, params = request_of(sent)
            self._invocation = self._make_invocation(params, key)
        except InvalidRequest as error:
            self._id = usable_id(sent)
            return self._end(error)
        except CallError as error:
            return self._end(error)
        except Exception:
            LOG.exception("%s could not begin; request %s", self._name[:100], self._exchange.request_id)
            return self._end(InternalError(self._exchange.request_id))
        return self._go_on(self._exchange.dispatcher.execution.start(self._invocation))

    def resume(self) -> Future[Any] | None:
        """Goes on after the write that was waited for."""
        return self._go_on(self._exchange.dispatcher.execution.resume(self._invocation, self._waiting))

    def _go_on(self, waiting: Future[Any] | None) -> Future[Any] | None:
        self._waiting = waiting
        return self._end(self._invocation.error) if waiting is None else waiting

    def _make_invocation(self, params: Params, key: str | None) -> Invocation:
        """Makes the invocation of a request. Raises the refusals that come before any transaction."""
        exchange = self._exchange
        bound = exchange.dispatcher.methods.get(self._name)
        if bound is None:
            raise UnknownMethod(self._name)
        endpoint = bound.endpoint
        exchange.dispatcher.execution.check_scope(endpoint, exchange.caller)
        sent = bound.named(params)
        if exchange.careful:
            _refuse_flaws(sent)
        invocation = Invocation(endpoint, exchange.caller, exchange.request_id, bound.bind(sent), sent)
        if key is not None and endpoint.keyed:
            invocation.key = self._checked(key)
            invocation.fingerprint = idempotency.fingerprint(exchange.dispatcher.secret, self._name, params)
        return invocation

    def _checked(self, key: str) -> str:
        """Checks the key as it was sent, without the place in the batch that was put behind it."""
        sent = self._exchange.key
        return idempotency.checked_key(sent) + key[len(sent) :]

    def _end(self, error: CallError | None) -> None:
        exchange, invocation = self._exchange, self._invocation
        line, replayed = (None, False) if invocation is None else (invocation.line, invocation.replayed)
        if replayed:
            exchange.replayed = True
        exchange.dispatcher.record(self._name, exchange, line, perf_counter() - self._began, error, replayed)
        if self._id is NOTHING:
            return
        self.answer = (
            result_answer(self._id, invocation.answer) if error is None else self._error_answer(error)
        )

    def _error_answer(self, error: CallError) -> bytes:
        try:
            return error_answer(self._id, error)
        except (TypeError, ValueError):
            LOG.exception(
                "The error of %s is no JSON; request %s", self._name[:100], self._exchange.request_id
            )
            return error_answer(self._id, InternalError(self._exchange.request_id))


def _refuse_flaws(sent: dict[str, Any]) -> None:
    """Refuses parameters with NUL or integers beyond 64 bits. Raises InvalidParams."""
    for name, value in sent.items():
        sentence = strict_json.flaw(name) or strict_json.flaw(value)
        if sentence:
            shown = name.replace("\0", "")[:80]
            raise InvalidParams(shown, f"Parameter {shown}: {sentence}.", rule="value")
