"""PNG (ISO/IEC 15948): chunks of length, name, content and check sum, from IHDR to IEND; an APNG is one too."""

from __future__ import annotations

import struct
from zlib import crc32

from tracepro_tooling.images.cursor import Cursor, check_size, damaged

SIGNATURE_BYTES = 8
HEADER_BYTES = 13


def walk(cursor: Cursor) -> None:
    """Move the cursor behind the end of a PNG. Raises BadImage."""
    cursor.skip(SIGNATURE_BYTES)
    _check_header(*_chunk(cursor))
    pixels = False
    name = b""
    while name != b"IEND":
        name, _ = _chunk(cursor)
        pixels = pixels or name == b"IDAT"
        if name == b"IHDR":
            raise damaged("it has a second header")
    if not pixels:
        raise damaged("it has no pixels")


def _check_header(name: bytes, header: bytes) -> None:
    if name != b"IHDR" or len(header) != HEADER_BYTES:
        raise damaged("it does not begin with its header")
    check_size(*struct.unpack(">II", header[:8]))


def _chunk(cursor: Cursor) -> tuple[bytes, bytes]:
    """Return name and content of the next chunk, whose check sum holds."""
    (size,) = struct.unpack(">I", cursor.take(4))
    named = cursor.take(4 + size)
    if crc32(named) != int.from_bytes(cursor.take(4), "big"):
        raise damaged(f"the check sum of its part {named[:4].decode('latin-1')!r} is wrong")
    return named[:4], named[4:]
