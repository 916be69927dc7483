"""The worker process: gunicorn's asgi worker that says when it is ready and leaves without dropping a request."""

from __future__ import annotations

import asyncio
import signal
import sys
from typing import Any, NoReturn

from gunicorn.asgi.lifespan import LifespanManager
from gunicorn.workers.gasgi import ASGIWorker

from tracepro.http.connection import Connection
from tracepro.http.report import Report

MOVE_SECONDS = 1.0


class Worker(ASGIWorker):
    """Serves until told to leave; ``report`` tells the master that it is ready, or why it could not start."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.report = Report()
        self.connections: set[Connection] = set()
        self.leaving = False
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

    def handle_exit_signal(self) -> None:
        """SIGTERM: leaves in order."""
        self.leaving = True
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
        self.report.ready()
        await self._until_told()
        await self._shutdown()

    async def _until_told(self) -> None:
        while not self.leaving:
            self.notify()
            try:
                await asyncio.wait_for(self._told.wait(), timeout=1.0)
            except TimeoutError:
                continue

    async def _shutdown(self) -> None:
        self.loop.remove_reader(self.app.lifeline.reader)
        deadline = self.loop.time() + self.cfg.graceful_timeout
        for server in self.servers:
            server.close()
        await self._until(self._clients_moved, self.loop.time() + MOVE_SECONDS)
        self.asgi.refuse()
        for connection in list(self.connections):
            connection.close_if_idle()
        await self._until(lambda: self.asgi.idle, deadline)
        if not self._quick_shutdown:
            await self.lifespan.shutdown()
        await self._until(lambda: not self.connections, deadline)

    def _clients_moved(self) -> bool:
        """True when whoever was in the middle of a talk has had an answer that announced the close."""
        return all(connection.quiet for connection in self.connections)

    async def _until(self, reached: Any, deadline: float) -> None:
        """Waits for ``reached``; each pass lets the loop make connections it has just accepted."""
        await asyncio.sleep(0.01)
        while not self._quick_shutdown and not reached() and self.loop.time() < deadline:
            self.notify()
            await asyncio.sleep(0.02)
