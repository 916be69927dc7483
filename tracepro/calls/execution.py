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
from tracepro.inside import enter, leave
from tracepro_hookspecs import CallError, TryAgain

LOG = logging.getLogger("tracepro.calls")
Steps = Generator[Future[Any], None, bytes]


class Execution:
    """Runs jobs on a site; made once, used by all threads.

    ``start`` and ``resume`` return the write that must be waited for, None at the end, when the job has its
    answer or its error. ``inline`` runs writes in the calling thread instead of queueing them (commands,
    benchmarks).
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

    def start(self, job: Job) -> Future[Any] | None:
        """Takes a job as far as it goes without waiting."""
        try:
            self.check_scope(job.task, job.caller)
            return self._transactions(job)
        except CallError as error:
            return self._refused(job, error)
        except (Exception, SystemExit) as error:
            return self._failed(job, error)

    def resume(self, job: Job, done: Future[Any]) -> Future[Any] | None:
        """Goes on after the write that was waited for."""
        if job.error is not None:
            if done.exception() is not None:
                _log_bug(job, done.exception())
            return None
        try:
            job.answer = done.result()
        except CallError as error:
            return self._refused(job, error)
        except (Exception, SystemExit) as error:
            return self._failed(job, error)
        return None

    def steps(self, job: Job) -> Steps:
        """Runs a job, yielding each write that must be waited for; returns the answer. Raises only CallError."""
        waiting = self.start(job)
        while waiting is not None:
            yield waiting
            waiting = self.resume(job, waiting)
        if job.error is not None:
            raise job.error
        return job.answer

    def _transactions(self, job: Job) -> Future[Any] | None:
        task = job.task
        if task.prepare is not None:
            job.prepared = self._store.read(partial(self._within, job, self._prepare))
        if task.access == "write" or job.key is not None:
            return self._write(job)
        try:
            job.answer = self._store.read(partial(self._within, job, self._read))
        except NeedWrite:
            if task.access != "upgrade":
                raise RuntimeError(f"{task.name} is declared as a read and asked to write") from None
            return self._write(job)
        for name, work in job.call.told:
            self._site.notifier.put(work, name)
        return None

    def _write(self, job: Job) -> Future[Any] | None:
        work = partial(self._within, job, self._change)
        if self._inline:
            committed = False
            try:
                job.answer = self._store.write_inline(work)
                committed = True
            finally:
                self._settle(job, committed)
            return None
        future = self._store.write(work, alone=job.task.alone)
        future.add_done_callback(lambda done: self._settle(job, done.exception() is None))
        return future

    def _within(self, job: Job, part: Callable[[Job, Call], Any], db: Any) -> Any:
        """Makes the call of one transaction; a retry of the transaction begins here with a fresh one."""
        job.call = call = Call(self._site, db, job.caller, request_id=job.request_id, prepared=job.prepared)
        enter(job.task.name)
        try:
            return part(job, call)
        finally:
            leave()

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
        task = job.task
        touched: list[str | None] = []
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

    def _settle(self, job: Job, committed: bool) -> None:
        """Lets notifications go once the outcome is known; runs in the thread that wrote."""
        if job.slot is not None:
            self._outbox.settle(job.slot, committed=committed)
        if job.key is not None and job.call is not None and not self._inline:
            self._purge.perhaps(job.call.now)

    def _failed(self, job: Job, error: BaseException) -> None:
        _log_bug(job, error)
        job.error = InternalError(job.request_id)

    def _refused(self, job: Job, error: CallError) -> Future[Any] | None:
        """Has what the refused call left to be kept written in a transaction of its own."""
        job.error = error
        refusals = job.call.refusals if job.call is not None else []
        if not refusals or isinstance(error, TryAgain):
            return None
        work = partial(self._within, job, partial(self._keep_refusals, refusals))
        try:
            if not self._inline:
                return self._store.write(work)
            self._store.write_inline(work)
        except Exception as failure:
            _log_bug(job, failure)
        return None

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


def _log_bug(job: Job, error: BaseException) -> None:
    """Logs a failure of ours with its stack; of secret tasks without the message, which may quote a parameter."""
    said = f"{job.task.name} failed; request {job.request_id}"
    if job.task.secret:
        frames = "".join(traceback.format_tb(error.__traceback__))
        LOG.error("%s: %s\n%s", said, type(error).__name__, frames, extra={"request_id": job.request_id})
    else:
        LOG.error("%s", said, exc_info=error, extra={"request_id": job.request_id})
