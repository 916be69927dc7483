"""The worker process: gunicorn's asgi worker that says when it is ready and leaves without dropping a request."""

from __future__ import annotations

import asyncio
import contextlib
import signal
import socket
import sys
from collections.abc import Callable
from typing import Any, NoReturn

from gunicorn.asgi.lifespan import LifespanManager
from gunicorn.workers.gasgi import ASGIWorker

from tracepro.server.connection import Connection
from tracepro.server.pipe import Report

PASS_ON = signal.SIGUSR2
PASS_SECONDS = 1.0


class Worker(ASGIWorker):
    """Serves until told to leave; ``report`` tells the master that it is ready, or why it could not start.

    Told by SIGTERM it answers what it took on and closes; told by PASS_ON it gives its connections to the
    workers that replace it.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.report = Report()
        self.connections: set[Connection] = set()
        self._adopting: set[asyncio.Task[Any]] = set()
        self.leaving = False
        self.passing = False
        self._told = asyncio.Event()

    @classmethod
    def check_config(cls, cfg: Any, log: Any) -> None:
        """Has nothing to warn of: threads are the app's own business."""

    def init_process(self) -> None:
        """Keeps only the worker's own ends of the pipes it shares with the master."""
        self.report.keep_writer()
        self.app.lifeline.keep_reader()
        super().init_process()

    def init_signals(self) -> None:
        """Ctrl-C reaches workers too and means the same as SIGTERM: answer what was taken on, then go."""
        super().init_signals()
        self.loop.add_signal_handler(signal.SIGINT, self.handle_exit_signal)
        self.loop.add_signal_handler(PASS_ON, self.handle_pass_on)

    def handle_exit_signal(self) -> None:
        """SIGTERM: leaves in order."""
        self.passing = False
        self.leaving = True
        self._told.set()

    def handle_pass_on(self) -> None:
        """PASS_ON: leaves in order; others serve its clients from now on."""
        if not self.leaving:
            self.leaving = self.passing = True
            self._told.set()

    def handle_quit_signal(self) -> None:
        """SIGQUIT: goes at once."""
        super().handle_quit_signal()
        self.handle_exit_signal()

    def load_wsgi(self) -> None:
        """Opens the site and builds the app."""
        try:
            self.asgi = self.app.wsgi()
        except Exception as error:
            self._not_started(error)

    def _not_started(self, error: BaseException) -> NoReturn:
        """Leaves quietly: the report says why, once, whoever started the server."""
        self.report.failed(self.app.sentence_of(error))
        sys.exit(0)

    async def _serve(self) -> None:
        self.lifespan = LifespanManager(self.asgi, self.log, self.state)
        try:
            await self.lifespan.startup()
        except Exception as error:
            self._not_started(error)
        for listener in self.sockets:
            server = await self.loop.create_server(lambda: Connection(self), sock=listener.sock)
            self.servers.append(server)
        self.loop.add_reader(self.app.lifeline.reader, self.handle_exit_signal)
        self.loop.add_reader(self.app.arrivals, self._take_over)
        self.report.ready()
        await self._until_told()
        await self._shutdown()

    def _take_over(self) -> None:
        """Takes a connection that a leaving worker passed on."""
        with contextlib.suppress(BlockingIOError):
            for number in socket.recv_fds(self.app.arrivals, 1, 1)[1]:
                client = socket.socket(fileno=number)
                client.setblocking(False)
                made = self.loop.connect_accepted_socket(lambda: Connection(self, taken_over=True), client)
                self._adopting.add(task := self.loop.create_task(made))
                task.add_done_callback(self._adopting.discard)

    async def _until_told(self) -> None:
        while not self.leaving:
            self.notify()
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._told.wait(), timeout=1.0)

    async def _shutdown(self) -> None:
        self.loop.remove_reader(self.app.lifeline.reader)
        self.loop.remove_reader(self.app.arrivals)
        deadline = self.loop.time() + self.cfg.graceful_timeout
        await self._stop_listening()
        if self.passing:
            await self._until(self._passed_on, self.loop.time() + PASS_SECONDS)
        self.asgi.refuse()
        for connection in list(self.connections):
            connection.close_if_idle()
        await self._until(lambda: self.asgi.idle, deadline)
        if not self._quick_shutdown:
            await self.lifespan.shutdown()
        await self._until(lambda: not self.connections, deadline)

    async def _stop_listening(self) -> None:
        """Accepts no more. A server that is closed at once resets the connections it has just accepted."""
        for listener in self.sockets:
            self.loop.remove_reader(listener.sock)
        await asyncio.sleep(0.01)
        for server in self.servers:
            server.close()

    def _passed_on(self) -> bool:
        """Passes on what is idle; True when nothing is left."""
        for connection in list(self.connections):
            connection.pass_on()
        return not self.connections and not self._adopting

    async def _until(self, reached: Callable[[], bool], deadline: float) -> None:
        """Waits for ``reached``, but no longer than until ``deadline``."""
        while not self._quick_shutdown and not reached() and self.loop.time() < deadline:
            self.notify()
            await asyncio.sleep(0.02)
