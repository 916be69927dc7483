"""The envelope of JSON-RPC 2.0: what a request must be, and how answers are put together."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import orjson

from tracepro.calls.errors import InvalidRequest, error_object
from tracepro.calls.invocation import encode_json
from tracepro.rpc.strict_json import INT64_MAX, INT64_MIN
from tracepro_hookspecs import CallError


class Nothing:
    """What the id of a notification is."""


NOTHING = Nothing()
_ID_TYPES = frozenset((str, int, float, type(None), Nothing))
_NO_PARAMS: dict[str, Any] = {}

Params = list[Any] | dict[str, Any]


def usable_id(sent: Any) -> Any:
    """Return the id an answer can have: the one sent, or None when nothing was sent that can be an id."""
    rpc_id = sent.get("id") if type(sent) is dict else None
    return rpc_id if _is_id(rpc_id) else None


def is_notification(sent: Any) -> bool:
    """Tell whether a request is one that nobody wants an answer to."""
    return isinstance(sent, dict) and "id" not in sent


def _is_id(rpc_id: Any) -> bool:
    return type(rpc_id) in _ID_TYPES and (type(rpc_id) is not int or INT64_MIN <= rpc_id <= INT64_MAX)


def request_of(sent: Any) -> tuple[Any, str, Params]:
    """Read one request: its id (NOTHING for a notification), method and params. Raises InvalidRequest."""
    if type(sent) is not dict:
        raise InvalidRequest("A request must be an object with jsonrpc, method, params and id.")
    rpc_id, method, params = sent.get("id", NOTHING), sent.get("method"), sent.get("params", _NO_PARAMS)
    if sent.get("jsonrpc") != "2.0":
        raise InvalidRequest('The member jsonrpc must be exactly "2.0".')
    if not _is_id(rpc_id):
        raise InvalidRequest("The id must be a text, a number of 64 bits or null.")
    if type(method) is not str:
        raise InvalidRequest("The member method must be a text.")
    if type(params) is not dict and type(params) is not list:
        raise InvalidRequest("The member params must be a list or an object, or be left out.")
    return rpc_id, method, params


def result_answer(rpc_id: Any, result: bytes) -> bytes:
    """Put an encoded result into an answer."""
    return b'{"jsonrpc":"2.0","result":%b,"id":%b}' % (result, orjson.dumps(rpc_id))


def error_answer(rpc_id: Any, error: CallError) -> bytes:
    """Put an error into an answer."""
    return b'{"jsonrpc":"2.0","error":%b,"id":%b}' % (encode_json(error_object(error)), orjson.dumps(rpc_id))


def refusal_answer(sent: Any, error: CallError) -> bytes:
    """Answer one request, as it was sent, with an error; a notification with nothing."""
    return b"" if is_notification(sent) else error_answer(usable_id(sent), error)


def batch_answer(answers: Iterable[bytes]) -> bytes:
    """Put the answers of a batch together; those of notifications are empty, and so is a batch of only them."""
    given = [answer for answer in answers if answer]
    return b"[%b]" % b",".join(given) if given else b""
