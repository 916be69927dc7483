"""A web page on a terminal's PC calls nothing: neither through a rebound name nor with a terminal's address.

127.0.0.1 is a terminal on the machine itself, 127.0.0.2 one of a network that the plant named.
"""

import http.client
import json
import os
from contextlib import closing
from textwrap import dedent

import pytest

SHELF = """
    from tracepro_hookspecs import Reply, Route, hookimpl

    def undo(call, request):
        call.changed("shelf", "undone", None, True)
        return Reply(status=204)

    @hookimpl
    def tracepro_register_routes():
        return [Route(verb, "/api/shelves/undo", undo, "write", "Undo.", status=204) for verb in ("POST", "DELETE")]
"""
HERE, TERMINAL = "127.0.0.1", "127.0.0.2"
WRITES = {
    "rpc": ("POST", "/api/", {"jsonrpc": "2.0", "id": 1, "method": "getnext", "params": ["page", "n"]}),
    "rest": ("POST", "/api/plant", {"acts": []}),
    "rest without a body": ("POST", "/api/shelves/undo", None),
    "rest delete": ("DELETE", "/api/shelves/undo", None),
}
READ = ("GET", "/plugins", None)
FORGED = [
    {"Origin": "http://evil.example"},
    {"Origin": "null"},
    {"Origin": "http://127.0.0.1:1"},
    {"Sec-Fetch-Site": "cross-site"},
    {"Sec-Fetch-Site": "same-site"},
]
REBOUND = ["evil.example", "evil.example:8080", "127.0.0.1.evil.example", "10.9.9.9", "mes.plant@evil", ""]
"""Names that a page made to mean this server, and an address that isn't this server's."""


@pytest.fixture(scope="module")
def server(serve_plant_once, tmp_path_factory):
    folder = tmp_path_factory.mktemp("plugins")
    info = folder / "tracepro_shelves-1.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: tracepro-shelves\nVersion: 1.0\n")
    (info / "entry_points.txt").write_text("[tracepro.plugins]\nshelves = tracepro_shelves\n")
    (folder / "tracepro_shelves.py").write_text(dedent(SHELF))
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(str(folder))
        patch.setenv("PYTHONPATH", os.pathsep.join([str(folder), os.environ.get("PYTHONPATH", "")]))
        api = {"anonymous": "loopback 127.0.0.2/32", "hosts": "mes.plant"}
        yield serve_plant_once(("workplaces", "counters", "shelves"), parameters={"api": api})


@pytest.fixture(scope="module")
def token(server):
    made = server.command(
        "token", "create", "T", *["--scope", "read", "--scope", "write", "--scope", "admin"]
    )
    return {"Authorization": f"Bearer {made.stdout.split()[-1]}"}


@pytest.fixture
def ask(server):
    """Send one request from an address and return the status, and the code of its refusal."""

    def ask(caller, request, headers):
        verb, path, body = request
        data = None if body is None else json.dumps(body).encode()
        content = {} if body is None else {"Content-Type": "application/json"}
        usual = {"Host": f"{HERE}:{server.port}", **content}
        connection = http.client.HTTPConnection(HERE, server.port, timeout=30, source_address=(caller, 0))
        with closing(connection):
            connection.request(verb, path, data, {**usual, **headers})
            answer = connection.getresponse()
            found = json.loads(answer.read() or "{}")
        return answer.status, found.get("code") or found.get("error", {}).get("data", {}).get("code")

    return ask


REFUSED = (403, "unauthenticated")


@pytest.mark.parametrize("write", WRITES)
@pytest.mark.parametrize("caller", [HERE, TERMINAL])
def test_a_page_of_another_site_writes_nothing(ask, caller, write):
    for headers in FORGED:
        assert ask(caller, WRITES[write], headers) == REFUSED, headers


@pytest.mark.parametrize("write", WRITES)
@pytest.mark.parametrize("caller", [HERE, TERMINAL])
def test_a_rebound_name_writes_and_reads_nothing(ask, caller, write):
    for host in REBOUND:
        for headers in (
            {"Host": host},
            {"Host": host, "Origin": f"http://{host}", "Sec-Fetch-Site": "same-origin"},
        ):
            assert ask(caller, WRITES[write], headers) == REFUSED, headers
        assert ask(caller, READ, {"Host": host}) == REFUSED


@pytest.mark.parametrize("write", WRITES)
def test_terminals_and_the_servers_own_pages_write(ask, server, write):
    """Without a token a plant file needs a scope that nobody has; that is refused later, and as such."""
    taken = {"rpc": (200, None), "rest": (403, "scope-missing")}.get(write, (204, None))
    for host in (f"{HERE}:{server.port}", HERE, f"localhost:{server.port}", "mes.plant", "MES.plant:8443"):
        own = {"Host": host, "Origin": f"http://{host}", "Sec-Fetch-Site": "same-origin"}
        assert ask(TERMINAL, WRITES[write], own) == taken, host
        assert ask(TERMINAL, WRITES[write], {"Host": host}) == taken, host
    assert ask(HERE, WRITES[write], {"Origin": f"http://{HERE}:{server.port}"}) == taken
    assert (
        ask(HERE, WRITES[write], {"Host": "mes.plant"}) == REFUSED
    )  # a proxy here would make everybody local


@pytest.mark.parametrize("write", WRITES)
def test_a_token_is_not_judged_by_what_a_page_could_forge(ask, token, write):
    for headers in [*FORGED, {"Host": "evil.example"}]:
        assert ask(HERE, WRITES[write], {**headers, **token})[0] in (200, 204), headers


def test_a_link_of_another_site_may_be_followed_and_a_script_of_it_reads_nothing(ask):
    assert ask(TERMINAL, READ, {"Sec-Fetch-Site": "cross-site"}) == (200, None)
    assert ask(TERMINAL, READ, {"Origin": "http://evil.example"}) == REFUSED


def test_what_was_refused_was_not_done(ask, server):
    counter = ("POST", "/api/", {"jsonrpc": "2.0", "id": 1, "method": "getnext", "params": ["forged", "n"]})
    for headers in FORGED:
        ask(TERMINAL, counter, headers)
    assert server.rpc("getnext", "forged", "n") == 1
