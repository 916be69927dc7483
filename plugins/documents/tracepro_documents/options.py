"""Which documents a plant has, and which files may be read."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

from tracepro_hookspecs import Call, Parameter, at_least

PARAMETERS = [
    Parameter(
        "stddocs",
        "*",
        {},
        "A standard document: its symbolic name and the path of its file, which lies below docs_allowed_paths.",
        Path,
    ),
    Parameter(
        "site",
        "docs_allowed_paths",
        "",
        "The folders from which getdocfile gives files, with all that lies below them; none gives no file.",
        list[Path],
    ),
    Parameter(
        "site",
        "docs_max_bytes",
        10_000_000,
        "Bytes of a file that getdocfile gives; its answer is a third longer and must fit [api] answer_bytes.",
        int,
        parse=at_least(1),
    ),
]


class Readable(NamedTuple):
    """What may be read: files below ``folders`` of at most ``most`` bytes."""

    folders: list[Path]
    most: int


def documents(call: Call) -> dict[str, Path]:
    """Return the standard documents by their symbolic names."""
    found: dict[str, Path] = call.parameter("stddocs", "*")
    return found


def readable(call: Call) -> Readable:
    """Return which files this site gives."""
    return Readable(call.parameter("site", "docs_allowed_paths"), call.parameter("site", "docs_max_bytes"))
