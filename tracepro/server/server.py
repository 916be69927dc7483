"""Ties the app to gunicorn's processes: one listening socket, a master without plugins, workers that open the site."""

from __future__ import annotations

import errno
import logging
import socket
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from gunicorn.app.base import BaseApplication
from gunicorn.glogging import Logger

from tracepro.server.master import Master
from tracepro.server.pipe import Pipe
from tracepro.server.worker import Worker

LOG = logging.getLogger("tracepro.server")
BIND_SECONDS = 3.0


class QuietLogger(Logger):
    """gunicorn's words in our log: warnings and errors only, through the handlers the command set up."""

    access_log_enabled = False

    def setup(self, cfg: Any) -> None:
        """Leaves every handler alone."""
        self.error_log = logging.getLogger("tracepro.gunicorn")
        self.access_log = logging.getLogger("tracepro.gunicorn.access")

    def info(self, msg: str, *args: Any, **kwargs: Any) -> None:
        """What gunicorn finds worth telling is a detail here."""
        self.error_log.debug(msg, *args, **kwargs)

    def reopen_files(self) -> None:
        """Has no files."""

    def close_on_exec(self) -> None:
        """Has no files."""


def listen(host: str, port: int) -> socket.socket:
    """Opens the listening socket. Raises OSError with a sentence when the address can't be had.

    A port that is in use is tried again for a moment: workers of a killed master need one to leave.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    deadline = time.monotonic() + BIND_SECONDS
    while True:
        try:
            return socket.create_server((host, port), family=family, backlog=2048)
        except OSError as error:
            if error.errno != errno.EADDRINUSE or time.monotonic() >= deadline:
                raise OSError(_sentence(host, port, error)) from None
        time.sleep(0.1)


def _sentence(host: str, port: int, error: OSError) -> str:
    if error.errno == errno.EADDRINUSE:
        return f"Port {port} on {host} is in use by another program; stop it or choose another with --bind HOST:PORT."
    return f"Can't listen on {host}:{port}: {error.strerror or error}; choose another address with --bind HOST:PORT."


@dataclass
class Parts:
    """What a server is made of; tests give it other parts.

    ``make_app()`` runs in each worker and builds the ASGI app; ``check()`` runs at SIGHUP and gives the
    sentence of what is wrong or None; ``sentence_of(error)`` words what a worker could not start with;
    ``serving()`` is called once when the first worker serves.
    """

    make_app: Callable[[], Any]
    check: Callable[[], str | None] = lambda: None
    sentence_of: Callable[[BaseException], str] = str
    serving: Callable[[], None] = lambda: None
    refuse_workers: Callable[[int], str | None] = lambda count: None
    options: dict[str, Any] = field(default_factory=dict)


class Server(BaseApplication):
    """The gunicorn application of the project."""

    def __init__(self, parts: Parts, listener: socket.socket, workers: int = 1) -> None:
        self._parts = parts
        self._settings = {**_gunicorn(listener, workers, self._worker_ended), **parts.options}
        self.lifeline = Pipe()
        self.passage, self.arrivals = _passage()
        self.check = parts.check
        self.sentence_of = parts.sentence_of
        self.serving = parts.serving
        self.refuse_workers = parts.refuse_workers
        super().__init__()

    def load_config(self) -> None:
        """Sets what gunicorn has to know."""
        for name, value in self._settings.items():
            self.cfg.set(name, value)

    def load(self) -> Any:
        """Builds the app, in a worker."""
        return self._parts.make_app()

    def tell(self, sentence: str) -> None:
        """Says why the server could not start."""
        print(sentence, file=sys.stderr, flush=True)

    def run(self) -> None:
        """Serves until told to stop; ends the process."""
        Master(self).run()

    @staticmethod
    def _worker_ended(master: Master, worker: Worker) -> None:
        master.worker_ended(worker)


def _passage() -> tuple[socket.socket, socket.socket]:
    """Makes the way on which leaving workers pass their connections to those that stay."""
    ends = socket.socketpair()
    for end in ends:
        end.setblocking(False)
    return ends


def _gunicorn(listener: socket.socket, workers: int, worker_ended: Any) -> dict[str, Any]:
    """gunicorn's settings: no proxy is believed, no control socket, our own log, limits on heads."""
    return {
        "bind": f"fd://{listener.detach()}",
        "workers": workers,
        "worker_class": Worker,
        "logger_class": QuietLogger,
        "child_exit": worker_ended,
        "control_socket_disable": True,
        "forwarder_headers": "",
        "forwarded_allow_ips": "",
        "keepalive": 75,
        "timeout": 60,
        "graceful_timeout": 30,
        "limit_request_line": 8190,
        "limit_request_fields": 100,
        "limit_request_field_size": 8190,
        "asgi_loop": "asyncio",
        "proc_name": "tracepro",
    }
