"""The files: gzipped JSON lines beside their manifest, whole on the disk before anybody relies on them."""

from __future__ import annotations

import fcntl
import gzip
import os
import zlib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from hashlib import file_digest
from pathlib import Path
from typing import Any

import msgspec

from tracepro.durable import sync

OWN = 0o600
FORMAT = 1
LINES = ".jsonl.gz"


class Manifest(msgspec.Struct, frozen=True):
    """What a file of lines has: rows of a table in order of id, with the versions that say what its columns mean."""

    format: int
    table: str
    plugin: str
    schema_version: str
    core_version: str
    columns: tuple[str, ...]
    rows: int
    first_id: int
    last_id: int
    oldest: str
    newest: str
    before: str
    created: str
    sha256: str


def name_of(manifest: Manifest) -> str:
    """Return the name of the file of lines."""
    return f"{manifest.table}-{manifest.first_id}-{manifest.last_id}{LINES}"


def part_of(folder: Path, table: str) -> Path:
    """Return the file in which lines of a table stand until the database knows of them; what else is in it is rubbish."""
    return folder / f"{table}.part"


def manifest_of(path: Path) -> Path:
    """Return the manifest's file beside a file of lines."""
    return path.with_name(path.name.removesuffix(LINES) + ".json")


@contextmanager
def locked(folder: Path) -> Iterator[None]:
    """Make the folder where there is none, and keep other archives out of it. Raises ValueError while one is made."""
    with told(folder):
        folder.mkdir(mode=0o700, exist_ok=True)
        sync(folder.parent)
        handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        yield
    except BlockingIOError:
        raise ValueError(f"Another archive is being made in {folder}; wait for its end.") from None
    finally:
        os.close(handle)


@contextmanager
def told(folder: Path) -> Iterator[None]:
    """Say as a sentence why nothing can be written into a folder."""
    try:
        yield
    except OSError as error:
        raise ValueError(
            f"The archive can't be written to {folder} ({error.strerror or error}); mend that, such as by making room there, "
            "and archive again: what is in no finished file is still in the database."
        ) from error


def write(path: Path, pieces: Iterable[bytes], *, packed: bool = False) -> None:
    """Write a file anew, and return when it is on the disk; leave none when that fails."""
    try:
        with open(os.open(path, os.O_CREAT | os.O_WRONLY | os.O_TRUNC, OWN), "wb") as file:
            if packed:
                with gzip.GzipFile("", "wb", 6, file, mtime=0) as lines:
                    lines.writelines(pieces)
            else:
                file.writelines(pieces)
            file.flush()
            os.fsync(file.fileno())
    except BaseException:
        path.unlink(missing_ok=True)
        raise


def digest(path: Path) -> str:
    """Return the SHA-256 of a file as hex digits."""
    with path.open("rb") as file:
        return file_digest(file, "sha256").hexdigest()


def finish(path: Path, manifest: Manifest) -> None:
    """Give the lines their name and their manifest, unless they have them, and return when all is on the disk.

    Raises ValueError when they are not what the manifest says.
    """
    part = part_of(path.parent, manifest.table)
    check(path if path.exists() else part, manifest)
    with told(path.parent):
        if not path.exists():
            part.rename(path)
        beside = part.with_suffix(".json.part")
        write(beside, [msgspec.json.format(msgspec.json.encode(manifest)), b"\n"])
        beside.rename(manifest_of(path))
        sync(path.parent)


def check(path: Path, manifest: Manifest) -> None:
    """Refuse a file of lines that is not the one of the manifest. Raises ValueError."""
    if not path.is_file():
        raise ValueError(
            f"{path} is not there, and rows of {manifest.table} are being moved into it; put it back and archive again."
        )
    if digest(path) != manifest.sha256:
        raise ValueError(
            f"{path} is not what its manifest says: it is torn or was changed; take a copy of it that is whole."
        )


def read(path: Path) -> Iterator[dict[str, Any]]:
    """Yield the rows of a file of lines. Raises ValueError where it ends too soon."""
    try:
        with gzip.open(path, "rb") as lines:
            yield from map(msgspec.json.decode, lines)
    except (EOFError, zlib.error, gzip.BadGzipFile, msgspec.DecodeError) as error:
        raise ValueError(f"{path} is torn: {error}; take a copy of it that is whole.") from None


def find(place: Path, column: str, value: str) -> Iterator[dict[str, Any]]:
    """Yield the rows with a value in a column, of one file of lines or of all in a folder.

    Raises ValueError for a torn one, where there is none, and for a column that no file has.
    """
    manifests = {path: _read_manifest(path) for path in _lines_at(place)}
    columns = sorted({name for manifest in manifests.values() for name in manifest.columns})
    if column not in columns:
        raise ValueError(f"No table in {place} has a column {column}; choose from {', '.join(columns)}.")
    for path, manifest in manifests.items():
        if column in manifest.columns:
            check(path, manifest)
            rows = (row for row in read(path) if str(row[column]) == value)
            yield from ({"table": manifest.table, **row} for row in rows)


def _lines_at(place: Path) -> list[Path]:
    paths = sorted(place.glob(f"*{LINES}")) if place.is_dir() else [place]
    if not paths or not all(path.name.endswith(LINES) and path.is_file() for path in paths):
        raise ValueError(
            f"{place} is neither a {LINES} of `tracepro archive` nor a folder with some; correct the path."
        )
    return paths


def _read_manifest(path: Path) -> Manifest:
    beside = manifest_of(path)
    try:
        manifest = msgspec.json.decode(beside.read_bytes(), type=Manifest)
    except (OSError, msgspec.DecodeError) as error:
        raise ValueError(f"{beside}, the manifest of {path}, can't be read: {error}; put it back.") from None
    if manifest.format != FORMAT:
        raise ValueError(
            f"{path} has format {manifest.format}, this version reads {FORMAT}; use a newer tracepro."
        )
    return manifest
