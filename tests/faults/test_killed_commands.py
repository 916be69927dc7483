"""Commands are killed at any moment: what they were to make is not there, or wholly there, and the next run makes it."""

import json
import os
import random
import signal
import sqlite3
import subprocess
import time
from contextlib import closing

import pytest

from tracepro.testing.server import COMMAND

pytestmark = [pytest.mark.faults("a command killed"), pytest.mark.slow, pytest.mark.timeout(3600)]

KILLS = 25


class Killer:
    """Runs commands on a server's plant, in processes of their own, and kills them at moments that the dice choose."""

    def __init__(self, server, seed):
        self.server, self.dice = server, random.Random(seed)

    def run(self, *words, seconds=None):
        """Run a command to its end, or for so many seconds; return whether it ended by itself, and well."""
        process = subprocess.Popen(
            [*COMMAND, *map(str, words)],
            cwd=self.server.folder,
            env=self.server.environment,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            start_new_session=True,
        )
        try:
            _, said = process.communicate(timeout=seconds)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.communicate()
            return False
        assert process.returncode == 0, said.decode()
        return True

    def kill_often(self, begin, *words, check=lambda: None):
        """Begin anew and kill the command, many times, at any part of the time that it takes."""
        begin()
        began = time.monotonic()
        assert self.run(*words)
        whole = time.monotonic() - began
        killed = 0
        for _ in range(KILLS):
            begin()
            killed += not self.run(*words, seconds=self.dice.uniform(whole / 3, whole))
            check()
            self.run(*words)
            check()
        assert killed
        return killed


@pytest.fixture
def killer(serve_plant, plugins, seed):
    return Killer(serve_plant(plugins, start=False), seed)


def _tables(file):
    with closing(sqlite3.connect(file)) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        return sorted(
            (kind, name, " ".join((text or "").split()))
            for kind, name, text in connection.execute("SELECT type, name, sql FROM sqlite_master")
        )


def test_a_killed_migration_is_gone_on_with(killer, tried, tmp_path):
    whole = _tables(killer.server.database.removeprefix("sqlite:///"))
    file = tmp_path / "new.db"
    killer.server.database = f"sqlite:///{file}"

    def begin():
        for left in tmp_path.glob("new.db*"):
            left.unlink()

    killed = killer.kill_often(begin, "migrate")
    assert _tables(file) == whole
    tried(kills=killed)


def test_a_killed_import_is_wholly_there_or_wholly_absent(killer, demo, database, tried, tmp_path):
    server, numbers = killer.server, iter(range(1, 10_000))
    file, names = tmp_path / "plant.json", {}
    assert server.command("migrate").returncode == 0

    def begin():
        number = next(numbers)
        names.update({"last": names.get("now"), "now": f"N{number}"})
        workers = [{"id": each, "name": f"N{number}", "code": f"C{each}"} for each in range(1, 2000)]
        file.write_text(json.dumps({**demo, "workers": workers}))

    def check():
        found = {name for (name,) in _names(server.database)}
        assert len(found) <= 1 and found <= {names["last"], names["now"]}

    killed = killer.kill_often(begin, "import", file, check=check)
    assert {name for (name,) in _names(server.database)} == {names["now"]}
    tried(kills=killed)


def _names(url):
    """Return the names that workers have."""
    asked = "SELECT DISTINCT name FROM workers_worker"
    if url.startswith("sqlite"):
        with closing(sqlite3.connect(url.removeprefix("sqlite:///"))) as connection:
            return connection.execute(asked).fetchall()
    import psycopg

    with psycopg.connect(url) as connection:
        return connection.execute(asked).fetchall()


def test_a_killed_backup_leaves_no_file_that_looks_whole(killer, demo, database, tried, tmp_path):
    server, file = killer.server, tmp_path / "backup.db"
    (tmp_path / "plant.json").write_text(json.dumps(demo))
    for words in (["migrate"], ["import", str(tmp_path / "plant.json")]):
        assert server.command(*words).returncode == 0

    def check():
        if file.exists():
            assert _tables(file)

    killed = killer.kill_often(
        lambda: file.unlink(missing_ok=True), "backup", "--overwrite", file, check=check
    )
    restored = server.command("restore", str(file), "--replace")
    assert restored.returncode == 0, restored.stderr
    tried(kills=killed)
