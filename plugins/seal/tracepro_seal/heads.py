"""Heads: what is kept elsewhere, for a chain proves nothing to somebody who could have made it anew."""

from __future__ import annotations

import json
from collections.abc import Iterable

from tracepro_seal import checker
from tracepro_seal.blocks import Block, Header


def text_of(head: Header) -> str:
    """Return a head as a line of JSON."""
    return json.dumps(head)


def read(paths: Iterable[str]) -> dict[int, list[tuple[Header, str]]]:
    """Return the heads in files, each with its file, by the number of their block. Raises ValueError."""
    found: dict[int, list[tuple[Header, str]]] = {}
    for path in paths:
        for head in _in_file(path):
            found.setdefault(int(head["number"]), []).append((head, path))
    return found


def _in_file(path: str) -> list[Header]:
    try:
        return checker.read_head_file(path)
    except checker.CheckError as error:
        raise ValueError(str(error)) from None


def differs(kept: Iterable[tuple[Header, str]], block: Block) -> str | None:
    """Return the file of a kept head that is another than that of the block with its number; None where none is."""
    return next((path for head, path in kept if head["hash"] != block.hash), None)
