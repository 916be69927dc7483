"""``tracepro new-plugin``: writes a plugin that runs and is tested as it is, for its author to go on from."""

from __future__ import annotations

import argparse
import keyword
import re
import shlex
import shutil
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from tracepro.findings import StartError
from tracepro.plugin.discovery import installed
from tracepro.reserved import FIRST_PARTY, PACKAGES

TEMPLATE = Path(__file__).parent / "template"
"""The files of a plugin; the word NAME in them and in their paths stands for the plugin's name."""
NAME = re.compile(r"[a-z][a-z0-9]{0,19}")
IMPORTS = re.compile(r"(?:^from .+\n)+", re.MULTILINE)
NEXT = """\
Wrote {folder}, which works as it is. Install and test it where TracePRO is installed:

    cd {folder}
    python -m pip install -e '.[test]'
    python -m pytest

Then add {name} to enabled in the plugins.ini of a site, and beside that file:

    tracepro migrate
    tracepro check

README.md says what stands where, docs/plugins.md of TracePRO what a plugin can do."""


def setup(parser: argparse.ArgumentParser) -> None:
    """Add the arguments."""
    parser.add_argument("name", metavar="NAME", help="small letters and digits, such as scales")
    parser.add_argument("folder", nargs="?", type=Path, help="where to write it, tracepro-NAME if left out")


def run(arguments: argparse.Namespace) -> int:
    """Write the plugin and say what to do with it."""
    name, folder = arguments.name, arguments.folder or Path(f"tracepro-{arguments.name}")
    _check_name(name)
    _check_folder(folder)
    _write(name, folder)
    print(NEXT.format(name=name, folder=shlex.quote(str(folder))))
    return 0


def _check_name(name: str) -> None:
    """Refuse what can't be a plugin's name, or is another's. Raises StartError with the sentence."""
    if not NAME.fullmatch(name):
        raise StartError(
            f"A plugin's name is at most 20 small letters and digits and begins with a letter, such as scales; {name!r} is not."
        )
    if keyword.iskeyword(name) or name in sys.stdlib_module_names:
        raise StartError(f"{name} is a word or a module of Python; choose another name.")
    if name in FIRST_PARTY + PACKAGES:
        raise StartError(f"{name} is a name of TracePRO itself; choose another one.")
    for entry in installed().get(name, ()):
        provider = entry.dist.name if entry.dist else entry.value
        raise StartError(f"A plugin {name} is installed already, by {provider}; choose another name.")


def _check_folder(folder: Path) -> None:
    if folder.exists():
        raise StartError(f"{folder} is there already; name another folder after the plugin's name.")
    if not folder.parent.is_dir():
        raise StartError(f"{folder.parent} is not a folder; make it first.")


def _write(name: str, folder: Path) -> None:
    """Write all files into a folder beside, which gets its name when it is whole; else nothing is left."""
    beside = Path(tempfile.mkdtemp(prefix=f".{folder.name}-", dir=folder.parent))
    try:
        for path, text in _files(name):
            (beside / path).parent.mkdir(parents=True, exist_ok=True)
            (beside / path).write_text(text, "utf-8")
        beside.rename(folder)
    except BaseException:
        shutil.rmtree(beside, ignore_errors=True)
        raise


def _files(name: str) -> Iterator[tuple[str, str]]:
    """Yield path and text of every file of a plugin with this name."""
    for file in sorted(TEMPLATE.rglob("*")):
        if file.is_file() and "__pycache__" not in file.parts:
            path = file.relative_to(TEMPLATE).as_posix().replace("NAME", name)
            text = file.read_text("utf-8").replace("NAME", name)
            yield path, IMPORTS.sub(_sorted, text) if file.suffix == ".py" else text


def _sorted(imports: re.Match[str]) -> str:
    """Return a block of imports in the order that its modules have with the plugin's name."""
    return "".join(sorted(imports[0].splitlines(keepends=True)))
