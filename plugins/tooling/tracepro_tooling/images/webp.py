"""WebP (RFC 9649): a RIFF file of chunks that are padded to an even length, with VP8, VP8L or frames of them."""

from __future__ import annotations

import struct
from collections.abc import Iterator

from tracepro_tooling.images.cursor import Cursor, check_size, damaged

VP8_START = b"\x9d\x01\x2a"
VP8L_SIGNATURE = 0x2F
SIDE_BITS = 14
SIDE = 2**SIDE_BITS - 1
FRAME_HEAD_BYTES = 16


def walk(cursor: Cursor) -> None:
    """Move the cursor behind the end that the RIFF header says. Raises BadImage."""
    cursor.skip(4)
    (size,) = struct.unpack("<I", cursor.take(4))
    end = cursor.at + size
    cursor.skip(4)
    pictures = 0
    for number, (name, chunk_end) in enumerate(_chunks(cursor, end)):
        if number == 0 and name not in (b"VP8 ", b"VP8L", b"VP8X"):
            raise damaged("it does not begin with its size")
        pictures += _pictures(cursor, name, chunk_end)
    if not pictures:
        raise damaged("it has no pixels")


def _chunks(cursor: Cursor, end: int) -> Iterator[tuple[bytes, int]]:
    """Yield name and end of each chunk that lies before ``end``; what isn't read of it is skipped."""
    while cursor.at < end:
        name, size = struct.unpack("<4sI", cursor.take(8))
        chunk_end = cursor.at + size
        if chunk_end > end:
            raise damaged(f"its part {name.decode('latin-1')!r} is longer than what holds it")
        yield name, chunk_end
        cursor.skip(min(chunk_end + size % 2, end) - cursor.at)
    if cursor.at > end:
        raise damaged("it is longer than its header says")


def _pictures(cursor: Cursor, name: bytes, end: int) -> int:
    """Check the size that a chunk says, and return how many pictures are in it."""
    if name == b"VP8X":
        _check_canvas(_head(cursor, 10, end)[4:])
    elif name == b"VP8 ":
        _check_vp8(_head(cursor, 10, end))
    elif name == b"VP8L":
        _check_vp8l(_head(cursor, 5, end))
    elif name == b"ANMF":
        _check_canvas(_head(cursor, FRAME_HEAD_BYTES, end)[6:12])
        return sum(_pictures(cursor, inner, inner_end) for inner, inner_end in _chunks(cursor, end))
    return int(name in (b"VP8 ", b"VP8L"))


def _head(cursor: Cursor, size: int, end: int) -> bytes:
    if cursor.at + size > end:
        raise damaged("its size is missing")
    return cursor.take(size)


def _check_canvas(sides: bytes) -> None:
    """Two numbers of 24 bits, each one less than a side."""
    check_size(int.from_bytes(sides[:3], "little") + 1, int.from_bytes(sides[3:], "little") + 1)


def _check_vp8(head: bytes) -> None:
    if head[0] & 1 or head[3:6] != VP8_START:
        raise damaged("its VP8 does not begin with a whole picture")
    width, height = struct.unpack("<HH", head[6:])
    check_size(width & SIDE, height & SIDE)


def _check_vp8l(head: bytes) -> None:
    sides = int.from_bytes(head[1:], "little")
    if head[0] != VP8L_SIGNATURE:
        raise damaged("its VP8L does not begin with its signature")
    check_size((sides & SIDE) + 1, (sides >> SIDE_BITS & SIDE) + 1)
