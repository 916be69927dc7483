"""The codes of this plugin, each built in one place with its sentence."""

from __future__ import annotations

from tracepro_hookspecs import Forbidden, NotFound

SHOWN = 300


def path_not_allowed(path: str) -> Forbidden:
    """Return the error for a path outside the allowed folders; the same whether anything is there or not."""
    info = f"{_shown(path)} is not below a folder of [site] docs_allowed_paths; add its folder there or ask for another file."
    return Forbidden("path-not-allowed", info)


def file_not_found(path: str, why: str = "is not there") -> NotFound:
    """Return the error for a file below an allowed folder that can't be given, and why."""
    return NotFound("file-not-found", f"{_shown(path)} {why}; put the file there or fix its path.")


def file_too_large(path: str, most: int) -> Forbidden:
    """Return the error for a file that is larger than the site gives."""
    info = f"{_shown(path)} has more than {most} bytes; make the file smaller or have [site] docs_max_bytes raised."
    return Forbidden("file-too-large", info)


def _shown(path: str) -> str:
    return path if len(path) <= SHOWN else f"{path[:SHOWN]}…"
