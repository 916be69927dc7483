"""What the product uses of other people's private parts is still there, and is listed here in full.

Neither gunicorn nor peewee promises these names. setup.cfg pins both to one minor release; who moves a pin
learns here what has gone, and then looks at the place in the product that uses it.
"""

import ast
import inspect
import logging
from asyncio.selector_events import _SelectorSocketTransport
from importlib.metadata import version
from pathlib import Path
from types import SimpleNamespace

import peewee
import pytest
from gunicorn.arbiter import Arbiter
from gunicorn.asgi.protocol import ASGIProtocol, BodyReceiver
from gunicorn.config import Config
from gunicorn.workers.gasgi import ASGIWorker
from prometheus_client import Histogram
from prometheus_client.mmap_dict import MmapedDict

from tracepro.database import Integer, Model
from tracepro.server.bounded import READ_BYTES, BoundedProtocol
from tracepro.server.connection import Connection
from tracepro.server.master import Master
from tracepro.server.server import QuietLogger
from tracepro.server.worker import Worker

CORE = Path(__file__).parents[2] / "tracepro"
USED = {
    ASGIProtocol: "_awaiting_request _body_receiver _closed _current_request _flow_control _http1_buffered _keepalive_timeout "
    "_max_buffer_size _maybe_resume_reading _pause_reading _reading_paused _request_ready transport worker",
    BodyReceiver: "_complete signal_disconnect",
    ASGIWorker: "_quick_shutdown app asgi cfg lifespan log loop notify servers sockets state",
    Arbiter: "APP_LOAD_ERROR SIG_QUEUE WORKERS WORKER_BOOT_ERROR app handle_term kill_worker num_workers timeout",
    peewee.Context: "_sql",
    Histogram: "_buckets _sum",
    MmapedDict: "close read_all_values_from_file read_value write_value",
    peewee.Update: "_update",
    Model: "_meta",
}
OVERRIDDEN = {
    BoundedProtocol: "_feed_callback_parser _on_body _resume_reading _send_error_response _serve_http_request connection_made pause_writing "
    "resume_writing",
    Connection: "_arm_keepalive_timer _build_http_scope _close_transport _feed_callback_parser _is_websocket_upgrade _on_headers_complete "
    "_on_message_complete _will_close connection_lost connection_made eof_received "
    "pause_writing",
    Worker: "_serve _setup_event_loop _shutdown check_config handle_exit_signal handle_quit_signal init_process init_signals load_wsgi",
    Master: "handle_hup handle_int handle_ttin handle_usr2 halt manage_workers murder_workers reap_workers reload spawn_worker stop",
}
NOT_THEIRS = {
    "_current_frames",
    "_getframe",
    "_exit",
    "_execute",
    "_depth",
    "_cursor",
}  # documented by sys and os; a session's own, in its subclass for PostgreSQL and where tests watch it
OVERRIDES = [(ours, name) for ours, names in OVERRIDDEN.items() for name in names.split()]


class Row(Model):
    number = Integer()


def made(kind, folder=None):
    """Make an object of a class, as the product has it when it uses the names."""
    if kind is Arbiter:
        return Arbiter(SimpleNamespace(cfg=config()))
    if kind is ASGIWorker:
        worker = ASGIWorker(1, 0, [], None, 30, config(), logging.getLogger("tests"))
        worker.asgi = None
        return worker
    if kind is ASGIProtocol:
        return ASGIProtocol(made(ASGIWorker))
    if kind is BodyReceiver:
        return BodyReceiver(SimpleNamespace(), made(ASGIProtocol))
    if kind is Histogram:
        return Histogram("seams", "For tests.", registry=None)
    if kind is MmapedDict:
        return MmapedDict(str(folder / "seams.db"))
    return {peewee.Context: peewee.Context, peewee.Update: lambda: Row.update(number=1), Model: Row}[kind]()


def config():
    config = Config()
    config.set("logger_class", QuietLogger)
    return config


def of(kind):
    """Return the distribution a class comes from, with its version."""
    name = kind.__module__.partition(".")[0].replace("_", "-")
    name = name if name in ("gunicorn", "prometheus-client") else "peewee"
    return f"{name} {version(name)}"


@pytest.mark.parametrize("kind", USED, ids=lambda kind: kind.__name__)
def test_every_name_that_is_used_is_there(kind, monkeypatch, tmp_path):
    monkeypatch.setenv("SERVER_SOFTWARE", "")  # an arbiter writes it
    thing = made(kind, tmp_path)
    gone = [name for name in USED[kind].split() if not hasattr(thing, name)]
    assert not gone, f"{of(kind)} has no {', '.join(gone)} in {kind.__name__} any more, which tracepro uses."


def test_how_much_a_transport_reads_at_once_can_be_set():
    size = getattr(_SelectorSocketTransport, "max_size", 0)
    assert size > READ_BYTES, "asyncio's transports have no max_size any more, which tracepro lowers."


@pytest.mark.parametrize("ours", OVERRIDDEN, ids=lambda ours: ours.__name__)
def test_exactly_these_names_are_overridden(ours):
    theirs = ours.__bases__[0]
    overridden = {name for name in vars(ours) if not name.startswith("__") and hasattr(theirs, name)}
    meant = set(OVERRIDDEN[ours].split())
    assert not meant - overridden, (
        f"{of(theirs)} has no {meant - overridden} in {theirs.__name__} any more: nothing calls ours."
    )
    assert not overridden - meant, (
        f"{of(theirs)} has names of its own that {ours.__name__} replaces without meaning to: {overridden - meant}."
    )


@pytest.mark.parametrize(
    ("ours", "name"), OVERRIDES, ids=[f"{ours.__name__}.{name}" for ours, name in OVERRIDES]
)
def test_what_is_overridden_takes_what_it_is_called_with(ours, name):
    theirs = ours.__bases__[0]
    mine, original = (list(inspect.signature(getattr(kind, name)).parameters) for kind in (ours, theirs))
    assert mine == original, (
        f"{of(theirs)} calls {theirs.__name__}.{name} with {original}, ours takes {mine}."
    )


def test_the_lists_have_every_private_name_that_the_core_uses():
    listed = {name for names in [*USED.values(), *OVERRIDDEN.values()] for name in names.split()}
    found = {file: foreign(file) for file in CORE.rglob("*.py")}
    for file, names in found.items():
        assert names <= listed, f"{file} uses {names - listed}, which USED doesn't list."
    unused = {name for names in USED.values() for name in names.split() if name.startswith("_")}
    assert unused <= set().union(*found.values()), "USED lists what nothing uses."


def foreign(file):
    """Return the private names that a module takes from objects and doesn't define itself."""
    nodes = list(ast.walk(ast.parse(file.read_text("utf-8"))))
    used = {node.attr for node in nodes if isinstance(node, ast.Attribute) and _private(node.attr)}
    defined = {node.name for node in nodes if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef))}
    for node in nodes:
        if isinstance(node, ast.FunctionDef) and node.name == "__init__":
            stored = (each for each in ast.walk(node) if isinstance(each, ast.Attribute))
            defined |= {each.attr for each in stored if isinstance(each.ctx, ast.Store)}
        elif isinstance(node, ast.ClassDef) and node.name not in {ours.__name__ for ours in OVERRIDDEN}:
            annotated = (each.target for each in node.body if isinstance(each, ast.AnnAssign))
            defined |= {target.id for target in annotated if isinstance(target, ast.Name)}
    return used - defined - NOT_THEIRS


def _private(name):
    return name.startswith("_") and not name.startswith("__")
