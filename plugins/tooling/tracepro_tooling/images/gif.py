"""GIF (87a and 89a): the screen, then extensions and frames made of blocks of up to 255 bytes, then the trailer."""

from __future__ import annotations

import struct

from tracepro_tooling.images.cursor import Cursor, check_size, damaged

SIGNATURE_BYTES = 6
EXTENSION, FRAME, TRAILER = 0x21, 0x2C, 0x3B
HAS_COLOURS = 0x80


def walk(cursor: Cursor) -> None:
    """Move the cursor behind the trailer of a GIF, animated or not. Raises BadImage."""
    cursor.skip(SIGNATURE_BYTES)
    width, height, packed, _, _ = struct.unpack("<HHBBB", cursor.take(7))
    check_size(width, height)
    _skip_colours(cursor, packed)
    frames = 0
    while (block := cursor.take(1)[0]) != TRAILER:
        if block == EXTENSION:
            cursor.skip(1)
        elif block == FRAME:
            _skip_frame_head(cursor)
            frames += 1
        else:
            raise damaged("bytes of no block stand in it")
        _skip_blocks(cursor)
    if not frames:
        raise damaged("it has no pixels")


def _skip_frame_head(cursor: Cursor) -> None:
    left, top, width, height, packed = struct.unpack("<HHHHB", cursor.take(9))
    check_size(width, height)
    check_size(left + width, top + height)
    _skip_colours(cursor, packed)
    cursor.skip(1)


def _skip_colours(cursor: Cursor, packed: int) -> None:
    if packed & HAS_COLOURS:
        cursor.skip(3 * 2 ** ((packed & 7) + 1))


def _skip_blocks(cursor: Cursor) -> None:
    while size := cursor.take(1)[0]:
        cursor.skip(size)
