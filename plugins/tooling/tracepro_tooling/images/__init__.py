"""Images as they are sent: what is stored is whole, is what it says it is, and nothing else follows it."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import NamedTuple

from tracepro.rest import HttpProblem
from tracepro_tooling.images import gif, jpeg, png, webp
from tracepro_tooling.images.cursor import BadImage, Cursor

__all__ = ["MEDIA_TYPES", "checked_image"]


class Kind(NamedTuple):
    """A kind of image: its name, how a file of it begins, and how one is walked."""

    name: str
    signature: re.Pattern[bytes]
    walk: Callable[[Cursor], None]


KINDS = {
    "image/png": Kind("PNG", re.compile(rb"\x89PNG\r\n\x1a\n"), png.walk),
    "image/jpeg": Kind("JPEG", re.compile(rb"\xff\xd8\xff"), jpeg.walk),
    "image/gif": Kind("GIF", re.compile(rb"GIF8[79]a"), gif.walk),
    "image/webp": Kind("WebP", re.compile(rb"(?s)RIFF.{4}WEBP"), webp.walk),
}
MEDIA_TYPES = tuple(KINDS)
"""What an image may be sent as."""


def checked_image(content: bytes, media_type: str) -> bytes:
    """Return the image without what follows its end. Raises HttpProblem 415 for what is not one whole image of this type.

    The file is walked from its signature to its end marker and never decoded, in time that grows with its length.
    """
    try:
        walk = _kind_of(content, media_type).walk
        cursor = Cursor(content)
        walk(cursor)
    except BadImage as bad:
        raise HttpProblem(415, "Not an image that is taken", str(bad), type="image-refused") from None
    return content[: cursor.at]


def _kind_of(content: bytes, media_type: str) -> Kind:
    """Return the kind that the content is. Raises BadImage for another one than was said."""
    found = next((sort for sort, kind in KINDS.items() if kind.signature.match(content)), None)
    if found is None:
        names = ", ".join(kind.name for kind in KINDS.values())
        raise BadImage(f"The body is none of the images that are taken ({names}); convert it to one of them.")
    if found != media_type:
        raise BadImage(
            f"The body is of {found}, but its Content-Type says {media_type[:100]}; send the right one."
        )
    return KINDS[found]
