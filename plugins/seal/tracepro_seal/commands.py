"""``tracepro audit verify``, ``head``, ``unit`` and ``checker``."""

from __future__ import annotations

import json
import os
import sys
from argparse import ArgumentParser, Namespace
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from tracepro.inspection import newest_audit_id
from tracepro_hookspecs import Command, Site
from tracepro_seal import blocks, checker, findings, heads, unit_record
from tracepro_seal.concerning import Progress
from tracepro_seal.verifying import MOST_UNSEALED, Verified, Verifier


@contextmanager
def _bar(total: int) -> Iterator[Progress]:
    """Show on a terminal how many rows are done."""
    from tqdm import tqdm

    with tqdm(total=total, unit="rows", unit_scale=True, disable=not sys.stderr.isatty()) as bar:
        yield bar.update


def _keep_arguments(parser: ArgumentParser) -> None:
    parser.add_argument(
        "--head",
        action="append",
        default=[],
        metavar="FILE",
        help="heads that were kept elsewhere; may be repeated",
    )


def verify(site: Site, arguments: Namespace) -> int:
    """Verify the whole chain and say what was found."""
    kept = heads.read(arguments.head)
    with _bar(site.store.read(newest_audit_id)) as progress:
        found = Verifier(site.store, kept, progress).verify()
    print(_told(found, len(kept)))
    seconds = site.parameter("seal", "seconds")
    if (sentence := site.store.read(lambda db: findings.late(db, seconds, site.clock()))) is not None:
        print(f"warning: {sentence}", file=sys.stderr)
    return 0


def _told(found: Verified, kept: int) -> str:
    more = " or more" if found.unsealed == MOST_UNSEALED else ""
    waiting = f"Rows that are not sealed yet: {found.unsealed}{more}."
    if found.last is None:
        return f"Nothing is sealed yet. {waiting}"
    against = "every head that was kept fits" if kept else "no head that was kept elsewhere was named"
    return (
        f"All is as it was sealed up to row {found.last.last_id}, rows {found.rows}, blocks {found.last.number}; {against}.\n"
        f"{waiting}"
    )


def head(site: Site, arguments: Namespace) -> int:
    """Print the newest head; 1 where nothing is sealed yet."""
    last = site.store.read(blocks.last)
    if last is None:
        raise ValueError(
            "Nothing is sealed yet; ask again when the server has run for a while with seal enabled."
        )
    print(heads.text_of(last.head))
    return 0


def _unit_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("unit", metavar="CODE", help="the unit's code, or '#' and its id")
    parser.add_argument("--product", metavar="ITEM", help="the product, where several have the code")
    parser.add_argument("--out", required=True, metavar="FILE", help="the file to write")
    _keep_arguments(parser)


def unit(site: Site, arguments: Namespace) -> int:
    """Write the record of a unit."""
    numbers = heads.read(arguments.head)
    with _bar(site.store.read(newest_audit_id)) as progress:
        record = unit_record.make(site, arguments.unit, arguments.product, numbers, progress)
    _write(arguments.out, json.dumps(record, ensure_ascii=False, indent=1))
    open_rows = sum(row["block"] is None for row in record["rows"])
    print(f"{arguments.out}: {len(record['rows'])} rows of the audit, {open_rows} of them not sealed yet.")
    return 0


def _checker_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("--out", required=True, metavar="FILE", help="the file to write")


def give_checker(site: Site, arguments: Namespace) -> int:
    """Write the checker, which needs nothing but Python."""
    _write(arguments.out, Path(checker.__file__).read_text("utf-8"))
    print(f"{arguments.out}: check a unit's file with python3 {arguments.out} FILE.")
    return 0


def _write(path: str, text: str) -> None:
    """Write a file whole or not at all. Raises ValueError when it can't be written."""
    if os.path.exists(path) and not os.path.isfile(path):  # a device would be replaced by the file
        raise ValueError(f"{path} is there and no file; name another place.")
    part = Path(f"{path}.part")
    try:
        part.write_text(text, "utf-8")
        os.replace(part, path)
    except OSError as error:
        raise ValueError(
            f"{path} can't be written ({error.strerror or error}); name another place."
        ) from None
    finally:
        with suppress(OSError):
            part.unlink()


COMMANDS = [
    Command("audit verify", "Find the first row that is not as it was sealed.", _keep_arguments, verify),
    Command("audit head", "Print the newest head, to be kept elsewhere.", lambda parser: None, head),
    Command("audit unit", "Write a unit's record with its proofs.", _unit_arguments, unit),
    Command(
        "audit checker", "Write the program that checks units' records.", _checker_arguments, give_checker
    ),
]
