"""One record for every call, and for every fault of ours: JSON lines for machines, short lines on a terminal; no parameter."""

from __future__ import annotations

import json
import logging
import traceback
from datetime import UTC, datetime
from typing import Any

from tracepro.access.caller import Caller
from tracepro.calls.invocation import Endpoint
from tracepro_hookspecs.records import escaped

LOG = logging.getLogger("tracepro.calls.call")
BUGS = logging.getLogger("tracepro.calls")
_LONGEST_NAME = 100
_INDENTED = "\n" + " " * 13


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
    LOG.info("call", extra={"fields": fields})


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
        return json.dumps(self._members(record), ensure_ascii=True, default=str)

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
    moment = datetime.fromtimestamp(record.created, UTC)
    return moment.strftime("%Y-%m-%dT%H:%M:%S.") + f"{moment.microsecond // 1000:03d}Z"


def formatter_for(stream: object) -> logging.Formatter:
    """Return the readable formatter for a terminal, JSON lines for everything else."""
    return Readable() if getattr(stream, "isatty", lambda: False)() else JsonLines()
