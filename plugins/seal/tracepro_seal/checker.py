#!/usr/bin/env python3
"""Checks the record of a unit, a file of `tracepro audit unit`, offline: it needs nothing but Python.

    python3 check_unit.py unit.json
    python3 check_unit.py unit.json --head kept.jsonl

The exit code is 0 when all holds, 1 when something doesn't. How the bytes are made that are hashed (by SHA-256; `||` puts bytes
one behind the other, a number is 8 bytes, big-endian, with a sign; hashes stand in JSON as hex digits):

- Bytes of a row: 01, then for each of COLUMNS in that order 00 for null, 01 || number, or 02 || the length of the text
  in UTF-8 as 4 bytes, big-endian || the text. Hash of a row: SHA-256(00 || bytes of the row).
- Tree of hashes (RFC 9162, 2.1): the root of one is itself; of more, SHA-256(01 || root of the first k || root of the rest), k
  the largest power of two below their number; of none, SHA-256 of nothing. A path has the roots beside the way, from the bottom up.
- Bytes of a block: 01 || number || previous || first_id || last_id || rows || root || tm. `root` is that of the hashes of its `rows`
  rows in order of id, `previous` that of the hashes of all blocks before it in order of number, which begins with 1. `tm` is
  when it was sealed, in microseconds since 1970 UTC. Hash of a block: SHA-256(02 || bytes of the block).
- A head is a block with its hash: through `previous` it holds to all blocks before it, and through their roots to all their rows.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import struct
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta, timezone
from typing import Any

VERSION = b"\x01"
RECORD = "tracepro unit record 1"
HEAD = "tracepro audit head 1"
COLUMNS = (
    *("id", "tm", "caller", "worker", "wp_id", "line", "method", "params", "changes"),
    *("idempotency_key", "request_id", "address", "client_request_id"),
)
DAMAGED = (
    *(KeyError, TypeError, AttributeError, IndexError, ValueError, OverflowError, RecursionError),
    struct.error,
)


class CheckError(Exception):
    """What doesn't hold, as a sentence."""


def row_hash(values: Iterable[int | str | None]) -> bytes:
    """Return the hash of a row; its values stand in the order of COLUMNS."""
    pieces = [b"\x00", VERSION]
    for value in values:
        if value is None:
            pieces.append(b"\x00")
        elif isinstance(value, int):
            pieces.append(b"\x01" + struct.pack(">q", value))
        else:
            text = value.encode()
            pieces += (b"\x02" + struct.pack(">I", len(text)), text)
    return hashlib.sha256(b"".join(pieces)).digest()


def block_hash(block: Mapping[str, Any]) -> bytes:
    """Return the hash of a block."""
    number, tm = (struct.pack(">q", block[name]) for name in ("number", "tm"))
    extent = struct.pack(">qqq", block["first_id"], block["last_id"], block["rows"])
    previous, root = (bytes.fromhex(block[name]) for name in ("previous", "root"))
    return hashlib.sha256(b"\x02" + VERSION + number + previous + extent + root + tm).digest()


def node(left: bytes, right: bytes) -> bytes:
    """Return the root above two others."""
    return hashlib.sha256(b"\x01" + left + right).digest()


def add_hash(peaks: list[tuple[int, bytes]], new: bytes) -> None:
    """Add a hash to a tree, which is kept as height and root of its full parts, the highest first."""
    height = 0
    while peaks and peaks[-1][0] == height:
        new = node(peaks.pop()[1], new)
        height += 1
    peaks.append((height, new))


def root_of_peaks(roots: Sequence[bytes]) -> bytes:
    """Return the root of a tree from those of its full parts, the highest first."""
    if not roots:
        return hashlib.sha256().digest()
    found = roots[-1]
    for root in reversed(roots[:-1]):
        found = node(root, found)
    return found


def root_of(hashes: Iterable[bytes]) -> bytes:
    """Return the root of hashes."""
    peaks: list[tuple[int, bytes]] = []
    for each in hashes:
        add_hash(peaks, each)
    return root_of_peaks([root for _, root in peaks])


def split(size: int) -> int:
    """Return how many of so many hashes, two or more, stand below the left root."""
    return 1 << ((size - 1).bit_length() - 1)


