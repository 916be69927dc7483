"""A real server in a test: ``tracepro serve`` in processes of its own, on a free port."""

from __future__ import annotations

import contextlib
import io
import os
import signal
import socket
import subprocess
import sys
import time
import weakref
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any
from unittest.mock import patch

from tracepro.cli.main import main
from tracepro.testing.client import Client

__all__ = ["Server"]

HOST = "127.0.0.1"
SECONDS = 60.0
COMMAND = [sys.executable, "-c", "from tracepro.cli.main import main; raise SystemExit(main())"]


class Server:
    """A server with its two ini files in ``folder``; stopped and killed servers can be started again.

    ``url`` is its address with ``port``, ``database`` the url of its database.
    """

    def __init__(self, folder: Path, database: str, arguments: Sequence[str] = ()) -> None:
        self.folder = folder
        self.database = database
        self.port = free_port(self)
        self.url = f"http://{HOST}:{self.port}"
        self._arguments = list(arguments)
        self._log = folder / "server.log"
        self._process: subprocess.Popen[bytes] | None = None
        self._client = Client(HOST, self.port)

    @property
    def environment(self) -> dict[str, str]:
        """The environment in which commands find this plant.

        They may keep the bytecode of what they import, whatever the caller's environment says: else each of the many
        servers of a test run would compile every module again.
        """
        files = {"TRACEPRO_PLUGINS": "plugins.ini", "TRACEPRO_PARAMETERS": "parameters.ini"}
        paths = {name: str(self.folder / file) for name, file in files.items()}
        return {**os.environ, **paths, "TRACEPRO_DATABASE": self.database, "PYTHONDONTWRITEBYTECODE": ""}

    @property
    def pid(self) -> int:
        """The process id of the master."""
        assert self._process is not None, "The server was not started."
        return self._process.pid

    def start(self) -> Server:
        """Start the server and wait until it is ready."""
        self._client.close()
        command = [*COMMAND, "serve", "--bind", f"{HOST}:{self.port}", *self._arguments]
        with self._log.open("ab") as log:
            self._process = subprocess.Popen(
                command, cwd=self.folder, env=self.environment, stdout=log, stderr=log, start_new_session=True
            )
        self.wait_ready()
        return self

    def wait_ready(self) -> None:
        """Wait until ``/readyz`` says yes; raises AssertionError with the log when the server ended."""
        deadline = time.monotonic() + SECONDS
        while time.monotonic() < deadline:
            assert self._process is not None and self._process.poll() is None, (
                f"The server ended:\n{self.log()}"
            )
            with contextlib.suppress(OSError), contextlib.closing(self.client(timeout=5)) as client:
                if client.send("GET", "/readyz").status == 200:
                    return
            time.sleep(0.02)
        raise AssertionError(f"The server was not ready after {SECONDS} s:\n{self.log()}")

    def command(self, *words: str) -> subprocess.CompletedProcess[str]:
        """Run a ``tracepro`` command on this plant and return its exit code and what it said.

        It runs in this process, which has loaded everything. ``serve`` needs a process of its own: ``start``, ``COMMAND``.
        """
        said, complained = io.StringIO(), io.StringIO()
        with (
            contextlib.redirect_stdout(said),
            contextlib.redirect_stderr(complained),
            contextlib.chdir(self.folder),
            patch.dict(os.environ, self.environment),
        ):
            code = main(words)
        return subprocess.CompletedProcess(words, code, said.getvalue(), complained.getvalue())

    def client(self, *, timeout: float = 30.0, token: str | None = None) -> Client:
        """Return a client with a connection of its own; each thread needs one."""
        return Client(HOST, self.port, timeout=timeout, token=token)

    def rpc(self, method: str, *args: Any, **params: Any) -> Any:
        """Call a method and return its result; raises RpcError."""
        return self._client.call(method, *args, **params)

    def log(self) -> str:
        """Return everything the server wrote to its log."""
        return self._log.read_text(errors="replace") if self._log.exists() else ""

    def workers(self) -> list[int]:
        """Return the process ids of the workers."""
        children = Path(f"/proc/{self.pid}/task/{self.pid}/children").read_text()
        return [int(number) for number in children.split()]

    def kill(self) -> None:
        """Kill master and workers where they stand, as a power cut would."""
        self._end(signal.SIGKILL, group=True)

    def stop(self, *, group: bool = False) -> int | None:
        """Let the server finish what it began and return its exit code; ``group`` tells its workers too."""
        return self._end(signal.SIGTERM, group=group)

    def _end(self, number: int, *, group: bool) -> int | None:
        if self._process is None or self._process.poll() is not None:
            return None if self._process is None else self._process.returncode
        (os.killpg if group else os.kill)(self._process.pid, number)
        try:
            return self._process.wait(SECONDS)
        except subprocess.TimeoutExpired:
            os.killpg(self._process.pid, signal.SIGKILL)
            raise


def free_port(user: object) -> int:
    """Return a port on which nobody listens, and which nobody else is given as long as its user is there.

    It stays bound, so that the system gives it to no other server and to no connection. Who may share it, as servers do, can
    listen there all the same.
    """
    holder = socket.socket()
    weakref.finalize(user, holder.close)
    holder.bind((HOST, 0))
    holder.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    port: int = holder.getsockname()[1]
    return port


def write_ini(file: Path, sections: Mapping[str, Mapping[str, Any]]) -> None:
    """Write an ini file of sections."""
    lines = []
    for section, keys in sections.items():
        lines += [f"[{section}]", *(f"{key} = {_text(value)}" for key, value in keys.items()), ""]
    file.write_text("\n".join(lines))


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return " ".join(map(str, value)) if isinstance(value, (list, tuple)) else str(value)
