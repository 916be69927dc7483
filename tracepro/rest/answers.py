"""An answer as bytes: a line with status and headers, then the body; it is stored and answered again as it is."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import msgspec

from tracepro_hookspecs import Call, Reply

JSON = "application/json"
_encode = msgspec.json.Encoder().encode
_decode_head = msgspec.json.Decoder(tuple[int, dict[str, str]]).decode


class PagedAnswer(bytes):
    """The first page of an encoded answer; ``rest`` gives the next one."""

    rest: Callable[[Call], Reply]


def answer_encoder(status: int, *, writes: bool) -> Callable[[Any], bytes]:
    """Return the encoder of a route's results; ``status`` is what an answer has that names no other."""

    def encode_answer(result: Any) -> bytes:
        reply = result if isinstance(result, Reply) else Reply(result)
        content, headers = _content(reply, writes)
        encoded = _encode((reply.status or status, headers)) + b"\n" + content
        return encoded if reply.rest is None else _paged(encoded, reply)

    return encode_answer


def decode_answer(encoded: bytes) -> tuple[int, dict[str, str], bytes]:
    """Return status, headers and body of an encoded answer."""
    head, _, content = encoded.partition(b"\n")
    status, headers = _decode_head(head)
    return status, headers, content


def _paged(encoded: bytes, reply: Reply) -> PagedAnswer:
    if reply.rest is None or not isinstance(reply.body, bytes):
        raise TypeError("An answer in pages is made of bytes.")
    paged = PagedAnswer(encoded)
    paged.rest = reply.rest
    return paged


def _content(reply: Reply, writes: bool) -> tuple[bytes, Mapping[str, str]]:
    if isinstance(reply.body, (bytes, bytearray)):
        if writes:
            raise TypeError(
                "A route that writes answers JSON, so that its answer can be stored; answer bytes on GET."
            )
        return bytes(reply.body), {"Content-Type": "application/octet-stream", **reply.headers}
    if reply.status == 204 or reply.body is None:
        return b"", reply.headers
    return _encode(reply.body), {"Content-Type": JSON, **reply.headers}
