"""One record for every call, and for every fault of ours: JSON lines for machines, short lines on a terminal; no parameter."""

from __future__ import annotations

import json
import logging
import threading
import time
import traceback
from collections import deque
from contextlib import suppress
from functools import lru_cache
from typing import Any, TextIO

import orjson

from tracepro.access.caller import Caller
from tracepro.calls.invocation import Endpoint
from tracepro_hookspecs.records import escaped

LOG = logging.getLogger("tracepro.calls.call")
BUGS = logging.getLogger("tracepro.calls")
BUNCH_SECONDS = 0.02
"""How long records of calls are gathered before they are written."""
MOST_GATHERED = 10_000
"""How many are gathered before those who call write them, and so wait for whoever reads the log."""
PIECE = 4096
"""What a pipe takes in one piece at most (PIPE_BUF)."""
_LONGEST_NAME = 100
_INDENTED = "\n" + " " * 13


class _CallRecord(logging.LogRecord):
    """What LOG.info makes of ``extra``, but for looking where it was asked from, which costs more than all else."""

    def __init__(self, fields: dict[str, Any]) -> None:
        self.__dict__.update(_ALL_CALLS, fields=fields)
        self.created = now = time.time()
        self.msecs = (now - int(now)) * 1000


_ALL_CALLS = logging.LogRecord(LOG.name, logging.INFO, __file__, 0, "call", (), None).__dict__
"""What the records of all calls have in common; thread and process are those that imported this."""


def log_call(
    request_id: str,
    method: str,
    caller: Caller,
    line: str | None,
    seconds: float,
    number: int | None,
    code: str | None,
    *,
    replayed: bool = False,
) -> None:
    """Write the record of a call: ``number`` and ``code`` are those of its error, None when it went well."""
    if not LOG.isEnabledFor(logging.INFO):
        return
    fields = {
        "request_id": request_id,
        "method": method[:_LONGEST_NAME],
        "caller": caller.name,
        "line": line,
        "ms": round(seconds * 1000, 2),
        "code": code or "ok",
    }
    if number is not None:
        fields["number"] = number
    if replayed:
        fields["replayed"] = True
    if caller.address:
        fields["address"] = caller.address
    if caller.client_request_id is not None:
        fields["client_request_id"] = caller.client_request_id
    LOG.handle(_CallRecord(fields))


def log_bug(said: str, error: BaseException, request_id: str, endpoint: Endpoint | None) -> None:
    """Log a failure of ours with its stack; of secret endpoints without the message, which may quote a parameter."""
    said, extra = f"{said}; request {request_id}", {"request_id": request_id}
    if endpoint is not None and endpoint.secret:
        frames = "".join(traceback.format_tb(error.__traceback__))
        BUGS.error("%s: %s\n%s", said, type(error).__name__, frames, extra=extra)
    else:
        BUGS.error("%s", said, exc_info=error, extra=extra)


class JsonLines(logging.Formatter):
    """Write a record as one line of JSON; control characters are escaped by JSON itself."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the line."""
        members = self._members(record)
        try:
            line = orjson.dumps(members, default=str)
        except TypeError:  # such as half of a surrogate pair in the name of a method
            line = b"\x7f"
        if line.isascii() and b"\x7f" not in line:
            return line.decode()
        return json.dumps(members, ensure_ascii=True, default=str)

    def _members(self, record: logging.LogRecord) -> dict[str, Any]:
        members = {
            "time": _time(record),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage(),
            **getattr(record, "fields", {}),
        }
        if "request_id" not in members and hasattr(record, "request_id"):
            members["request_id"] = record.request_id
        if record.exc_info:
            members["stack"] = self.formatException(record.exc_info)
        return members


class Readable(logging.Formatter):
    """Write a record for eyes: time, message or call, and what went wrong.

    Only a record begins at the margin; stacks and whatever else has several lines go on below it, indented.
    """

    def format(self, record: logging.LogRecord) -> str:
        """Return the line."""
        fields = getattr(record, "fields", None)
        text = _call_line(fields) if fields else f"{record.levelname.lower()} {record.getMessage()}"
        if record.exc_info:
            text += "\n" + self.formatException(record.exc_info)
        return f"{_time(record)[11:23]} " + _INDENTED.join(map(escaped, text.split("\n")))


def _call_line(fields: dict[str, Any]) -> str:
    where = f" on {fields['line']}" if fields.get("line") else ""
    address = f" from {fields['address']}" if fields.get("address") else ""
    again = " (replayed)" if fields.get("replayed") else ""
    return escaped(
        f"{fields['method']} {fields['code']} {fields['ms']} ms by {fields['caller']}{address}{where}{again} "
        f"{fields['request_id']}"
    )


def _time(record: logging.LogRecord) -> str:
    return f"{_second(int(record.created))}.{int(record.msecs):03d}Z"


@lru_cache(4)
def _second(second: int) -> str:
    return time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(second))


class BunchingHandler(logging.Handler):
    """Writes to a stream: records of calls in bunches once it was told to, everything else at once.

    A thread writes each bunch, a moment after its first record came. Whatever is written at once is written behind
    the records that wait.
    """

    def __init__(self, stream: TextIO) -> None:
        super().__init__()
        self._stream = stream
        self._waiting: deque[logging.LogRecord] = deque()
        self._any = threading.Event()
        self._writing = threading.Lock()
        self._bunching = False

    def bunch(self) -> None:
        """Write in bunches from now on, in this process and not in those it forks."""
        self._bunching = True
        threading.Thread(target=self._keep_writing, name="tracepro-log", daemon=True).start()

    def handle(self, record: logging.LogRecord) -> bool:
        """Take a record; unlike others of its kind it needs no lock for that."""
        self._waiting.append(record)
        if not self._bunching or record.name != LOG.name or len(self._waiting) > MOST_GATHERED:
            self.flush()
        elif not self._any.is_set():
            self._any.set()
        return True

    def flush(self) -> None:
        """Write what waits; what nobody reads any more is lost."""
        with self._writing, suppress(OSError, ValueError):
            for piece in self._pieces():
                self._stream.write(piece)
                self._stream.flush()

    def _pieces(self) -> list[str]:
        """Return what waits in pieces that are written whole, whatever other processes write to the same pipe."""
        pieces = [""]
        for _ in range(len(self._waiting)):
            line = self._line(self._waiting.popleft())
            if len(pieces[-1]) + len(line) > PIECE:
                pieces.append("")
            pieces[-1] += line
        return pieces

    def _line(self, record: logging.LogRecord) -> str:
        try:
            return f"{self.format(record)}\n"
        except Exception:
            self.handleError(record)
            return ""

    def _keep_writing(self) -> None:
        while self._any.wait():
            time.sleep(BUNCH_SECONDS)
            self._any.clear()
            self.flush()


def log_handler(stream: TextIO) -> logging.Handler:
    """Return what writes the log to a stream: short lines at once on a terminal, JSON lines elsewhere."""
    terminal = stream.isatty()
    handler = logging.StreamHandler(stream) if terminal else BunchingHandler(stream)
    handler.setFormatter(Readable() if terminal else JsonLines())
    return handler


def bunch_calls() -> None:
    """Have the records of calls written in bunches in this process, where the log isn't a terminal; not before a fork."""
    for handler in logging.getLogger().handlers:
        if isinstance(handler, BunchingHandler):
            handler.bunch()


def flush_log() -> None:
    """Write every record that waits; this process ends."""
    for handler in logging.getLogger().handlers:
        handler.flush()
