"""A place in the bytes of a file that only moves on, so that reading a file takes as long as it is, whatever is in it."""

from __future__ import annotations

MAX_PIXELS = 100_000_000
MAX_STEPS = 200_000
"""A photo of 5 MB takes some hundred, an animation made of the blocks of 255 bytes that GIF has takes 40 000."""


class BadImage(ValueError):
    """A sentence about what is wrong with an image."""


class Cursor:
    """Takes and skips bytes of ``content``; raises BadImage at its end, and after too many steps."""

    def __init__(self, content: bytes) -> None:
        self.content = content
        self.at = 0
        self._steps = 0

    def skip(self, size: int) -> None:
        """Move on by so many bytes."""
        self._steps += 1
        if self._steps > MAX_STEPS:
            raise BadImage("The image is cut into more pieces than an image of its size has; save it anew.")
        self.at += size
        if self.at > len(self.content):
            raise BadImage("The image ends before its end marker; it was cut off, send the whole file.")

    def take(self, size: int) -> bytes:
        """Return the next bytes."""
        start = self.at
        self.skip(size)
        return self.content[start : self.at]


def check_size(width: int, height: int) -> None:
    """Refuse a picture without area, and one so large that a viewer that decodes it would run out of memory."""
    if not width or not height:
        raise BadImage(f"The image says that it is {width} by {height} pixels; a picture has at least one.")
    if width * height > MAX_PIXELS:
        raise BadImage(
            f"The image is {width} by {height} pixels, more than {MAX_PIXELS // 1_000_000} million; make it smaller."
        )


def damaged(where: str) -> BadImage:
    """Return the refusal of a file that isn't built as its kind is."""
    return BadImage(f"The image is damaged: {where}; save it anew.")
