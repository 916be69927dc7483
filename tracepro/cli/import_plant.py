"""``tracepro import``: a plant file into the database, all or nothing."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from tqdm import tqdm

from tracepro import plant_file
from tracepro.cli.site import opened_site, read_settings, tell
from tracepro.findings import Finding, Findings
from tracepro.plant_schema import schema_text
from tracepro.plugin.assembly import assemble
from tracepro.rpc import strict_json
from tracepro.site import Site
from tracepro.startup import check_lines

MAX_ROWS_BESIDE_SERVER = 10_000


def setup(parser: argparse.ArgumentParser) -> None:
    """Add the file and what is asked instead of one."""
    asked = parser.add_mutually_exclusive_group(required=True)
    asked.add_argument("file", type=Path, nargs="?", help="a plant file (JSON)")
    asked.add_argument(
        "--schema",
        action="store_true",
        help="print the JSON Schema of the plant files that this site takes, and import nothing",
    )


def run(arguments: argparse.Namespace) -> int:
    """Import the file and say how many rows of each section it had, or print the schema."""
    if arguments.schema:
        return _print_schema()
    document = _read(arguments.file)
    with opened_site(silent=True) as site:
        before = _unknown_lines(site)
        parts = plant_file.checked(site, document)
        rows = sum(len(part.rows) for part in parts)
        with _without_servers(site, rows), tqdm(total=rows, unit="rows", disable=_hide_progress(rows)) as bar:
            loaded = plant_file.import_parts(site, parts, bar.update)
        mended = before - _unknown_lines(site)
        tell(warning for warning in site.warnings if warning not in mended)
    print(", ".join(f"{name} {count}" for name, count in loaded.items()) or "The file has no sections.")
    return 0


def _print_schema() -> int:
    findings = Findings()
    assembly = assemble(read_settings(), findings)
    findings.stop_on_error()
    print(schema_text(assembly), end="")
    return 0


def _unknown_lines(site: Site) -> set[Finding]:
    """Return what plugins.ini says about lines that the database doesn't know; a file may bring them."""
    findings = Findings()
    check_lines(site, findings)
    return set(findings.warnings)


def _read(file: Path) -> Any:
    try:
        text = file.read_bytes()
        return strict_json.loads(text)
    except OSError as error:
        raise ValueError(
            f"{file} can't be read: {error.strerror}; correct the path or its permissions."
        ) from error
    except strict_json.BadJson as error:
        raise ValueError(_fault(file, text, error)) from error


def _fault(file: Path, text: bytes, error: strict_json.BadJson) -> str:
    """Return what is wrong with a file that could not be read as JSON: in which line and column, if that can be told."""
    try:
        json.loads(text)
    except json.JSONDecodeError as place:
        return (
            f"{file}, line {place.lineno}, column {place.colno} is not JSON: {place.msg}; correct it there."
        )
    except ValueError:
        pass
    return f"{file} is not a plant file: {error.info.replace('The body', 'It')}"


@contextmanager
def _without_servers(site: Site, rows: int) -> Iterator[None]:
    """Keep servers off while many rows go into SQLite: one long transaction would hold up every terminal."""
    if rows <= MAX_ROWS_BESIDE_SERVER:
        yield
        return
    if not site.store.claim_writer():
        raise ValueError(
            f"The file has {rows} rows, more than {MAX_ROWS_BESIDE_SERVER}, and a server is running; stop it first: "
            "on SQLite all its writes would wait."
        )
    try:
        yield
    finally:
        site.store.release_writer()


def _hide_progress(rows: int) -> bool:
    return rows < 1000 or not sys.stderr.isatty()
