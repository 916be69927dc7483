"""One request of a body: from its envelope to its answer."""

from __future__ import annotations

import logging
from concurrent.futures import Future
from time import perf_counter
from typing import TYPE_CHECKING, Any

from tracepro.calls import idempotency
from tracepro.calls.errors import InternalError, InvalidRequest, UnknownMethod
from tracepro.calls.invocation import Invocation
from tracepro.calls.log import log_bug
from tracepro.rpc.envelope import NOTHING, Params, error_answer, request_of, result_answer, usable_id
from tracepro.rpc.explain import refuse_flaws
from tracepro_hookspecs import CallError

if TYPE_CHECKING:
    from tracepro.rpc.dispatcher import RpcExchange

LOG = logging.getLogger("tracepro.rpc")


class RpcRequest:
    """Answers one request of an exchange, alone or in a batch; ``answer`` is empty for a notification.

    Its record is written when it ends.
    """

    __slots__ = ("answer", "_exchange", "_began", "_id", "_name", "_invocation", "_started", "_waiting")

    def __init__(self, exchange: RpcExchange) -> None:
        self.answer = b""
        self._exchange = exchange
        self._began = perf_counter()
        self._id: Any = NOTHING
        self._name = ""
        self._invocation: Invocation | None = None
        self._started = False
        self._waiting: Future[Any] | None = None

    def prepare(self, sent: Any, suffix: str = "", *, quick: bool = False) -> bool:
        """Take the request up to its transaction, or end with its refusal; :meth:`go_on` then does the rest.

        ``suffix`` is put behind the idempotency key of the body; it tells the requests of a batch apart. False, with nothing done,
        when ``quick`` is asked for and parameters need a closer look.
        """
        try:
            self._id, self._name, params = request_of(sent)
            self._invocation = self._make_invocation(params, suffix, quick=quick)
            return self._invocation is not None
        except InvalidRequest as error:
            self._id = usable_id(sent)
            self._end(error)
        except CallError as error:
            self._end(error.with_traceback(None))
        except Exception as error:
            request_id, bound = self._exchange.request_id, self._exchange.dispatcher.methods.get(self._name)
            endpoint = None if bound is None else bound.endpoint
            log_bug(f"{self._name[:100]} could not begin", error, request_id, endpoint)
            self._end(InternalError(request_id))
        return True

    def go_on(self) -> Future[Any] | None:
        """Begin with the transaction, or go on after what was waited for; None when nothing is."""
        invocation, execution = self._invocation, self._exchange.dispatcher.execution
        if invocation is None:
            return None
        if not self._started:
            self._started = True
            self._waiting = execution.start(invocation)
        elif self._waiting is not None:
            self._waiting = execution.resume(invocation, self._waiting)
        if self._waiting is None:
            self._end(invocation.error, invocation)
        return self._waiting

    @property
    def needs_thread(self) -> bool:
        """True when the next step may run a plugin's code or read."""
        invocation = self._invocation
        if invocation is None:
            return False
        return invocation.preparing if self._started else not invocation.only_writes

    def refuse(self, sent: Any, error: CallError) -> None:
        """Answer the request with an error, without running it."""
        try:
            self._id, self._name, _ = request_of(sent)
        except InvalidRequest as invalid:
            self._id, error = usable_id(sent), invalid
        self._end(error)

    def _make_invocation(self, params: Params, suffix: str, *, quick: bool) -> Invocation | None:
        """Make the invocation of a request. Raises the refusals that come before any transaction.

        None when ``quick`` is asked for, and what the quick validator doesn't accept must be explained.
        """
        exchange = self._exchange
        if exchange.ended:
            exchange.require_valid()
        bound = exchange.dispatcher.methods.get(self._name)
        if bound is None:
            raise UnknownMethod(self._name)
        endpoint = bound.endpoint
        exchange.dispatcher.execution.check_scope(endpoint, exchange.caller)
        if self._id is NOTHING:
            exchange.check_room(endpoint)
        sent = params if type(params) is dict else bound.by_name(params)
        if quick and not bound.fits(sent):
            return None
        if exchange.careful:
            refuse_flaws(sent)
        arguments, key, fingerprint = bound.bind(sent), None, ""
        if exchange.key is not None and endpoint.keyed:
            key = idempotency.checked_key(exchange.key) + suffix
            fingerprint = idempotency.fingerprint(exchange.dispatcher.secret, self._name, params)
        return Invocation(endpoint, exchange.caller, exchange.request_id, arguments, sent, key, fingerprint)

    def _end(self, error: CallError | None, invocation: Invocation | None = None) -> None:
        """Write the record and put the answer together; without an invocation it never began."""
        exchange = self._exchange
        if error is None and invocation is not None and len(invocation.answer) > exchange.unasked:
            if self._id is NOTHING:
                exchange.count_unsent(invocation)
            else:
                error = exchange.refusal_of(invocation)
        line, replayed = (None, False) if invocation is None else (invocation.line, invocation.replayed)
        if replayed:
            exchange.replayed = True
        exchange.dispatcher.record(self._name, exchange, line, perf_counter() - self._began, error, replayed)
        if self._id is NOTHING:
            return
        if error is not None:
            self.answer = self._error_answer(error)
        elif invocation is not None:
            self.answer = result_answer(self._id, invocation.answer)

    def _error_answer(self, error: CallError) -> bytes:
        try:
            return error_answer(self._id, error)
        except (TypeError, ValueError):
            LOG.exception(
                "The error of %s can't be written as JSON; request %s",
                self._name[:100],
                self._exchange.request_id,
            )
            return error_answer(self._id, InternalError(self._exchange.request_id))
