"""The way of a call, the same for JSON-RPC and REST: scope, transaction, key, line, plugin, handler, audit, answer."""

from __future__ import annotations

import logging
import traceback
from collections.abc import Callable, Generator
from concurrent.futures import Future
from functools import partial
from typing import Any

from tracepro.access.caller import Caller
from tracepro.call import Call, NeedWrite
from tracepro.calls import audit, idempotency
from tracepro.calls.errors import InternalError, ScopeMissing
from tracepro.calls.job import Job, Task
from tracepro.calls.outbox import Outbox
from tracepro.inside import Inside
from tracepro_hookspecs import CallError, TryAgain

LOG = logging.getLogger("tracepro.calls")
Steps = Generator[Future[Any], None, bytes]


class Execution:
    """Runs jobs on a site; made once, used by all threads.

    ``inline`` runs writes in the calling thread instead of queueing them (commands, benchmarks).
    """

    def __init__(self, site: Any, *, inline: bool = False) -> None:
        self._site = site
        self._store = site.store
        self._inline = inline
        self._outbox = Outbox(site.notifier)
        self._purge = idempotency.Purge(site)

    @staticmethod
    def check_scope(task: Task, caller: Caller) -> None:
        """Refuses a caller without the scope of the task. Raises ScopeMissing."""
        if task.scope not in caller.scopes:
            info = f"{task.name} needs the scope {task.scope}, which {caller.name} doesn't have; ask for such a token."
            raise ScopeMissing(info, scope=task.scope)

    def steps(self, job: Job) -> Steps:
        """Runs a job, yielding each write that must be waited for; returns the encoded answer.

        Only CallError leaves it: anything else is logged with its stack and becomes InternalError.
        """
        try:
            self.check_scope(job.task, job.caller)
            return (yield from self._transactions(job))
        except TryAgain:
            raise
        except CallError:
            yield from self._after_refusal(job)
            raise
        except Exception as error:
            _log_bug(job, error)
            raise InternalError(job.request_id) from error

    def _transactions(self, job: Job) -> Steps:
        task = job.task
        if task.prepare is not None:
            job.prepared = self._store.read(partial(self._within, job, self._prepare))
        if task.access != "write" and job.key is None:
            try:
                answer = self._store.read(partial(self._within, job, self._read))
                self._tell_after_read(job)
                return answer
            except NeedWrite:
                if task.access != "upgrade":
                    raise RuntimeError(f"{task.name} is declared as a read and asked to write") from None
        future = self._write(partial(self._within, job, self._change), task.alone)
        future.add_done_callback(partial(self._settle, job))
        yield future
        return future.result()

    def _tell_after_read(self, job: Job) -> None:
        for name, work in job.call.told:
            self._site.notifier.put(work, name)

    def _write(self, work: Callable[[Any], Any], alone: bool = False) -> Future[Any]:
        if not self._inline:
            return self._store.write(work, alone=alone)
        future: Future[Any] = Future()
        try:
            future.set_result(self._store.write_inline(work))
        except Exception as error:
            future.set_exception(error)
        return future

    def _within(self, job: Job, part: Callable[[Job, Call], Any], db: Any) -> Any:
        """Makes the call of one transaction; a retry of the transaction begins here with a fresh one."""
        job.call = call = Call(self._site, db, job.caller, request_id=job.request_id, prepared=job.prepared)
        with Inside(job.task.name):
            return part(job, call)

    def _prepare(self, job: Job, call: Call) -> Any:
        self._place(job, call)
        return job.task.prepare(call, **job.arguments)

    def _read(self, job: Job, call: Call) -> bytes:
        self._place(job, call)
        task = job.task
        return task.encode(task.handler(call, **job.arguments))

    def _change(self, job: Job, call: Call) -> bytes:
        self._forget_attempt(job)
        if job.key is not None:
            answer = idempotency.begin(call.db, job, call.now)
            if answer is not None:
                job.replayed = True
                return answer
        answer = self._read(job, call)
        audit.record(call, job)
        if job.key is not None:
            idempotency.finish(call.db, job, answer)
        if call.told:
            job.slot = self._outbox.reserve(call.told)
        return answer

    def _place(self, job: Job, call: Call) -> None:
        """Finds the lines the call touches and refuses what is not for this caller or not on there."""
        task, touched = job.task, []
        if task.line_from and self._site.relay(None).has("tracepro_line_of"):
            pairs = task.line_values(job.arguments, task.line_from)
            touched = [call.line_of(name, value) for name, value in pairs]
            call.stand_on(touched)
        if job.caller.lines is not None:
            _check_lines(job, call, None in touched or not touched)
        if call.lines:
            call.require(task.plugin)

    def _forget_attempt(self, job: Job) -> None:
        job.replayed = False
        if job.slot is not None:
            self._outbox.settle(job.slot, committed=False)
            job.slot = None

    def _settle(self, job: Job, future: Future[Any]) -> None:
        """Lets notifications go once the outcome is known; runs in the thread that wrote."""
        if job.slot is not None:
            self._outbox.settle(job.slot, committed=future.exception() is None)
        if job.key is not None:
            self._purge.perhaps(job.call.now if job.call is not None else 0)

    def _after_refusal(self, job: Job) -> Generator[Future[Any], None, None]:
        """Does what a refused call left to be kept, in a transaction of its own; its failure is only logged."""
        refusals = job.call.refusals if job.call is not None else []
        if not refusals:
            return
        try:
            future = self._write(partial(self._within, job, partial(self._keep_refusals, refusals)))
            yield future
            future.result()
        except Exception as error:
            _log_bug(job, error)

    def _keep_refusals(self, refusals: list[Callable[[Call], object]], job: Job, call: Call) -> None:
        self._place(job, call)
        for function in refusals:
            function(call)


def _check_lines(job: Job, call: Call, off_line: bool) -> None:
    """Keeps a token limited to lines on them; off any line it may read and not write. Raises ScopeMissing."""
    caller = job.caller
    foreign = [line for line in call.lines if line not in caller.lines]
    if foreign:
        info = f"The token of {caller.name} is not for line {foreign[0]}; use one that is."
        raise ScopeMissing(info, line=foreign[0])
    if off_line and call.db.writable:
        info = (
            f"The token of {caller.name} is for some lines only, and this call of {job.task.name} is on none."
        )
        raise ScopeMissing(info, line=None)


def _log_bug(job: Job, error: Exception) -> None:
    """Logs a failure of ours with its stack; of secret tasks without the message, which may quote a parameter."""
    said = f"{job.task.name} failed; request {job.request_id}"
    if job.task.secret:
        frames = "".join(traceback.format_tb(error.__traceback__))
        LOG.error("%s: %s\n%s", said, type(error).__name__, frames, extra={"request_id": job.request_id})
    else:
        LOG.error("%s", said, exc_info=error, extra={"request_id": job.request_id})
