"""Methods and routes that only read and hang take every thread, and then their plugin is out of service."""

import contextlib
import os
import threading

import pytest

from tests import waiting

pytestmark = pytest.mark.faults("reads that hang")

SECONDS = 30
THREADS = 8
CODE = """
    import os, time
    from pathlib import Path
    from tracepro_hookspecs import Method, Route, hookimpl

    def sleep(call):
        end = time.monotonic() + 60
        while Path(os.environ["SLEEP"]).exists() and time.monotonic() < end:
            time.sleep(0.05)
        return 1

    @hookimpl
    def tracepro_register_methods():
        return [Method("sleep", sleep, "read")]

    @hookimpl
    def tracepro_register_routes():
        return [Route("GET", "/api/sleep", lambda call, request: sleep(call), "read", "Sleeps.")]
"""
FRAGMENT = """{"methods": [{"name": "sleep", "summary": "Sleeps.", "description": "For tests.", "params": [],
  "result": {"name": "one", "schema": {"type": "integer"}}, "errors": [], "examples": []}],
  "components": {"schemas": {}}, "x-codes": {}}"""


def until(reached, server):
    return waiting.until(reached, lambda: server.log()[-4000:], SECONDS, (OSError,))


@pytest.mark.parametrize(
    "database", ["sqlite", pytest.param("postgresql", marks=pytest.mark.slow)], indirect=True
)
def test_hung_reads_are_told_by_readyz_and_their_plugin_is_taken_out_of_service(
    serve_plant, shelf, tmp_path, monkeypatch, database
):
    shelf.put("sleepy", CODE, fragment=FRAGMENT)
    monkeypatch.setenv(
        "PYTHONPATH", os.pathsep.join([str(shelf.folder), *filter(None, [os.environ.get("PYTHONPATH")])])
    )
    flag = tmp_path / "sleep"
    flag.touch()
    monkeypatch.setenv("SLEEP", str(flag))
    server = serve_plant(
        ("workplaces", "sleepy"), parameters={"api": {"hook_warn_seconds": 0.3, "hook_limit_seconds": 4}}
    )
    answers = []

    def ask(number):
        with contextlib.closing(server.client(timeout=SECONDS)) as client:
            if number % 2:
                answers.append(client.answer("sleep", [])["error"]["data"]["code"])
            else:
                answers.append(client.send("GET", "/api/sleep").json["code"])

    def ready():
        with contextlib.closing(server.client(timeout=5)) as client:
            return client.send("GET", "/readyz")

    asking = [threading.Thread(target=ask, args=(number,)) for number in range(THREADS)]
    for thread in asking:
        thread.start()
    stuck = until(lambda: (answer := ready()).status == 503 and answer, server)
    told = str(stuck.json)
    assert "All 8 threads have been busy" in told and stuck.json["code"] == "busy"
    assert "The method sleep of plugin sleepy has been running for" in told
    assert "The route GET /api/sleep of plugin sleepy has been running for" in told
    for thread in asking:
        thread.join(SECONDS)
    assert answers == ["busy"] * THREADS
    assert [row["plugin"] for row in until(lambda: ready().json.get("out_of_service"), server)] == ["sleepy"]
    with contextlib.closing(server.client(timeout=SECONDS)) as client:
        assert client.answer("sleep", [])["error"]["data"]["code"] == "plugin-failed"
        refused = client.send("GET", "/api/sleep")
        assert (refused.status, refused.json["code"]) == (409, "plugin-failed")
        flag.unlink()
        assert server.command("plugins", "release", "sleepy").returncode == 0
        until(lambda: "result" in client.answer("sleep", []), server)
