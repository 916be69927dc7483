"""A plant behind HTTP with its audit record, and connections as a worker serves them."""

import asyncio
import json
import socket
import threading
from types import SimpleNamespace

import pytest
from gunicorn.config import Config

from tracepro.app import create_app
from tracepro.database.core_models import Audit
from tracepro.server.connection import Connection
from tracepro.server.places import Places
from tracepro.server.server import QuietLogger
from tracepro.testing.asgi import AsgiClient

COLUMNS = Audit._meta.fields


class Audited:
    """A plant behind HTTP, without a socket, and its audit record."""

    def __init__(self, plant):
        self.site = plant.site
        self.send = AsgiClient(create_app(plant.site))

    def rpc(self, method, params, **headers):
        """Send a call and return the whole answer."""
        body = json.dumps({"jsonrpc": "2.0", "id": 1, "method": method, "params": params}).encode()
        return self.send("POST", "/api/", [body], content_type="application/json", **headers)

    def audit(self):
        """The audit rows in the order written, as dicts."""
        rows = self.site.store.read(lambda db: db.rows(Audit.select(*COLUMNS.values()).order_by(Audit.id)))
        return [dict(zip(COLUMNS, row, strict=True)) for row in rows]


@pytest.fixture
def make_audited(make_plant, database):
    def make(*plugins, **settings):
        return Audited(make_plant(plugins=plugins, database=database, queued=True, **settings))

    return make


class Loop:
    """A loop in a thread that serves connections for an app, as a worker does."""

    def __init__(self, app):
        self.loop = asyncio.new_event_loop()
        config = Config()
        config.set("keepalive", 75)
        config.set("http_parser", "python")  # gunicorn would note on the class that there is no other
        self.worker = SimpleNamespace(
            cfg=config,
            log=QuietLogger(config),
            asgi=app,
            loop=self.loop,
            state={},
            nr=0,
            nr_conns=0,
            max_requests=1000,
            alive=True,
            leaving=False,
            handing_over=False,
            connections=set(),
            places=Places(100, 0),
        )
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]
        self._started = threading.Event()
        self._thread = threading.Thread(target=self._run)
        self._thread.start()
        assert self._started.wait(20)

    def _run(self):
        made = self.loop.create_server(lambda: Connection(self.worker), sock=self.listener)
        server = self.loop.run_until_complete(made)
        self.loop.call_soon(self._started.set)
        self.loop.run_forever()
        server.close()
        for each in list(self.worker.connections):
            each.transport.abort()
        for task in asyncio.all_tasks(self.loop):
            task.cancel()
        self.loop.run_until_complete(asyncio.sleep(0))
        self.loop.close()

    def close(self):
        self.loop.call_soon_threadsafe(self.loop.stop)
        self._thread.join()


@pytest.fixture
def serve_app():
    made = []

    def serve(app):
        made.append(Loop(app))
        return made[-1]

    yield serve
    for each in made:
        each.close()
