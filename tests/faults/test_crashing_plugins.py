"""A plugin's function that ends its process costs it once: then its plugin is out of service."""

import contextlib
import os
import signal

import pytest

from tests import waiting

pytestmark = pytest.mark.faults("a plugin that ends its process")

SECONDS = 30
CODE = """
    import ctypes, os, threading
    from tracepro_hookspecs import Method, hookimpl

    def crash(call, number):
        if number >= 0:
            os._exit(number)
        ctypes.CDLL(None).signal(-number, None)  # Python's own works in the main thread only
        os.kill(os.getpid(), -number)
        threading.Event().wait(30)

    @hookimpl
    def tracepro_register_methods():
        return [Method("crash", crash, "write")]
"""
FRAGMENT = """{"methods": [{"name": "crash", "summary": "Ends its process.", "description": "For tests.", "params": [
  {"name": "number", "required": true, "schema": {"type": "integer"}}],
  "result": {"name": "none", "schema": {"type": "null"}}, "errors": [], "examples": []}],
  "components": {"schemas": {}}, "x-codes": {}}"""


@pytest.fixture
def server(serve_plant, shelf, monkeypatch, database):
    shelf.put("crashy", CODE, fragment=FRAGMENT)
    paths = [str(shelf.folder), *filter(None, [os.environ.get("PYTHONPATH")])]
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join(paths))
    return serve_plant(("workplaces", "crashy"))


def call(server, number):
    """Call the method; None when the connection ended without an answer."""
    with contextlib.closing(server.client(timeout=SECONDS)) as client, contextlib.suppress(OSError):
        return client.answer("crash", [number])
    return None


def until(reached, server):
    return waiting.until(reached, lambda: server.log()[-4000:], SECONDS, (OSError,))


def out_of_service(server):
    """Wait for a server that is ready, and return who is out of service."""

    def ready():
        with contextlib.closing(server.client(timeout=5)) as client:
            answer = client.send("GET", "/readyz")
        return answer.status == 200 and answer

    return [row["info"] for row in until(ready, server).json.get("out_of_service", [])]


@pytest.mark.parametrize(
    "database", [pytest.param("sqlite", marks=pytest.mark.slow), "postgresql"], indirect=True
)
def test_who_ends_its_process_is_blamed_once_and_put_out_of_service(server, database):
    for number, said in ((3, "exit code 3"), (-signal.SIGSEGV, "SIGSEGV")):
        workers = server.workers()
        assert call(server, number) is None
        (info,) = out_of_service(server)
        assert "crashy is out of service" in info and f"crash ended its process ({said})" in info
        assert not set(server.workers()) & set(workers)
        assert call(server, number)["error"]["data"]["code"] == "plugin-failed"
        assert server.command("plugins", "release", "crashy").returncode == 0
        until(lambda: not out_of_service(server), server)


@pytest.mark.slow
@pytest.mark.parametrize(
    "number", [0, 1, 70, -signal.SIGABRT, -signal.SIGBUS, -signal.SIGILL, -signal.SIGFPE]
)
def test_every_way_of_crashing_is_blamed(server, number):
    assert call(server, number) is None
    assert len(out_of_service(server)) == 1


@pytest.mark.slow
@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM, signal.SIGINT])
def test_nobody_is_blamed_for_what_an_operator_or_the_machine_ends(server, number):
    assert call(server, -number) is None
    assert out_of_service(server) == []
