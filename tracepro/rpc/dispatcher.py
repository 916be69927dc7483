"""The dispatcher: bytes in, bytes out; it knows no server, and a queued write holds none of its threads."""

from __future__ import annotations

import logging
from collections.abc import Generator
from concurrent.futures import Future
from time import perf_counter
from typing import Any

from tracepro.access.caller import Caller
from tracepro.calls import idempotency
from tracepro.calls.errors import InternalError, InvalidRequest, ParseError, UnknownMethod
from tracepro.calls.execution import Execution
from tracepro.calls.job import Job
from tracepro.calls.log import log_call
from tracepro.calls.stepped import Stepped
from tracepro.rpc import strict_json
from tracepro.rpc.discover import discover_method
from tracepro.rpc.envelope import NOTHING, Request, error_answer, request_of, result_answer, usable_id
from tracepro.rpc.methods import BoundMethod
from tracepro_hookspecs import CallError, InvalidParams

LOG = logging.getLogger("tracepro.rpc")
Steps = Generator[Future[Any], None, bytes]


class Dispatcher:
    """Answers JSON-RPC bodies on a site; made once, used by all threads.

    ``inline`` runs writes in the calling thread instead of queueing them (commands, benchmarks).
    """

    def __init__(self, site: Any, *, inline: bool = False) -> None:
        self.execution = Execution(site, inline=inline)
        self.methods: dict[str, BoundMethod] = {**site.methods, "rpc.discover": discover_method(site)}
        self.secret: bytes = site.secret
        self.max_batch: int = site.parameter("api", "rpc_max_batch")
        self.metrics = getattr(site, "metrics", None)

    def conversation(
        self, body: bytes, caller: Caller, idempotency_key: str | None = None, request_id: str = ""
    ) -> Conversation:
        """Begins to answer a body; ``advance`` does it."""
        return Conversation(self, body, caller, idempotency_key, request_id)

    def answer(
        self, body: bytes, caller: Caller, idempotency_key: str | None = None, request_id: str = ""
    ) -> bytes:
        """Answers a body, waiting in this thread; empty for notifications."""
        return self.conversation(body, caller, idempotency_key, request_id).finish()


class Conversation(Stepped[bytes]):
    """One body on its way to its answer; ``replayed`` tells that a stored answer was given again."""

    def __init__(
        self, dispatcher: Dispatcher, body: bytes, caller: Caller, key: str | None, request_id: str
    ) -> None:
        super().__init__(self._run(body))
        self.replayed = False
        self._dispatcher = dispatcher
        self._caller = caller
        self._key = key
        self._request_id = request_id
        self._careful = False

    def _run(self, body: bytes) -> Steps:
        try:
            sent, self._careful = strict_json.parse(body)
        except strict_json.BadJson as error:
            return self._refuse(ParseError(error.info) if error.grammar else InvalidRequest(error.info))
        if type(sent) is list:
            return (yield from self._batch(sent))
        return (yield from self._one(sent, self._key))

    def _batch(self, sent: list[Any]) -> Steps:
        limit = self._dispatcher.max_batch
        if not sent:
            return self._refuse(InvalidRequest("A batch must have at least one request in it."))
        if len(sent) > limit:
            info = f"A batch may have at most {limit} requests, not {len(sent)}; send several."
            return self._refuse(InvalidRequest(info))
        answers = []
        for place, one in enumerate(sent):
            key = None if self._key is None else f"{self._key}/{place}"
            answer = yield from self._one(one, key)
            if answer:
                answers.append(answer)
        return b"[%b]" % b",".join(answers) if answers else b""

    def _one(self, sent: Any, key: str | None) -> Steps:
        """Answers one request, empty for a notification, and writes its record."""
        began = perf_counter()
        name, one, error, job = "", NOTHING, None, None
        try:
            request = request_of(sent)
            one, name = request.id, request.method
            job = self._job(request, key)
            result = yield from self._dispatcher.execution.steps(job)
        except InvalidRequest as refusal:
            one, error = usable_id(sent), refusal
        except CallError as refusal:
            error = refusal
        except Exception:
            LOG.exception("%s could not begin; request %s", name[:100], self._request_id)
            error = InternalError(self._request_id)
        if job is not None and job.replayed:
            self.replayed = True
        self._record(name, job, perf_counter() - began, error)
        if one is NOTHING:
            return b""
        return result_answer(one, result) if error is None else self._error_answer(one, error)

    def _job(self, request: Request, offered: str | None) -> Job:
        """Makes the job of a request. Raises the refusals that come before any transaction."""
        bound = self._dispatcher.methods.get(request.method)
        if bound is None:
            raise UnknownMethod(request.method)
        task = bound.task
        self._dispatcher.execution.check_scope(task, self._caller)
        sent = bound.named(request.params)
        if self._careful:
            _refuse_flaws(sent)
        job = Job(task, self._caller, self._request_id, bound.bind(sent), sent)
        if offered is not None and task.keyed:
            job.key = self._key_of(offered)
            job.fingerprint = idempotency.fingerprint(self._dispatcher.secret, request.method, request.params)
        return job

    def _key_of(self, offered: str) -> str:
        """Checks the key as it was sent, without the place in the batch that was put behind it."""
        key = idempotency.checked_key(self._key)
        return key + offered[len(self._key) :]

    def _error_answer(self, one: Any, error: CallError) -> bytes:
        try:
            return error_answer(one, error)
        except (TypeError, ValueError):
            return error_answer(one, InternalError(self._request_id))

    def _refuse(self, error: CallError) -> bytes:
        self._record("", None, 0.0, error)
        return error_answer(None, error)

    def _record(self, name: str, job: Job | None, seconds: float, error: CallError | None) -> None:
        number, code = (None, None) if error is None else (error.number, error.code)
        line, replayed = (None, False) if job is None else (job.line, job.replayed)
        log_call(self._request_id, name, self._caller.name, line, seconds, number, code, replayed=replayed)
        if self._dispatcher.metrics is not None:
            self._dispatcher.metrics.call(name, number, code, seconds)


def _refuse_flaws(sent: dict[str, Any]) -> None:
    """Refuses parameters with NUL or integers beyond 64 bits. Raises InvalidParams."""
    for name, value in sent.items():
        sentence = strict_json.flaw(name) or strict_json.flaw(value)
        if sentence:
            shown = name.replace("\0", "")[:80]
            raise InvalidParams(shown, f"Parameter {shown}: {sentence}.", rule="value")
