"""The way of a call, the same for JSON-RPC and REST: scope, transaction, key, line, plugin, handler, audit, answer."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from concurrent.futures import Future
from functools import partial
from typing import Any, TypeVar

from tracepro.access.caller import Caller
from tracepro.calls import audit, idempotency
from tracepro.calls.call import Call, NeedWrite
from tracepro.calls.errors import InternalError, PluginFailed, ScopeMissing, require_line
from tracepro.calls.invocation import Endpoint, Invocation
from tracepro.calls.log import log_bug
from tracepro.calls.outbox import Outbox
from tracepro.calls.resumable import WriteSteps
from tracepro.calls.running import run, watched
from tracepro.calls.site import Site
from tracepro.database import Session
from tracepro.database.inside import enter, leave
from tracepro_hookspecs import CallError, TryAgain
from tracepro_hookspecs.declare import Handler

Result = TypeVar("Result")
CORE = "core"


class Execution:
    """Runs invocations on a site; made once, used by all threads.

    ``start`` and ``resume`` return the prepare step or the write that must be waited for, None at the end, when the
    invocation has its answer or its error. Whoever makes an invocation has asked ``check_scope`` before it read the
    parameters. ``inline`` runs both in the calling thread instead of queueing them (commands, benchmarks).
    """

    def __init__(self, site: Site, *, inline: bool = False) -> None:
        self._site = site
        self._store = site.store
        self._inline = inline
        self._outbox = Outbox(site.notifier)
        self._purge = idempotency.Purge(site)
        self._everywhere = site.relay(None)

    @staticmethod
    def check_scope(endpoint: Endpoint, caller: Caller) -> None:
        """Refuse a caller who may never call the endpoint, whatever the parameters. Raises ScopeMissing."""
        if endpoint.scope and endpoint.scope not in caller.scopes:
            info = f"{endpoint.name} needs the scope {endpoint.scope}, which {caller.name} doesn't have; ask for such a token."
            raise ScopeMissing(info, scope=endpoint.scope)
        if endpoint.plant_wide and caller.lines is not None:
            info = f"{endpoint.name} is for the whole plant, and the token of {caller.name} is for some lines only; use one that is for all."
            raise ScopeMissing(info, plant_wide=True)

    def start(self, invocation: Invocation) -> Future[Any] | None:
        """Take an invocation as far as it goes without waiting."""
        try:
            if (prepare := invocation.endpoint.prepare) is not None:
                return self._start_preparing(invocation, prepare)
            return self._transactions(invocation)
        except CallError as error:
            return self._refused(invocation, error)
        except BaseException as error:
            self._failed(invocation, error)
        return None

    def resume(self, invocation: Invocation, done: Future[Any]) -> Future[Any] | None:
        """Go on after what was waited for."""
        if invocation.error is not None:
            failure = done.exception()
            if failure is not None:
                _log_bug(invocation, failure)
            return None
        try:
            if invocation.preparing:
                invocation.preparing, invocation.prepared = False, done.result()
                return self._transactions(invocation)
            invocation.answer = done.result()
        except CallError as error:
            return self._refused(invocation, error)
        except BaseException as error:
            self._failed(invocation, error)
        return None

    def steps(self, invocation: Invocation) -> WriteSteps:
        """Run an invocation, yielding what must be waited for; return the answer. Raises only CallError."""
        waiting = self.start(invocation)
        while waiting is not None:
            yield waiting
            waiting = self.resume(invocation, waiting)
        if invocation.error is not None:
            raise invocation.error
        return invocation.answer

    def page(self, invocation: Invocation, rest: Callable[[Call], Any]) -> bytes:
        """Return more of an answer, read in a transaction of its own; ``rest(call)`` gives it. In any thread."""
        return self._store.read(partial(self._within, invocation, partial(self._rest, rest)))

    def _start_preparing(self, invocation: Invocation, prepare: Handler) -> Future[Any] | None:
        """Have what an endpoint does before its transaction run in the threads that are there for it."""
        step = partial(self._store.read, partial(self._within, invocation, partial(self._prepare, prepare)))
        if self._inline:
            invocation.prepared = step()
            return self._transactions(invocation)
        invocation.preparing = True
        return self._site.prepare_pool.submit(step)

    def _transactions(self, invocation: Invocation) -> Future[bytes] | None:
        endpoint = invocation.endpoint
        if invocation.writes:
            return self._write(invocation)
        try:
            invocation.answer = self._store.read(partial(self._within, invocation, self._read))
        except NeedWrite:
            if endpoint.access != "upgrade":
                raise RuntimeError(f"{endpoint.name} is declared as a read and asked to write") from None
            return self._write(invocation)
        for name, function in invocation.notifications:
            self._site.notifier.put(function, name)
        return None

    def _write(self, invocation: Invocation) -> Future[bytes] | None:
        transaction = partial(self._within, invocation, self._change)
        if self._inline:
            committed = False
            try:
                invocation.answer = self._store.write_inline(transaction)
                committed = True
            finally:
                self._settle(invocation, committed)
            return None
        future = self._store.write(transaction, alone=invocation.endpoint.alone)
        future.add_done_callback(lambda done: self._settle(invocation, done.exception() is None))
        return future

    def _within(
        self, invocation: Invocation, step: Callable[[Invocation, Call], Result], db: Session
    ) -> Result:
        """Make the call of one transaction; a retry of the transaction begins here with a fresh one."""
        invocation.call = call = Call(
            self._site, db, invocation.caller, request_id=invocation.request_id, prepared=invocation.prepared
        )
        enter(invocation.endpoint.name)
        try:
            return step(invocation, call)
        finally:
            leave()
            call.end()

    def _prepare(self, prepare: Handler, invocation: Invocation, call: Call) -> Any:
        self._find_lines(invocation, call)
        endpoint = invocation.endpoint
        if endpoint.alone or endpoint.plugin == CORE:
            return prepare(call, **invocation.arguments)
        return run(watched(endpoint.plugin, endpoint.name, "read"), prepare, (call,), invocation.arguments)

    def _read(self, invocation: Invocation, call: Call) -> bytes:
        self._find_lines(invocation, call)
        endpoint = invocation.endpoint
        if endpoint.alone or endpoint.plugin == CORE:
            return endpoint.encode(endpoint.handler(call, **invocation.arguments))
        function = watched(endpoint.plugin, endpoint.name, "write" if call.db.writable else "read")
        return endpoint.encode(run(function, endpoint.handler, (call,), invocation.arguments))

    def _rest(self, rest: Callable[[Call], Any], invocation: Invocation, call: Call) -> bytes:
        self._find_lines(invocation, call)
        endpoint = invocation.endpoint
        return endpoint.encode(run(watched(endpoint.plugin, endpoint.name, "read"), rest, (call,)))

    def _change(self, invocation: Invocation, call: Call) -> bytes:
        self._forget_attempt(invocation)
        if invocation.key is not None:
            answer = idempotency.begin(call.db, invocation, invocation.key, call.now)
            if answer is not None:
                invocation.replayed = True
                return answer
        answer = self._read(invocation, call)
        audit.record(call, invocation)
        if invocation.key is not None:
            idempotency.finish(call.db, invocation, answer)
        if call.notifications:
            invocation.slot = self._outbox.reserve(call.notifications)
        return answer

    def _find_lines(self, invocation: Invocation, call: Call) -> None:
        """Find the lines the call touches and refuse what is not for this caller or not on there."""
        own = invocation.caller.lines
        endpoint = invocation.endpoint
        touched = self._lines_named(endpoint, invocation.arguments, call) if endpoint.line_from else []
        if not touched and own is not None and len(own) == 1:
            touched = list(own)
        if touched:
            call.set_lines(touched)
        if own is not None:
            _check_lines(invocation, call, off_line=None in touched)
        if call.lines:
            call.require(endpoint.plugin)
        self._everywhere.require_in_service(endpoint.plugin)

    def _lines_named(self, endpoint: Endpoint, arguments: Mapping[str, Any], call: Call) -> list[str | None]:
        """The line of each parameter that decides one, None for what is on no line; nothing where none is named."""
        pairs = endpoint.line_values(arguments, endpoint.line_from)
        if self._everywhere.has("tracepro_line_of"):
            return [call.line_of(name, value) for name, value in pairs]
        return [None for _ in pairs]

    def _forget_attempt(self, invocation: Invocation) -> None:
        invocation.replayed = False
        if invocation.slot is not None:
            self._outbox.settle(invocation.slot, committed=False)
            invocation.slot = None

    def _settle(self, invocation: Invocation, committed: bool) -> None:
        """Let notifications go once the outcome is known; runs in the thread that wrote."""
        if invocation.slot is not None:
            self._outbox.settle(invocation.slot, committed=committed)
        if invocation.key is not None and invocation.call is not None and not self._inline:
            self._purge.run_if_due(invocation.call.now)

    def _failed(self, invocation: Invocation, error: BaseException) -> None:
        _log_bug(invocation, error)
        invocation.error = InternalError(invocation.request_id)

    def _refused(self, invocation: Invocation, error: CallError) -> Future[None] | None:
        """Have what the refused call left to be kept written in a transaction of its own."""
        invocation.error = error.with_traceback(None)
        if isinstance(error, PluginFailed) and error.note is not None:
            error.note()
        refusals = invocation.call.refusals if invocation.call is not None else []
        if not refusals or isinstance(error, TryAgain):
            return None
        transaction = partial(self._within, invocation, partial(self._keep_refusals, refusals))
        try:
            if not self._inline:
                return self._store.write(transaction)
            self._store.write_inline(transaction)
        except BaseException as failure:
            _log_bug(invocation, failure)
        return None

    def _keep_refusals(
        self, refusals: list[Callable[[Call], object]], invocation: Invocation, call: Call
    ) -> None:
        self._find_lines(invocation, call)
        for function in refusals:
            function(call)


def _check_lines(invocation: Invocation, call: Call, *, off_line: bool) -> None:
    """Keep a token limited to lines on them; what is on no line it may read and not write. Raises ScopeMissing."""
    for line in call.lines:
        require_line(invocation.caller, line)
    if off_line and call.db.writable:
        require_line(invocation.caller, None)


def _log_bug(invocation: Invocation, error: BaseException) -> None:
    endpoint = invocation.endpoint
    log_bug(f"{endpoint.name} failed", error, invocation.request_id, endpoint)
