"""JPEG (ITU T.81): segments with a length, scans of coded pixels that reach to the next marker, the end marker EOI.

Baseline, extended and progressive ones are taken: what browsers show. What cameras put behind EOI (a second picture,
a film) is none of it.
"""

from __future__ import annotations

import re
import struct

from tracepro_tooling.images.cursor import BadImage, Cursor, check_size, damaged

START_BYTES = 2
FRAME_HEADERS = (0xC0, 0xC1, 0xC2)
OTHER_FRAME_HEADERS = (0xC3, 0xC5, 0xC6, 0xC7, 0xC9, 0xCA, 0xCB, 0xCD, 0xCE, 0xCF)
EOI, SOS, DNL = 0xD9, 0xDA, 0xDC
WITHOUT_LENGTH = frozenset((0x00, 0x01, *range(0xD0, 0xD9)))
_MARKER_AFTER_SCAN = re.compile(rb"\xff[^\x00\xd0-\xd7\xff]")
"""0xFF 0x00 is a byte of pixels, 0xFF 0xD0 to 0xD7 are restarts inside a scan, more 0xFF before a marker fill up."""
_FILL = re.compile(rb"\xff*")


def walk(cursor: Cursor) -> None:
    """Move the cursor behind the end marker of a JPEG. Raises BadImage."""
    cursor.skip(START_BYTES)
    sized = scanned = False
    while (marker := _marker(cursor)) != EOI:
        segment = _segment(cursor, marker)
        if marker in FRAME_HEADERS:
            if sized:
                raise damaged("it has two sizes")
            _check_frame(segment)
            sized = True
        elif marker == SOS:
            if not sized:
                raise damaged("its pixels come before its size")
            _skip_scan(cursor)
            scanned = True
    if not scanned:
        raise damaged("it has no pixels")


def _marker(cursor: Cursor) -> int:
    """Return the next marker; any number of 0xFF may stand before it."""
    if cursor.take(1) != b"\xff":
        raise damaged("bytes of no segment stand in it")
    fill = _FILL.match(cursor.content, cursor.at)
    cursor.skip(fill.end() - cursor.at if fill else 0)
    return cursor.take(1)[0]


def _segment(cursor: Cursor, marker: int) -> bytes:
    """Return what stands in the segment of a marker. Raises BadImage for one that no picture of today has."""
    if marker in WITHOUT_LENGTH:
        raise damaged(f"the marker {marker:#04x} stands where a segment begins")
    if marker in OTHER_FRAME_HEADERS:
        raise BadImage("The image is a JPEG of a kind that browsers don't show; save it as a usual one.")
    if marker == DNL:
        raise BadImage("The image is a JPEG that tells its height behind its pixels; save it as a usual one.")
    (size,) = struct.unpack(">H", cursor.take(2))
    if size < 2:
        raise damaged("a segment is shorter than its length")
    return cursor.take(size - 2)


def _check_frame(segment: bytes) -> None:
    if len(segment) < 6:
        raise damaged("its size is missing")
    height, width = struct.unpack(">HH", segment[1:5])
    check_size(width, height)


def _skip_scan(cursor: Cursor) -> None:
    """Move to the marker behind a scan; one search, so that each byte is looked at once."""
    found = _MARKER_AFTER_SCAN.search(cursor.content, cursor.at)
    cursor.skip((found.start() if found else len(cursor.content)) - cursor.at)
