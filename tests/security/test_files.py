"""What the server and its commands make is for their own user, and no secret stands in what they say."""

import json
import os
from contextlib import suppress
from pathlib import Path

import pytest

from tracepro.cli.main import main
from tracepro.config.settings import Settings
from tracepro.database.connect import open_store
from tracepro.testing.server import Server, write_ini

PASSWORD = "Pa55%2Fw%25rd"
PLAIN = "Pa55/w%rd"


@pytest.fixture
def open_umask():
    before = os.umask(0)
    yield
    os.umask(before)


def modes(folder):
    return {file.name: oct(file.stat().st_mode & 0o777) for file in folder.iterdir()}


@pytest.fixture
def run(monkeypatch, capsys):
    """Run a command on a server's plant in this process; return its exit code and what it said."""

    def run(server, *words):
        for name, value in server.environment.items():
            monkeypatch.setenv(name, value)
        return main(words), *capsys.readouterr()

    return run


@pytest.fixture
def site(tmp_path):
    """A folder with the two files, and a server on a database that is not made yet."""
    write_ini(tmp_path / "plugins.ini", {"plugins": {"enabled": ["workplaces", "counters"]}})
    write_ini(tmp_path / "parameters.ini", {"site": {"timezone": "UTC"}})
    (tmp_path / "data").mkdir()
    server = Server(tmp_path, f"sqlite:///{tmp_path}/data/plant.db")
    yield server
    server.kill()


def test_files_are_their_owners_whatever_the_umask(site, run, open_umask):
    data = site.folder / "data"
    assert run(site, "migrate")[0] == 0
    assert modes(data) == dict.fromkeys(modes(data), "0o600") and "plant.db" in modes(data)
    site.start()
    site.rpc("getnext", "files", "n")
    names = {"plant.db", "plant.db-wal", "plant.db-shm", "plant.db.writer"}
    assert modes(data) == dict.fromkeys(names, "0o600")


def test_a_store_makes_its_files_for_its_owner_without_the_command_too(tmp_path, open_umask):
    store = open_store(f"sqlite:///{tmp_path}/plant.db")
    store.write_inline(lambda db: db.raw_rows("CREATE TABLE one (id INTEGER)"))
    made = modes(tmp_path)
    store.close()
    assert made and made == dict.fromkeys(made, "0o600")


def test_files_that_are_open_to_others_are_warned_of_by_check_and_start(site, run):
    assert run(site, "migrate")[0] == 0
    assert "no warnings" in run(site, "check")[1]
    file = site.folder / "data" / "plant.db"
    file.chmod(0o640)
    (site.folder / "parameters.ini").write_text("[database]\nurl = postgresql://u:p@nowhere/x\n")
    (site.folder / "parameters.ini").chmod(0o644)
    _, _, said = run(site, "check")
    assert f"chmod 600 {file}" in said and f"chmod o= {site.folder / 'parameters.ini'}" in said
    assert f"chmod 600 {file}" in run(site, "token", "list")[2]
    (site.folder / "parameters.ini").chmod(0o640)
    assert "o=" not in run(site, "check")[2]


def with_password(url):
    """A url with a password in it; the test's PostgreSQL trusts whoever asks."""
    scheme, _, rest = url.partition("://")
    user, at, place = rest.rpartition("@")
    return f"{scheme}://{(user.partition(':')[0] or 'postgres')}:{PASSWORD}@{place}" if at else url


def titles(server):
    return "".join(Path(f"/proc/{pid}/cmdline").read_text() for pid in (server.pid, *server.workers()))


def test_no_secret_stands_in_what_a_run_says(serve_plant, run, database):
    server = serve_plant(("workplaces", "counters"), start=False)
    server.database = with_password(server.database)
    assert database == "sqlite" or PASSWORD in server.database
    server.start()
    _, text, warned = run(server, "token", "create", "T", "--scope", "read", "--scope", "write")
    text = text.strip()
    secret = text.split("_", 2)[2]
    wrong = f"tp_1_{'Z' * 20}{secret[20:]}"
    said = [warned]
    call = {"jsonrpc": "2.0", "id": 1, "method": "getnext", "params": ["secrets", "n"]}
    bodies = [
        call,
        [call, call],
        {**call, "method": "rpc.discover"},
        {**call, "params": [{"x": secret[:1]}]},
        b"{",
    ]
    for token in (text, f"{text}x", wrong, text.replace("tp_1", "tp_2")):
        client = server.client(token=token)
        answers = [client.send("POST", "/api/", body) for body in bodies]
        answers += [client.send("GET", path) for path in ("/", "/plugins", "/metrics", "/readyz", "/nowhere")]
        said += [f"{answer.headers}{answer.body!r}" for answer in answers]
        client.close()
    for words in (["check"], ["token", "list"], ["audit", "export"], ["plugins"], ["migrate"], ["nothing"]):
        with suppress(SystemExit):
            said += run(server, *words)[1:]
    said += [titles(server), server.log(), repr(Settings.of(("counters",), database=server.database))]
    server.stop()
    everything = "\n".join([*said, server.log()])
    assert "getnext" in everything and json.dumps("T") in everything
    for word in (secret, wrong.split("_", 2)[2], PASSWORD, PLAIN):
        assert word not in everything