def root_by_path(leaf: bytes, index: int, size: int, path: Sequence[bytes]) -> bytes | None:
    """Return the root that a path leads to from the hash at an index of so many; None for a path of another length."""
    if size < 2 or not path:
        return leaf if (index, size) == (0, 1) and not path else None
    left = split(size)
    if index < left:
        below = root_by_path(leaf, index, left, path[:-1])
        return below and node(below, path[-1])
    below = root_by_path(leaf, index - left, size - left, path[:-1])
    return below and node(path[-1], below)


def leads(leaf: bytes, index: int, size: int, path: Iterable[str], root: str) -> bool:
    """Tell whether a path leads to a root."""
    found = root_by_path(leaf, index, size, [bytes.fromhex(each) for each in path])
    return found is not None and found.hex() == root


def read_heads(text: str, name: str) -> list[dict[str, Any]]:
    """Return the heads in a file, one JSON object a line. Raises CheckError for what is none, or was changed."""
    heads = []
    for place, line in enumerate(text.splitlines(), 1):
        if line.strip():
            heads.append(_read_head(line, f"Line {place} of {name}"))
    if not heads:
        raise CheckError(f"{name} has no heads, as `tracepro audit head` prints them; name another file.")
    return heads


def _read_head(line: str, place: str) -> dict[str, Any]:
    try:
        head: dict[str, Any] = json.loads(line)
        whole = head["format"] == HEAD and block_hash(head).hex() == head["hash"]
    except DAMAGED:
        raise CheckError(
            f"{place} is no head as `tracepro audit head` prints it; take another copy, or take it out."
        ) from None
    if not whole:
        raise CheckError(f"{place} is a head that is not as it was written; take another copy of it.")
    return head


def read_head_file(path: str) -> list[dict[str, Any]]:
    """Return the heads in a file of this name. Raises CheckError, OSError."""
    with open(path, encoding="utf-8-sig", errors="replace") as file:
        return read_heads(file.read(), path)


class UnitRecord:
    """The record of a unit, as its file has it."""

    def __init__(self, document: Any) -> None:
        if not isinstance(document, dict) or document.get("format") != RECORD:
            raise CheckError(f"It is not a file of `tracepro audit unit` that this checker reads ({RECORD}).")
        self.heads = document["heads"]
        self.blocks = {block["number"]: block for block in document["blocks"]}
        self.rows = document["rows"]
        self.moments = document["moments"]
        self.unit = document["unit"]["item"]
        self.sealed = [row for row in self.rows if row["block"] is not None]
        self.waiting = [row["row"]["id"] for row in self.rows if row["block"] is None]

    def check(self) -> None:
        """Check all that the file proves by itself. Raises CheckError."""
        for head in self.heads:
            if head["format"] != HEAD or block_hash(head).hex() != head["hash"]:
                raise CheckError(f"The head of block {head['number']} was changed.")
        for block in self.blocks.values():
            self._check_block(block)
        for row in self.sealed:
            self._check_row(row)
        self._check_waiting()
        ids = [row["row"]["id"] for row in self.rows]
        if sorted(set(ids)) != ids:
            raise CheckError("The rows are not in order, or one stands there twice.")
        written = {row["row"]["tm"] for row in self.rows}
        if missing := [moment["what"] for moment in self.moments if moment["tm"] not in written]:
            raise CheckError(f"No row of the audit is there from the moment of {', '.join(missing)}.")

    def _check_block(self, block: Mapping[str, Any]) -> None:
        """Check that all heads from a block on hold to it."""
        number, own = block["number"], block_hash(block)
        heads = [head for head in self.heads if head["number"] >= number]
        if not heads:
            raise CheckError(f"No head holds to block {number}.")
        for head in heads:
            if head["number"] == number:
                holds = own.hex() == head["hash"]
            else:
                path = block["paths"][str(head["number"])]
                holds = leads(own, number - 1, head["number"] - 1, path, head["previous"])
            if not holds:
                raise CheckError(
                    f"Block {number} is not the one that the head of block {head['number']} holds to."
                )

    def _check_row(self, row: Mapping[str, Any]) -> None:
        """Check that a row is in its block."""
        values, block = row["row"], self.blocks[row["block"]]
        own = row_hash(values[name] for name in COLUMNS)
        inside = block["first_id"] <= values["id"] <= block["last_id"] and len(values) == len(COLUMNS)
        if not inside or not leads(own, row["index"], block["rows"], row["path"], block["root"]):
            raise CheckError(f"Row {values['id']} is not as it was sealed in block {row['block']}.")

    def _check_waiting(self) -> None:
        """Check that rows without a proof are younger than what is sealed: all up to the newest head has one."""
        sealed_up_to = max((head["last_id"] for head in self.heads), default=None)
        for row_id in self.waiting:
            if sealed_up_to is not None and row_id <= sealed_up_to:
                raise CheckError(f"Row {row_id} has no proof, and all rows up to {sealed_up_to} are sealed.")

    def kept_in(self, heads: Sequence[Mapping[str, Any]], name: str) -> int:
        """Return the number of the last head of the file that was kept elsewhere too. Raises CheckError for none, or another."""
        own = {head["number"]: head["hash"] for head in self.heads}
        same = [head for head in heads if head["number"] in own]
        for head in same:
            if own[head["number"]] != head["hash"]:
                raise CheckError(
                    f"The head of block {head['number']} in {name} is another than the file's: its chain is another."
                )
        if not same:
            raise CheckError(
                f"The file's proofs lead to no head in {name}; have it written with --head {name}."
            )
        return max(head["number"] for head in same)


