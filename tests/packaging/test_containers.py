"""``deploy/``'s container files: parsed and held against the repository; the steps of the image run without an engine."""

import argparse
import json
import os
import re
import shlex
import subprocess
from pathlib import Path

import pytest
import yaml

from tests.packaging.machine import Machine, blocks
from tests.packaging.test_layers import ROOT
from tracepro.cli import serve
from tracepro.config.database_url import has_password
from tracepro.reserved import COMMANDS

DEPLOY = ROOT / "deploy"
COMPOSE = yaml.safe_load((DEPLOY / "compose.yaml").read_text("utf-8"))
SERVICES = COMPOSE["services"]
STEPS = [
    tuple(line.split(maxsplit=1))
    for line in re.sub(
        r"^#.*\n|\\\n", "", (DEPLOY / "Containerfile").read_text("utf-8"), flags=re.MULTILINE
    ).splitlines()
    if line
]
LAST_STAGE = STEPS[max(index for index, (word, _) in enumerate(STEPS) if word == "FROM") :]


def of(word, steps=STEPS):
    """Return what stands behind each instruction of a name."""
    return [rest for name, rest in steps if name == word]


def test_the_image_is_made_of_what_is_there():
    assert {name for name, _ in STEPS} <= {
        *(
            "FROM",
            "WORKDIR",
            "COPY",
            "RUN",
            "ENV",
            "USER",
            "VOLUME",
            "EXPOSE",
            "HEALTHCHECK",
            "ENTRYPOINT",
            "CMD",
        ),
    }
    for copied in of("COPY"):
        for source in copied.split()[:-1]:
            assert source.startswith(("--from=", "/opt/")) or (ROOT / source).exists(), source


def test_the_image_takes_nothing_unchecked_and_runs_as_a_user_of_its_own():
    assert all(":" in image and "latest" not in image for image in of("FROM"))
    for step in of("RUN"):
        fetches = "pip install" in step and "setuptools" not in step
        assert not fetches or "--require-hashes" in step or "--no-index" in step, step
    assert of("USER", LAST_STAGE) == ["tracepro"]
    assert not [
        step
        for step in of("ENV") + of("ARG")
        if re.search("password|secret|token", step, flags=re.IGNORECASE)
    ]


def test_the_image_starts_what_the_server_understands_and_is_asked_how_it_is():
    (entry,), (command,), (health,) = (of(word, LAST_STAGE) for word in ("ENTRYPOINT", "CMD", "HEALTHCHECK"))
    assert json.loads(entry) == ["tracepro"]
    assert_is_a_command(json.loads(command))
    assert "/readyz" in health


def assert_is_a_command(words):
    assert words[0] in COMMANDS
    if words[0] == "serve":
        parser = argparse.ArgumentParser(exit_on_error=False)
        serve.setup(parser)
        assert serve.address(parser.parse_args(words[1:]).bind) == ("0.0.0.0", 8080)


def test_a_service_waits_for_what_it_needs():
    for service in SERVICES.values():
        for name, wanted in service.get("depends_on", {}).items():
            condition, other = wanted["condition"], SERVICES[name]
            assert condition in ("service_healthy", "service_completed_successfully")
            assert (condition == "service_healthy") == ("healthcheck" in other)
        if "command" in service:
            assert_is_a_command(service["command"])
    assert SERVICES["server"]["depends_on"]["migrate"] == {"condition": "service_completed_successfully"}
    assert SERVICES["migrate"]["depends_on"]["database"] == {"condition": "service_healthy"}


def test_the_compose_file_names_what_it_uses():
    for service in SERVICES.values():
        assert set(service.get("secrets", ())) <= set(COMPOSE["secrets"])
        for volume in service.get("volumes", ()):
            assert volume.split(":")[0] in COMPOSE["volumes"]
        if "build" in service:
            context = DEPLOY / service["build"]["context"]
            assert (context / service["build"]["dockerfile"]).samefile(DEPLOY / "Containerfile")


def test_no_password_stands_in_the_compose_file_and_only_this_machine_reaches_the_server():
    for service in SERVICES.values():
        for name, value in service.get("environment", {}).items():
            assert "PASSWORD" not in name or name.endswith("_FILE")
            assert not has_password(value)
        assert all(port.startswith("127.0.0.1:") for port in service.get("ports", ()))
        assert "latest" not in service["image"]


def test_the_guide_makes_the_secrets_for_those_alone_who_need_them(tmp_path):
    (commands,) = blocks("In containers")
    (tmp_path / "deploy").mkdir()
    (tmp_path / "chown").write_text('#!/bin/sh\necho "$@" > chown.txt\n')
    (tmp_path / "docker").write_text("#!/bin/sh\npwd > docker.txt\n")
    for name in ("chown", "docker"):
        (tmp_path / name).chmod(0o755)
    path = f"{tmp_path}:{os.environ['PATH']}"
    subprocess.run(
        ["sh", "-euc", commands], cwd=tmp_path, env={**os.environ, "PATH": path}, check=True, timeout=60
    )
    files = {name: tmp_path / "deploy" / secret["file"] for name, secret in COMPOSE["secrets"].items()}
    assert {oct(file.stat().st_mode & 0o777) for file in files.values()} == {"0o600"}
    host, port, database, user, password = files["pgpass"].read_text().strip().split(":")
    assert f"postgresql://{user}@{host}/{database}" == SERVICES["server"]["environment"]["TRACEPRO_DATABASE"]
    assert (port, password) == ("5432", files["password"].read_text().strip()) and len(password) == 48
    assert (tmp_path / "chown.txt").read_text() == "10001 deploy/secrets/pgpass\n"
    assert "--uid 10001" in " ".join(of("RUN", LAST_STAGE))


@pytest.mark.slow
def test_the_steps_of_the_image_make_a_server_that_is_well(tmp_path):
    machine = Machine(tmp_path, offline=False)
    (tmp_path / "src").mkdir()
    (tmp_path / "tools" / "python").symlink_to(tmp_path / "tools" / "python3")
    place, environment = machine.checkout, []
    for name, rest in STEPS:
        if name == "WORKDIR":
            place = tmp_path / rest.strip("/")
        elif name == "FROM":
            place = machine.checkout
        elif name == "COPY" and not rest.startswith("--from="):
            *sources, target = rest.split()
            machine.run(_copy(sources, target, place))
        elif name == "RUN":
            machine.run(f"cd {place}\n{rest}")
        elif name == "ENV":
            environment = [f"export {pair}" for pair in shlex.split(rest) if not pair.startswith("PATH=")]
    start = [*environment, "umask 077"]
    machine.run("\n".join([*start, "/opt/tracepro/bin/tracepro migrate", "/opt/tracepro/bin/tracepro check"]))
    assert Path(tmp_path / "var/lib/tracepro/tracepro.db").exists()


def _copy(sources, target, place):
    """Return the command that does what COPY does: of a folder its content."""
    goal = target if target.startswith("/") else f"{place}/{target}"
    if len(sources) == 1 and (ROOT / sources[0]).is_dir():
        return f"mkdir -p {goal} && cp -r {sources[0]}/. {goal}/"
    return f"mkdir -p {goal} && cp {' '.join(sources)} {goal}/"
