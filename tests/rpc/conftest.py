"""A small site for protocol tests: two lines, two made-up plugins, a real database."""

import itertools
import json
from importlib.metadata import entry_points
from pathlib import Path
from zoneinfo import ZoneInfo

import jsonschema_rs
import pytest

import tracepro_schemas
from tracepro.access.caller import Caller
from tracepro.database import Insert, Integer, Key, LongText, Model, Statement, migrating, open_store, p
from tracepro.database.schema import Schema
from tracepro.findings import Findings
from tracepro.notifier import Notifier
from tracepro.plugin.contributions import Contributions, gather
from tracepro.plugin.loaded import given
from tracepro.plugin.manager import manager_of
from tracepro.plugin.relay import Relay
from tracepro.plugin.watch import Watch
from tracepro.rpc.dispatcher import Dispatcher
from tracepro.rpc.methods import bind_methods
from tracepro.testing.makers import PlantMaker
from tracepro_hookspecs import Forbidden, Method, Reason, Refused, hookimpl

ENVELOPE = tracepro_schemas.load("envelope")
ONE, SEVERAL = (
    jsonschema_rs.validator_for({**ENVELOPE, "$ref": f"#/$defs/{name}"}) for name in ("Answer", "Answers")
)
ROOT = Path(__file__).parents[2]
INSTALLED = {entry.name for entry in entry_points(group="tracepro.plugins")}
PLUGINS = sorted(folder.name for folder in (ROOT / "plugins").iterdir() if folder.name in INSTALLED)
EVERYTHING = frozenset(("read", "write", "admin"))
LINES = {100: "A", 101: "A", 200: "B"}


class Note(Model):
    id = Key()
    text = LongText()
    wp_id = Integer(null=True)

    class Meta:
        table_name = "bench_note"


NEW = Insert(Note)
ALL = Statement(lambda: Note.select(Note.id, Note.text).order_by(Note.id))
NAMED = Statement(lambda: Note.select(Note.id).where(Note.text == p("text")))


def echo(call, value=None):
    return value


def many(call, one, two=2, three=None):
    return [one, two, three]


def note(call, text, wp_id=None, workers=()):
    number = call.db.insert(NEW, text=text, wp_id=wp_id)
    call.changed("note", "text", None, text)
    return {"id": number, "line": call.line}


def notes(call):
    return [text for _, text in call.db.rows(ALL)]


def findnote(call, text):
    found = call.db.value(NAMED, text=text)
    if found is None:
        call.need_write()
        found = call.db.insert(NEW, text=text)
    return {"id": found}


def refuse(call, text):
    call.db.insert(NEW, text=text)
    call.after_refusal(lambda later: later.db.insert(NEW, text=f"refused {text}"))
    raise Refused(
        [Reason("too-much", "The bench is full; take something off."), Reason("also", "And closed.")]
    )


def crash(call):
    call.db.insert(NEW, text="crash")
    raise KeyError("secret-looking value")


def liar(call):
    call.need_write()


def unspeakable(call):
    return object()


def checkpassword(call, password):
    return password == "right"


def enter(call, password):
    if not call.prepared:
        raise Forbidden("auth-failed", "Name or password is wrong.")
    call.db.insert(NEW, text="entered")
    return {"prepared": call.prepared}


def tell(call, text):
    call.db.insert(NEW, text=text)
    call.after_commit(lambda: call._site.heard.append(text))


def reopen(call):
    return call._site.store.read(lambda db: 1)


def recall(call):
    return call._site.dispatcher.answer(b"{}", call.caller).decode()


def places(call, wp_ids):
    return {"line": call.line, "lines": list(call.lines)}


def leave(call):
    raise SystemExit(1)


ID, IDS, JSON, TEXT = ({"$ref": f"shared.json#/$defs/{name}"} for name in ("Id", "Ids", "Json", "Text"))
OBJECT = {"type": "object"}


def spec(name, *params, result=None):
    described = [
        {"name": one, "required": "default" not in schema, "schema": schema} for one, schema in params
    ]
    return {
        "name": name,
        "summary": f"Does {name}.",
        "params": described,
        "result": {"name": "result", "schema": result or {}},
    }