def verdict(record: UnitRecord, kept: int | None) -> Iterator[str]:
    """Yield what is proven and what isn't, a sentence a line; ``kept`` is the number of a head that was kept elsewhere."""
    code, sealed = record.unit["barcode"], len(record.sealed)
    yield f"Unit {code or 'without a code'} (id {record.unit['id']}): {len(record.rows)} rows of the audit, {sealed} of them sealed."
    if record.heads:
        head = record.heads[-1]
        epoch = datetime(1970, 1, 1, tzinfo=timezone.utc)  # noqa: UP017 (older Pythons know no other)
        time = epoch + timedelta(microseconds=head["tm"])
        yield f"The newest head is that of block {head['number']}, sealed {time.isoformat()}, with the hash {head['hash']}."
    yield "Proven: each sealed row is to the byte as the heads hold to it, and each moment of the unit has its row."
    if kept is None:
        yield "Not proven: that the heads are genuine; compare with one that was kept elsewhere (--head)."
    else:
        held = sum(row["block"] <= kept for row in record.sealed)
        yield f"Proven: {held} rows are as they were when the head of block {kept} was kept."
    if record.waiting:
        yield f"Not proven: the rows {', '.join(map(str, record.waiting))}, which are not sealed yet."
    yield "Not proven: what the file says of the unit beside its rows, that no further row concerns it, and that what was recorded is true."


def check(path: str, head_files: Sequence[str]) -> list[str]:
    """Check a file and return what is to be said. Raises CheckError, OSError."""
    kept = None
    try:
        with open(path, encoding="utf-8") as file:
            record = UnitRecord(json.load(file))
        record.check()
        for name in head_files:
            kept = max(kept or 0, record.kept_in(read_head_file(name), name))
        return list(verdict(record, kept))
    except DAMAGED as error:
        raise CheckError(f"The file is damaged ({type(error).__name__}: {error}).") from None


def printable(line: str) -> str:
    """Return a line that can't look like several, and that any terminal and file takes, whatever a code in it is."""
    shown = "".join(each if each.isprintable() else ascii(each)[1:-1] for each in line)
    encoding = sys.stdout.encoding or "utf-8"
    return shown.encode(encoding, "backslashreplace").decode(encoding)


def main() -> int:
    """Check the file that the command line names; the exit code is 0 when all holds."""
    parser = argparse.ArgumentParser(description="Checks a file of `tracepro audit unit`.")
    parser.add_argument("file", help="the record of a unit")
    parser.add_argument(
        "--head", action="append", default=[], metavar="FILE", help="heads that were kept elsewhere"
    )
    arguments = parser.parse_args()
    try:
        lines = check(arguments.file, arguments.head)
    except (CheckError, OSError) as error:
        print(printable(f"BROKEN: {error}"))
        return 1
    for line in lines:
        print(printable(line))
    return 0


if __name__ == "__main__":
    sys.exit(main())
