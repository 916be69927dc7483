"""A plugin somebody else wrote installs like any other and is found, run and tested without a change to the core."""

import os
import shutil
import subprocess
import sys
from importlib import metadata
from pathlib import Path

import pytest

OVENS = Path(__file__).parents[2] / "examples" / "ovens"


@pytest.fixture(scope="module")
def installed(tmp_path_factory):
    """Install the example as pip would from an index, into a folder of its own."""
    folder = tmp_path_factory.mktemp("site")
    source = folder / "source"
    shutil.copytree(OVENS, source, ignore=shutil.ignore_patterns("build", "*.egg-info", "__pycache__"))
    offline = ("--no-deps", "--no-build-isolation", "--no-index")
    _run("-m", "pip", "install", "-q", *offline, "--target", folder / "lib", source)
    return folder / "lib"


def _run(*arguments, **settings):
    done = subprocess.run(
        [sys.executable, *map(str, arguments)], capture_output=True, text=True, timeout=120, **settings
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_the_wheel_has_everything_the_plugin_needs(installed):
    package = installed / "tracepro_ovens"
    for name in ("plugin.py", "py.typed", "schemas/ovens.json", "migrations/0001_readings.py"):
        assert (package / name).is_file(), name


def test_the_entry_point_is_all_it_takes_to_be_found(installed):
    found = [
        (point.name, point.value, distribution.metadata["Name"], distribution.version)
        for distribution in metadata.distributions(path=[str(installed)])
        for point in distribution.entry_points.select(group="tracepro.plugins")
    ]
    assert found == [("ovens", "tracepro_ovens.plugin", "tracepro-ovens", "1.0")]


def test_its_own_tests_run_with_the_fixtures_the_core_brings(installed, tmp_path):
    tests = tmp_path / "test_ovens.py"
    tests.write_bytes((OVENS / "tests" / "test_ovens.py").read_bytes())
    environment = {**os.environ, "PYTHONPATH": str(installed)}
    chosen = ("-p", "no:cacheprovider", "-k", "sqlite and window")
    _run("-m", "pytest", "-q", *chosen, tests, cwd=tmp_path, env=environment)
