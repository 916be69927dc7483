"""``make run``: it installs what the server needs, and leaves alone what a server works with."""

import os
import signal
import subprocess
import time
from contextlib import closing, contextmanager

import pytest

from tests.packaging.machine import Machine
from tests.packaging.test_layers import ROOT
from tracepro.testing.client import Client
from tracepro.testing.server import free_port


def planned(target):
    """Return the commands that a target runs where nothing is installed yet."""
    words = ["make", "--dry-run", "--always-make", target]
    return subprocess.run(words, cwd=ROOT, capture_output=True, text=True, check=True, timeout=60).stdout


def test_a_run_looks_for_another_server_first():
    commands = [line.split("/tracepro ")[1] for line in planned("run").splitlines() if "/tracepro " in line]
    address = "--bind 127.0.0.1:8080"
    assert commands == [
        f"serve --check {address}",
        "migrate",
        "import examples/plant.json",
        f"serve {address}",
    ]


def test_a_run_installs_no_test_tools_and_a_test_all():
    tools = "-r requirements-test.txt"
    assert tools not in planned("run") and "-r requirements.txt" in planned("run")
    assert tools in planned("test") and "-r requirements.txt" in planned("test")


@pytest.mark.slow
def test_a_new_clone_runs_once_and_again_and_then_its_tests(tmp_path):
    machine = Machine(tmp_path, offline=False)
    port = free_port(machine)
    with running(machine, port):
        first = states(machine.checkout)
        again = machine.run(f"! make run PORT={port} 2>&1")
        assert "Another server" in again and states(machine.checkout) == first
        workplaces = count(port)
    with running(machine, port):
        assert count(port) == workplaces > 0
    machine.run("! .venv/bin/python -c 'import pytest' 2>&1")
    machine.run("make install")
    machine.run(".venv/bin/python -m pytest --version")


def states(checkout):
    """Return when each file was written, but what the running server itself writes beside its database."""
    files = [
        file
        for file in checkout.rglob("*")
        if "__pycache__" not in file.parts and not file.name.endswith("-shm")
    ]
    return {file: (file.lstat().st_mtime_ns, file.lstat().st_size) for file in files}


def count(port):
    with closing(Client("127.0.0.1", port)) as client:
        return len(client.call("getbasicdata", "Workplace"))


@contextmanager
def running(machine, port):
    """Have ``make run`` serve."""
    with (machine.root / "make.log").open("ab") as log:
        words = ["make", "run", f"PORT={port}"]
        made = subprocess.Popen(
            words,
            cwd=machine.checkout,
            env=machine.environment,
            stdout=log,
            stderr=log,
            start_new_session=True,
        )
    try:
        deadline = time.monotonic() + 600
        while not served(port):
            assert made.poll() is None and time.monotonic() < deadline, (
                machine.root / "make.log"
            ).read_text()
            time.sleep(0.1)
        yield
    finally:
        os.killpg(made.pid, signal.SIGINT)
        made.wait(60)


def served(port):
    try:
        with closing(Client("127.0.0.1", port)) as client:
            return client.send("GET", "/readyz").status == 200
    except OSError:
        return False
