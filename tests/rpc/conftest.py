"""A small site for protocol tests: two lines, two made-up plugins, a real database."""

import itertools
import json
from zoneinfo import ZoneInfo

import jsonschema_rs
import pytest

import tracepro_schemas
from tracepro.access.anonymous import Anonymous
from tracepro.access.caller import Caller
from tracepro.access.policy import Policy
from tracepro.calls.notifier import Notifier
from tracepro.calls.prepare_pool import PreparePool
from tracepro.database import migrating, open_store
from tracepro.database.schema import Schema
from tracepro.findings import Findings
from tracepro.plugin.contributions import Contributions, gather
from tracepro.plugin.loaded import LoadedPlugin
from tracepro.plugin.manager import manager_of
from tracepro.plugin.relay import Relay
from tracepro.plugin.watch import Watch
from tracepro.rpc.dispatcher import Dispatcher
from tracepro.rpc.methods import bind_methods

from .bench import Bench, Note, Side

ENVELOPE = tracepro_schemas.load("envelope")
ONE, SEVERAL = (
    jsonschema_rs.validator_for({**ENVELOPE, "$ref": f"#/$defs/{name}"}) for name in ("Answer", "Answers")
)
EVERYTHING = frozenset(("read", "write", "admin"))


class SmallSite:
    """As much of a site as the way of a call needs."""

    strict = False

    def __init__(self, store, clock):
        loaded = [LoadedPlugin.from_object("bench", Bench()), LoadedPlugin.from_object("side", Side())]
        findings = Findings()
        brought = gather(loaded, Contributions(), findings)
        self.zone, self.store, self.clock, self.plugins = ZoneInfo("UTC"), store, clock, loaded
        self.secret, self.metrics = b"a secret of this site", None
        self.notifier = Notifier()
        self.prepare_pool = PreparePool()
        self.policy = Policy(store, Anonymous((True, ()), EVERYTHING), clock)
        self.heard = []
        fragments = {plugin.name: plugin.fragment for plugin in loaded}
        self.methods = bind_methods(brought.methods, fragments, self.zone, findings)
        assert not findings, findings
        site, line_b = Relay(manager_of(loaded), Watch()), Relay(manager_of(loaded[:1]), Watch())
        self._relays = {None: site, "A": site, "B": line_b}
        api = {"rpc_max_batch": 1000, "idempotency_days": 14, "answer_bytes": 16_000_000}
        self.parameters = {("api", name): value for name, value in api.items()}
        self.dispatcher = Dispatcher(self)

    def relay(self, line):
        return self._relays[line]

    def plugins_on(self, line):
        return frozenset(("bench",) if line == "B" else ("bench", "side"))

    def option(self, plugin, name, line):
        return None

    def parameter(self, section, name):
        return self.parameters[section, name]


class Client:
    """Sends bodies to the dispatcher and reads answers."""

    def __init__(self, site):
        self.site = site
        self._numbers = itertools.count(1)

    def send(self, body, *, key=None, caller=None):
        """Sends bytes, or anything as JSON, and returns the rpc_exchange once it has ended."""
        data = body if isinstance(body, bytes) else json.dumps(body).encode()
        caller = caller or Caller("tester", None, EVERYTHING, None, "127.0.0.1")
        exchange = self.site.dispatcher.exchange(data, caller, key, f"request-{next(self._numbers)}")
        exchange.finish()
        return exchange

    def answer(self, body, **how):
        """Sends and returns the answer as Python, None for an empty one; it fits the envelope's schema."""
        answer = self.send(body, **how).answer
        read = json.loads(answer) if answer else None
        if read is not None:
            (SEVERAL if isinstance(read, list) else ONE).validate(read)
        return read

    def call(self, method, *args, key=None, caller=None, **params):
        """Calls a method and returns the whole answer."""
        body = {"jsonrpc": "2.0", "id": 1, "method": method, "params": list(args) or params}
        return self.answer(body, key=key, caller=caller)

    def result(self, method, *args, **params):
        """Calls a method that must succeed."""
        answer = self.call(method, *args, **params)
        assert "error" not in answer, answer
        return answer["result"]

    def error(self, method, *args, **params):
        """Calls a method that must be refused."""
        return self.call(method, *args, **params)["error"]

    def rows(self, query):
        """Reads the database."""
        return self.site.store.read(lambda db: db.rows(query))


class Clock:
    """Stands still until moved."""

    micros = 1_795_168_800_000_000

    def __call__(self):
        return self.micros


def small_site(url):
    """Opens a small site on an empty database."""
    store = open_store(url)
    migrating.apply(store, {})
    store.write_inline(lambda db: Schema(db).create(Note))
    store.start()
    return SmallSite(store, Clock())


@pytest.fixture(scope="module")
def shared_client(tmp_path_factory):
    """A client of a site that the tests of one module share; for tests that don't look at what is stored."""
    site = small_site(f"sqlite:///{tmp_path_factory.mktemp('site')}/small.db")
    yield Client(site)
    site.prepare_pool.close()
    site.store.close()


@pytest.fixture
def client(tmp_path):
    """A client of a fresh site on SQLite."""
    site = small_site(f"sqlite:///{tmp_path}/small.db")
    yield Client(site)
    site.prepare_pool.close()
    site.store.close()