class Bench:
    """The plugin most tests call."""

    fragment = {
        "methods": [
            spec("echo", ("value", {**JSON, "default": None})),
            spec(
                "many", ("one", JSON), ("two", {**JSON, "default": 2}), ("three", {**JSON, "default": None})
            ),
            spec(
                "note",
                ("text", TEXT),
                ("wp_id", {"$ref": "shared.json#/$defs/IdOrNull", "default": None}),
                ("workers", {**IDS, "default": []}),
                result={"$ref": "#/components/schemas/Noted"},
            ),
            spec("notes"),
            spec("findnote", ("text", TEXT)),
            spec("refuse", ("text", TEXT)),
            spec("crash"),
            spec("leave"),
            spec("liar"),
            spec("unspeakable"),
            spec("enter", ("password", TEXT)),
            spec("tell", ("text", TEXT)),
            spec("reopen"),
            spec("recall"),
            spec("places", ("wp_ids", IDS)),
        ],
        "components": {"schemas": {"Noted": {"type": "object", "required": ["id"]}}},
        "x-codes": {"too-much": "The bench is full."},
    }

    @hookimpl
    def tracepro_register_methods(self):
        return [
            Method("echo", echo, "read"),
            Method("many", many, "read"),
            Method("note", note, "write", line_from=("wp_id",)),
            Method("notes", notes, "read"),
            Method("findnote", findnote, "upgrade"),
            Method("refuse", refuse, "write"),
            Method("crash", crash, "write"),
            Method("leave", leave, "write"),
            Method("liar", liar, "read"),
            Method("unspeakable", unspeakable, "write"),
            Method("enter", enter, "write", secret=True, prepare=checkpassword),
            Method("tell", tell, "write"),
            Method("reopen", reopen, "write"),
            Method("recall", recall, "write"),
            Method("places", places, "write", line_from=("wp_ids",)),
        ]

    @hookimpl
    def tracepro_line_of(self, parameter, value):
        return LINES.get(value)


class Side:
    """A plugin that is off on line B."""

    fragment = {"methods": [spec("blank", ("wp_id", ID))]}

    @hookimpl
    def tracepro_register_methods(self):
        return [Method("blank", lambda call, wp_id: {"wp_id": wp_id}, "read", line_from=("wp_id",))]


class SmallSite:
    """As much of a site as the way of a call needs."""

    def __init__(self, store, clock):
        loaded = [given("bench", Bench()), given("side", Side())]
        findings = Findings()
        brought = gather(loaded, Contributions(), findings)
        self.zone, self.store, self.clock, self.plugins = ZoneInfo("UTC"), store, clock, loaded
        self.secret = b"a secret of this site"
        self.notifier = Notifier()
        self.heard = []
        fragments = {plugin.name: plugin.fragment for plugin in loaded}
        self.methods = bind_methods(brought.methods, fragments, self.zone, findings)
        assert not findings, findings
        site, line_b = Relay(manager_of(loaded), Watch()), Relay(manager_of(loaded[:1]), Watch())
        self._relays = {None: site, "A": site, "B": line_b}
        self.parameters = {("api", "rpc_max_batch"): 1000, ("api", "idempotency_days"): 14}
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
        """Sends bytes, or anything as JSON, and returns the conversation once it has ended."""
        data = body if isinstance(body, bytes) else json.dumps(body).encode()
        caller = caller or Caller("tester", None, EVERYTHING, None, "127.0.0.1")
        talk = self.site.dispatcher.conversation(data, caller, key, f"request-{next(self._numbers)}")
        talk.finish()
        return talk

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
    site.store.close()


@pytest.fixture
def client(tmp_path):
    """A client of a fresh site on SQLite."""
    site = small_site(f"sqlite:///{tmp_path}/small.db")
    yield Client(site)
    site.store.close()


def pytest_generate_tests(metafunc):
    """Runs tests that ask for a ``plugin`` for each plugin of this repository."""
    if "plugin" in metafunc.fixturenames:
        metafunc.parametrize("plugin", PLUGINS)


@pytest.fixture(scope="module")
def example_plant(databases, tmp_path_factory):
    """The example plant with all plugins of this repository, for all tests of a module."""
    maker = PlantMaker(databases, tmp_path_factory.mktemp("example"), "sqlite")
    plant = maker(PLUGINS)
    sections = json.loads((ROOT / "examples" / "plant.json").read_text("utf-8"))
    known = plant.site.contributions.plant_sections
    plant.load({name: rows for name, rows in sections.items() if name in known})
    yield plant
    maker.close()


@pytest.fixture(scope="module")
def examples(example_plant):
    """Every example as (plugin, method, example), in document order, plugins after those they require."""
    fragments = {plugin.name: plugin.fragment for plugin in example_plant.site.plugins}
    return [
        (plugin, spec["name"], example)
        for plugin in example_plant.site.in_required_order
        for spec in fragments[plugin]["methods"]
        for example in spec.get("examples", ())
    ]
