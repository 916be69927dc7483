"""What ``tracepro check`` says about the documents of a site."""

from __future__ import annotations

import os
from collections.abc import Iterator

from tracepro_documents import files, options
from tracepro_hookspecs import Call, CallError, Forbidden


def find(call: Call) -> Iterator[tuple[str, str]]:
    """Yield what is wrong, a sentence each, with the key of parameters.ini that it is about."""
    readable = options.readable(call)
    for folder in readable.folders:
        if not os.path.isdir(folder):
            yield f"[site] docs_allowed_paths {folder}", "There is no such folder; make it or take it out."
    for name, path in options.documents(call).items():
        try:
            files.check(str(path), readable)
        except Forbidden as error:
            missing = "" if os.path.exists(path) else " No such file is found either."
            yield f"[stddocs] {name}", error.info + missing
        except CallError as error:
            yield f"[stddocs] {name}", error.info
    room = call.parameter("api", "answer_bytes")
    if _answer_bytes(readable.most) > room:
        fits = (room - 2) // 4 * 3
        yield (
            "[site] docs_max_bytes",
            f"A file of {readable.most} bytes doesn't fit an answer of [api] answer_bytes = {room}; lower this to {fits} or raise that.",
        )


def _answer_bytes(file_bytes: int) -> int:
    """Return how long a file is in base64, in quotes."""
    return (file_bytes + 2) // 3 * 4 + 2
