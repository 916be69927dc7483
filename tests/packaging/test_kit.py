"""What contributors and packagers rely on: one license everywhere, and a tried version of every package we ask for."""

import configparser
import re
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parents[2]
METADATA = [
    ROOT / "setup.cfg",
    *sorted((ROOT / "plugins").glob("*/setup.cfg")),
    *sorted((ROOT / "examples").glob("*/setup.cfg")),
]
each_distribution = pytest.mark.parametrize("file", METADATA, ids=lambda file: file.parent.name)


def _declared(file):
    parser = configparser.ConfigParser(interpolation=None)
    parser.read(file, "utf-8")
    return parser


def _requirements(file):
    """Yield what a setup.cfg asks for, extras included, without our own distributions."""
    declared = _declared(file)
    texts = [declared["options"].get("install_requires", "")]
    if declared.has_section("options.extras_require"):
        texts += declared["options.extras_require"].values()
    for line in "\n".join(texts).splitlines():
        if line.strip() and not line.strip().startswith("tracepro"):
            yield Requirement(line)


def _tried():
    lines = (ROOT / "constraints.txt").read_text("utf-8").splitlines()
    pinned = [re.fullmatch(r"([\w.-]+)==(\S+)", line) for line in lines if not line.startswith("#")]
    return {canonicalize_name(pin[1]): pin[2] for pin in pinned}


@each_distribution
def test_every_distribution_has_the_license_of_the_repository(file):
    first = (ROOT / "LICENSE").read_text("utf-8").splitlines()[0]
    assert first == f"SPDX-License-Identifier: {_declared(file)['metadata']['license']}"


@each_distribution
def test_the_constraints_name_a_version_that_each_requirement_takes(file):
    tried = _tried()
    for asked in _requirements(file):
        version = tried.get(canonicalize_name(asked.name))
        assert version is not None, f"constraints.txt lacks {asked.name}"
        assert asked.specifier.contains(version), f"{file} asks for {asked}, constraints.txt for {version}"
