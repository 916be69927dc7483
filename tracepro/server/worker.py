"""The worker process: gunicorn's asgi worker that says when it is ready and leaves without dropping a request."""

from __future__ import annotations

import asyncio
import contextlib
import gc
import logging
import os
import signal
import socket
import sys
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, NoReturn

from gunicorn.asgi.lifespan import LifespanManager
from gunicorn.workers.gasgi import ASGIWorker

from tracepro.calls.log import flush_log
from tracepro.calls.running import show_on
from tracepro.metrics.declared import CONNECTIONS, CONNECTIONS_LIMIT, WORKERS
from tracepro.server.connection import Connection
from tracepro.server.ending import Ending
from tracepro.server.heap import FreeMemory
from tracepro.server.pipe import Report
from tracepro.server.places import SURPLUS, Places, places_for
from tracepro.server.scoreboard import Scoreboard
from tracepro.server.selector import FloorSelector

if TYPE_CHECKING:
    from gunicorn.config import Config
    from gunicorn.glogging import Logger

    from tracepro.http.edge import Edge
    from tracepro.metrics import Metrics
    from tracepro.server.server import Server

LOG = logging.getLogger("tracepro.server")
HAND_OVER = signal.SIGUSR2
HAND_OVER_SECONDS = 1.0
ACCEPTS = 4
"""How many connections are accepted before the first of them is looked at."""
BACKLOG = 2048
DESCRIPTORS = 48 + SURPLUS
"""What a process keeps for log, pipes, metrics and connections just accepted, beside its threads and the database."""


