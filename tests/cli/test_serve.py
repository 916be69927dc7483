"""``tracepro serve`` that can't serve says why in one sentence and ends with an exit code that isn't 0."""

import argparse
import socket
import subprocess
import warnings
from pathlib import Path

import pytest

from tracepro.cli import serve
from tracepro.cli.main import main
from tracepro.database.errors import busy
from tracepro.database.lock_file import LockFile
from tracepro.findings import StartError
from tracepro.testing.server import COMMAND, write_ini


@pytest.fixture(scope="module")
def plant(serve_plant_once):
    """A plant whose server isn't started."""
    return serve_plant_once(("workplaces",), start=False)


def one_sentence(code, out, err):
    assert code != 0 and out == ""
    (sentence,) = err.splitlines()
    assert sentence.endswith((".", ")"))
    return sentence


def refused(plant, *arguments):
    """Start a server that must end by itself."""
    ended = subprocess.run(
        [*COMMAND, "serve", "--bind", f"127.0.0.1:{plant.port}", *arguments],
        cwd=plant.folder,
        env=plant.environment,
        capture_output=True,
        text=True,
        timeout=60,
    )
    return one_sentence(ended.returncode, ended.stdout, ended.stderr)


@pytest.fixture
def refused_here(plant, monkeypatch, capsys):
    """Run the command in this process, for what is refused before any other is started."""
    for name, value in plant.environment.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr("tracepro.server.server.BIND_SECONDS", 0.0)
    return lambda *arguments: one_sentence(main(["serve", *arguments]), *capsys.readouterr())


def test_a_database_that_a_restore_holds_is_told_in_words_for_whoever_starts_the_server():
    assert "such as tracepro restore" in serve.sentence_of(busy())


def test_a_port_in_use(plant, refused_here):
    with socket.create_server(("127.0.0.1", plant.port)):
        assert f"Port {plant.port} on 127.0.0.1 is in use" in refused_here(
            "--bind", f"127.0.0.1:{plant.port}"
        )


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--workers", "2"], "SQLite is served by one process"),
        (["--workers", "0"], "at least 1"),
        (["--threads", "0"], "at least 1"),
        (["--bind", "8080"], "--bind takes HOST:PORT"),
        (["--bind", "127.0.0.1:99999"], "--bind takes HOST:PORT"),
        (["--bind", "192.0.2.1:8080"], "Can't listen on 192.0.2.1"),
        (["--bind", "0.0.0.0:0"], "--bind takes HOST:PORT"),
    ],
)
def test_arguments_that_can_not_be(refused_here, arguments, words):
    assert words in refused_here(*arguments)


def states(folder):
    return {file: (file.stat().st_mtime_ns, file.stat().st_size) for file in folder.iterdir()}


def test_a_check_tells_that_all_is_free_and_leaves_everything_as_it_is(plant, refused_here):
    before = states(plant.folder)
    assert plant.command("serve", "--check", "--bind", f"127.0.0.1:{plant.port}").returncode == 0
    assert states(plant.folder) == before
    with socket.create_server(("127.0.0.1", plant.port)):
        assert "is in use" in refused_here("--check", "--bind", f"127.0.0.1:{plant.port}")


@pytest.mark.parametrize("more", [[], ["--check"]])
def test_a_second_server_on_one_sqlite_file(plant, refused_here, monkeypatch, more):
    monkeypatch.setattr(serve, "LEAVING_SECONDS", 0.0)
    file = plant.database.removeprefix("sqlite:///")
    first = LockFile(Path(file + ".writer"))
    assert first.try_take()
    try:
        said = refused_here("--bind", f"127.0.0.1:{plant.port}", *more)
    finally:
        first.release()
    assert "Another server" in said and file in said


def test_the_development_mode_goes_to_every_worker_and_to_every_reload(plant, refused_here):
    parser = argparse.ArgumentParser()
    serve.setup(parser)
    for words, strict in ((["--strict"], True), ([], False)):
        callbacks = serve.callbacks("127.0.0.1", plant.port, parser.parse_args(words))
        assert callbacks.make_app.keywords == {"strict": strict}
        (check,) = callbacks.check.args
        assert check.keywords == {"strict": strict}
    with warnings.catch_warnings():
        site = serve._open_site("127.0.0.1", strict=True)
        assert site.strict
        site.close()


def test_an_open_address_while_nobody_could_call(plant):
    assert "refuses to listen on 0.0.0.0" in refused(plant, "--bind", f"0.0.0.0:{plant.port}")


def test_a_plugin_that_is_not_installed(serve_plant):
    plant = serve_plant(("workplaces",), start=False)
    write_ini(plant.folder / "plugins.ini", {"plugins": {"enabled": ("workplaces", "dragons")}})
    assert "dragons" in refused(plant)


def test_a_database_without_its_tables(serve_plant, monkeypatch):
    plant = serve_plant(("workplaces",), start=False)
    plant.database = f"sqlite:///{plant.folder}/other.db"
    assert "tracepro migrate" in refused(plant)


@pytest.mark.parametrize(
    ("text", "expected"),
    [("127.0.0.1:8080", ("127.0.0.1", 8080)), (":80", ("0.0.0.0", 80)), ("[::1]:8080", ("::1", 8080))],
)
def test_addresses(text, expected):
    assert serve.address(text) == expected


@pytest.mark.parametrize("text", ["", "8080", "host:", "host:x", "host:70000", "host:-1"])
def test_no_addresses(text):
    with pytest.raises(StartError):
        serve.address(text)
