"""The errors a handler or hook may raise; each becomes one stable JSON-RPC error.

Every error carries a sentence that says what is wrong, where, and what to do; clients get it as
``message`` and as ``data.info``, on one line, with the stable word in ``data.code``.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from tracepro_hookspecs.records import Reason, readable


class CallError(Exception):
    """A call ends with this error and nothing of it is written.

    ``code`` is the stable word, ``info`` the sentence, ``number`` the JSON-RPC code (-32603 unless a class of yours has its own),
    ``retryable`` says that the same call may succeed later, ``data`` is told beside them.
    """

    number: int = -32603

    def __init__(self, code: str, info: str, *, retryable: bool = False, **data: Any) -> None:
        self.info = readable(str(info))
        super().__init__(self.info)
        self.code = code
        self.retryable = retryable
        self.data = data


class Refused(CallError):
    """A rule of the plant says no (1000); ``data.reasons`` has all of them."""

    number = 1000

    def __init__(self, reasons: Sequence[Reason]) -> None:
        super().__init__(reasons[0].code, "; ".join(reason.info for reason in reasons), reasons=list(reasons))
        self.reasons = list(reasons)


class NotFound(CallError):
    """Something the call names does not exist (1001); the code ends in ``-not-found``."""

    number = 1001


class Conflict(CallError):
    """It exists already or is already done (1002)."""

    number = 1002


class Forbidden(CallError):
    """The caller may not have this, whatever the plant's state (1003)."""

    number = 1003


class PluginOff(CallError):
    """The plugin that owns the method, or data sent with it, is off on a line of the call (1004)."""

    number = 1004

    def __init__(self, plugin: str, line: str | None) -> None:
        where = f"line {line}" if line else "this site"
        info = f"Plugin {plugin} is not enabled on {where}; enable it in plugins.ini or leave its data out."
        super().__init__("plugin-off", info, plugin=plugin, line=line)


class InvalidParams(CallError):
    """A parameter breaks a rule of its schema or meaning (-32602)."""

    number = -32602

    def __init__(self, parameter: str, info: str, *, rule: str = "value", **data: Any) -> None:
        super().__init__("invalid-params", info, parameter=parameter, rule=rule, **data)


class TryAgain(CallError):
    """The server could not take the call now (-32000); sending it again is right."""

    number = -32000

    def __init__(self, code: str, info: str, **data: Any) -> None:
        super().__init__(code, info, retryable=True, **data)