class Worker(ASGIWorker):
    """Serves until told to leave; ``report`` tells the master that it is ready, or why it could not start.

    Told by SIGTERM it answers what it took on and closes; told by HAND_OVER it gives its connections to the
    workers that replace it.
    """

    app: Server
    asgi: Edge
    loop: asyncio.AbstractEventLoop
    places: Places
    servers: list[asyncio.Server]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.report = Report()
        self.scoreboard = Scoreboard()
        self.outages = tuple(self.app.outages)
        self.beats, self.silent_seconds = 0, 0.0  # the master's, as the next
        self.how_ended: os.waitid_result | None = None
        self.connections: set[Connection] = set()
        self.leaving = False
        self.handing_over = False
        self._adopting: set[asyncio.Task[Any]] = set()
        self._exit_requested = asyncio.Event()

    @classmethod
    def check_config(cls, cfg: Config, log: Logger) -> None:
        """Find nothing to warn of: threads are the app's own business."""

    def init_process(self) -> None:
        """Keep only the worker's own ends of the pipes it shares with the master."""
        self.report.keep_writer()
        self.app.lifeline.keep_reader()
        super().init_process()

    def init_signals(self) -> None:
        """Let Ctrl-C, which reaches workers too, mean what SIGTERM does: answer what was taken on, then go."""
        super().init_signals()
        self.loop.add_signal_handler(signal.SIGINT, self.handle_exit_signal)
        self.loop.add_signal_handler(HAND_OVER, self.handle_hand_over)

    def handle_exit_signal(self) -> None:
        """Leave in order (SIGTERM); what has not come whole is not waited for."""
        self.handing_over = False
        self.leaving = True
        self.asgi.hurry()
        self._exit_requested.set()

    def handle_hand_over(self) -> None:
        """Leave in order (HAND_OVER); others serve its clients from now on."""
        if not self.leaving:
            self.leaving = self.handing_over = True
            self._exit_requested.set()

    def handle_quit_signal(self) -> None:
        """Leave at once (SIGQUIT)."""
        super().handle_quit_signal()
        self.handle_exit_signal()

    # Overrides gunicorn's private method, which makes a loop that waits otherwise.
    def _setup_event_loop(self) -> None:
        self.selector = FloorSelector()
        self.loop = asyncio.SelectorEventLoop(self.selector)
        asyncio.set_event_loop(self.loop)

    def load_wsgi(self) -> None:
        """Open the site and build the app."""
        try:
            self.asgi = self.app.wsgi()
            self.selector.floor = self.asgi.pool.floor
            self._know_site()
        except Exception as error:
            self._end_unstarted(error)

    def _know_site(self) -> None:
        """Make the places for connections, and take out of service whose hooks ended the workers before this one.

        Writing that down is the first thing done.
        """
        if (site := self.asgi.site) is not None:
            total, per_peer = (
                site.parameter("api", "connections"),
                site.parameter("api", "connections_per_peer"),
            )
            reserved = (
                DESCRIPTORS + 4 * self.asgi.pool.threads + 2 * site.parameter("database", "connections")
            )
            self.places = places_for(total, per_peer, self.cfg.workers, reserved)
            self.asgi.metrics.sources.append(self._tell_of_connections)
            outages = site.outages
            outages.on_written = self.report.recorded
            outages.take(self.outages)

    def _tell_of_connections(self, metrics: Metrics) -> None:
        metrics.set(WORKERS, 1)
        metrics.set(CONNECTIONS, len(self.connections))
        metrics.set(CONNECTIONS_LIMIT, self.places.total)

    def _watch(self) -> None:
        """Have the watchdog end this process when a plugin hangs, let the master see that it runs, and keep it small."""
        if (site := self.asgi.site) is not None:
            site.watchdog.end = Ending(self, site).end
            self.scoreboard.limit = site.watchdog.limit
            show_on(self.scoreboard)
            site.watchdog.jobs += (self.scoreboard.beat, FreeMemory().give_back)

    def take_no_more(self) -> None:
        """Leave new clients and idle connections to the next worker."""
        self.asgi.refuse()
        self.handing_over = True
        for listener in self.sockets:
            self.loop.remove_reader(listener.sock)
        for connection in list(self.connections):
            connection.hand_over()

    @property
    def owed(self) -> int:
        """How many clients wait for an answer."""
        return sum(not each.has_everything for each in list(self.connections))

    def _end_unstarted(self, error: BaseException) -> NoReturn:
        """End quietly: the report says why, once, to whoever started the server."""
        self.report.failed(self.app.callbacks.sentence_of(error))
        sys.exit(0)

    # Overrides gunicorn's private method: its own tells nobody when the worker serves or why it could not, makes
    # ASGIProtocol objects, and looks once a second whether it is to leave. Public ways to change that don't exist.
    async def _serve(self) -> None:
        self.lifespan = LifespanManager(self.asgi, self.log, self.state)
        try:
            await self.lifespan.startup()
        except Exception as error:
            self._end_unstarted(error)
        gc.freeze()  # what is loaded stays: looking through it again and again would stop all calls for a moment
        for listener in self.sockets:
            server = await self.loop.create_server(
                lambda: Connection(self), sock=listener.sock, backlog=ACCEPTS
            )
            listener.sock.listen(BACKLOG)  # asyncio takes one number for both
            self.servers.append(server)
        self.loop.add_reader(self.app.lifeline.reader, self.handle_exit_signal)
        self.loop.add_reader(self.app.handover_recv, self._adopt)
        self._watch()
        self.report.ready()
        await self._until_exit_requested()
        self.scoreboard.leave()
        began, owed = self.loop.time(), self.owed
        await self._shutdown()
        told = (os.getpid(), self.loop.time() - began, owed, self.owed)
        LOG.info("Worker %d leaves after %.1f s; answers owed: %d when it was told to, %d now.", *told)
        self.asgi.metrics.count()
        flush_log()

    def _adopt(self) -> None:
        """Serve a connection that a leaving worker handed over."""
        with contextlib.suppress(BlockingIOError):
            for number in socket.recv_fds(self.app.handover_recv, 1, 1)[1]:
                client = socket.socket(fileno=number)
                client.setblocking(False)
                connecting = self.loop.connect_accepted_socket(lambda: Connection(self, adopted=True), client)
                self._adopting.add(task := self.loop.create_task(connecting))
                task.add_done_callback(self._adopting.discard)

    async def _until_exit_requested(self) -> None:
        while not self.leaving:
            self.notify()
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._exit_requested.wait(), timeout=1.0)

    # Overrides gunicorn's private method: its own closes the sockets of connections it has just accepted, and
    # waits for clients that keep their connection, where this one hands them over or announces the close.
    async def _shutdown(self) -> None:
        self.loop.remove_reader(self.app.lifeline.reader)
        self.loop.remove_reader(self.app.handover_recv)
        deadline = self.loop.time() + self.cfg.graceful_timeout
        await self._stop_listening()
        if self.handing_over:
            await self._until(self._hand_over_idle, self.loop.time() + HAND_OVER_SECONDS)
        self.asgi.refuse()
        for connection in list(self.connections):
            connection.close_if_idle()
        await self._until(lambda: self.asgi.idle, deadline)
        if not self._quick_shutdown:  # gunicorn's note of SIGQUIT, which its private _cleanup reads too
            await self.lifespan.shutdown()
        await self._until(lambda: not self.connections, deadline)

    async def _stop_listening(self) -> None:
        """Accept no more. A server that is closed at once resets the connections it has just accepted."""
        for listener in self.sockets:
            self.loop.remove_reader(listener.sock)
        await asyncio.sleep(0.01)
        for server in self.servers:
            server.close()

    def _hand_over_idle(self) -> bool:
        """Hand over the idle connections; True when none is left, or nobody to take them."""
        for connection in list(self.connections):
            connection.hand_over()
        return not self.handing_over or (not self.connections and not self._adopting)

    async def _until(self, condition: Callable[[], bool], deadline: float) -> None:
        """Wait for ``condition``, but no longer than until ``deadline``, and for no half head once nobody follows."""
        while not self._quick_shutdown and not condition() and self.loop.time() < deadline:
            self.notify()
            if not self.handing_over:
                for connection in list(self.connections):
                    connection.close_unbegun()
            await asyncio.sleep(0.02)
