"""The gunicorn application: one listening socket, a master without plugins, workers that open the site."""

from __future__ import annotations

import errno
import logging
import socket
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from gunicorn.app.base import BaseApplication
from gunicorn.glogging import Logger

from tracepro.server.heap import use_one_heap
from tracepro.server.master import Master
from tracepro.server.pipe import Pipe
from tracepro.server.worker import Worker

if TYPE_CHECKING:
    from gunicorn.config import Config

    from tracepro.http.edge import Edge
    from tracepro.plugin.out_of_service import Outage

BIND_SECONDS = 3.0


class QuietLogger(Logger):
    """gunicorn's messages in our log: warnings and errors only, through the handlers the command set up."""

    access_log_enabled = False

    def setup(self, cfg: Config) -> None:
        """Use our loggers and leave their handlers alone."""
        self.error_log = logging.getLogger("tracepro.gunicorn")
        self.access_log = logging.getLogger("tracepro.gunicorn.access")

    def info(self, msg: str, *args: Any, **kwargs: Any) -> None:
        """Log at debug level: what gunicorn reports of itself is a detail here."""
        self.error_log.debug(msg, *args, **kwargs)

    def reopen_files(self) -> None:
        """Do nothing: this logger opens no files."""

    def close_on_exec(self) -> None:
        """Do nothing: this logger opens no files."""


def listen(host: str, port: int) -> socket.socket:
    """Open the listening socket. Raises OSError with a sentence when the address can't be had.

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


@dataclass(frozen=True)
class Callbacks:
    """What master and workers ask of the command that started them.

    ``make_app()`` runs in each worker and builds the ASGI app; ``check()`` runs in the master at SIGHUP and
    returns the sentence of what is wrong with the new configuration, or None; ``sentence_of(error)`` says why
    a worker could not start; ``on_serving()`` is called once, when the first worker serves, ``on_stopped(seconds)`` when
    a server that was told to stop has, so long after;
    ``reason_against_workers(count)`` returns why there may not be so many workers, or None.
    """

    make_app: Callable[[], Edge]
    check: Callable[[], str | None]
    sentence_of: Callable[[BaseException], str]
    on_serving: Callable[[], None]
    on_stopped: Callable[[float], None]
    reason_against_workers: Callable[[int], str | None]


class Server(BaseApplication):
    """The gunicorn application of the project, with what master and workers share.

    ``lifeline`` is closed by the master's death, which ends its workers. Leaving workers send their
    connections into ``handover_send``, those that stay receive them from ``handover_recv``. ``outages`` are the
    plugins whose hooks ended a worker, until one that came later has written it down.
    """

    def __init__(self, callbacks: Callbacks, listener: socket.socket, workers: int = 1) -> None:
        self.callbacks = callbacks
        self.lifeline = Pipe()
        self.handover_send, self.handover_recv = _handover()
        self.outages: list[Outage] = []
        self._settings = _gunicorn_settings(listener, workers)
        super().__init__()

    def load_config(self) -> None:
        """Set gunicorn's settings."""
        for name, value in self._settings.items():
            self.cfg.set(name, value)

    def load(self) -> Edge:
        """Build the app, in a worker."""
        return self.callbacks.make_app()

    def run(self) -> None:
        """Serve until told to stop; ends the process."""
        use_one_heap()
        Master(self).run()


def _handover() -> tuple[socket.socket, socket.socket]:
    """Return the two ends of the way on which connections go from worker to worker."""
    send, recv = socket.socketpair()
    send.setblocking(False)
    recv.setblocking(False)
    return send, recv


def _gunicorn_settings(listener: socket.socket, workers: int) -> dict[str, Any]:
    """Return gunicorn's settings: no proxy is believed, no control socket, our own log, limits on heads."""
    return {
        "bind": f"fd://{listener.detach()}",
        "workers": workers,
        "worker_class": Worker,
        "logger_class": QuietLogger,
        "child_exit": Master.worker_ended,
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
