"""A plugin somebody else wrote installs like any other and is found, run and tested without a change to the core.

It is what ``tracepro new-plugin`` writes, in an environment that has what a site has, and the extra ``testing``.
"""

import configparser
import os
import re
import subprocess
import sys
import venv
from importlib import metadata
from pathlib import Path
from zipfile import ZipFile

import pytest
from packaging.requirements import Requirement

ROOT = Path(__file__).parents[2]
BLOCKS = re.findall(
    r"^```(\w*)\n(.*?)^```$", (ROOT / "docs/plugins.md").read_text("utf-8"), flags=re.MULTILINE | re.DOTALL
)
FIRST, *INSTALLING = [block for language, block in BLOCKS if not language]
"""What the author's guide has somebody type: at its beginning, and to install what was made."""
PLUGINS_OF_TESTS = ("workplaces", "workers", "orders", "items", "lines")
TOOLS = ("pip", "setuptools")
OFFLINE = {"PIP_NO_INDEX": "1", "PIP_NO_BUILD_ISOLATION": "0", "PIP_DISABLE_PIP_VERSION_CHECK": "1"}
"""pip takes what is there, setuptools too; its 0 says no to the isolation, not to the "no"."""
WITHOUT_SUITE = {"PYTHONPATH": "", "PYTEST_ADDOPTS": ""}


def _needed():
    """Return every distribution that a site with the plugins of the tests and ``tracepro[testing]`` has."""
    declared = configparser.ConfigParser(interpolation=None)
    declared.read(ROOT / "setup.cfg", "utf-8")
    testing = declared["options.extras_require"]["testing"].split("\n")
    names = ("tracepro", *TOOLS, *(f"tracepro-{name}" for name in PLUGINS_OF_TESTS))
    waiting = [Requirement(text) for text in (*names, *testing) if text]
    found = {}
    while waiting:
        asked = waiting.pop()
        if (asked.name, *asked.extras) not in found:
            found[asked.name, *asked.extras] = metadata.distribution(asked.name)
            waiting += _asked_by(asked)
    return {distribution.name: distribution for distribution in found.values()}.values()


def _asked_by(asked):
    """Yield what a distribution with its extras asks for."""
    for requirement in map(Requirement, metadata.requires(asked.name) or ()):
        extras = ("", *asked.extras)
        if requirement.marker is None or any(requirement.marker.evaluate({"extra": one}) for one in extras):
            yield requirement


def _link(distribution, environment):
    """Have an environment find a distribution where the suite has it."""
    (packages,) = environment.glob("lib/python*/site-packages")
    for top in {file.parts[0] for file in distribution.files} - {"..", "__pycache__"}:
        if not (packages / top).exists():
            (packages / top).symlink_to(distribution.locate_file(top))
    for point in distribution.entry_points.select(group="console_scripts", name="tracepro"):
        script = environment / "bin" / point.name
        call = f"import sys\nfrom {point.module} import {point.attr}\nsys.exit({point.attr}())\n"
        script.write_text(f"#!{environment}/bin/python\n{call}")
        script.chmod(0o700)


def _run(*words, folder, **environ):
    done = subprocess.run(
        [*map(str, words)],
        cwd=folder,
        env={**os.environ, **WITHOUT_SUITE, **environ},
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def author(tmp_path_factory):
    """A folder of somebody who has a fresh environment and made a plugin: ``said`` is what the command told to do next."""
    folder = tmp_path_factory.mktemp("author")
    venv.create(folder / ".venv", symlinks=True)
    for distribution in _needed():
        _link(distribution, folder / ".venv")
    (folder / "plugins.ini").write_text(f"[plugins]\nenabled = {' '.join(PLUGINS_OF_TESTS)} scales\n")
    (folder / "said").write_text(_typed(FIRST, folder))
    return folder


def _typed(commands, folder):
    """Have the shell of an author run commands, and return what they said."""
    site = {
        "TRACEPRO_PLUGINS": str(folder / "plugins.ini"),
        "TRACEPRO_DATABASE": f"sqlite:///{folder}/plant.db",
    }
    path = f"{folder}/.venv/bin:{os.environ['PATH']}"
    return _run("bash", "-ec", commands, folder=folder, PATH=path, **OFFLINE, **site)


def test_what_the_command_says_to_do_next_works_word_for_word(author):
    commands = re.findall(r"^    (\S.*)$", (author / "said").read_text(), flags=re.MULTILINE)
    assert [command.split()[0] for command in commands] == ["cd", "python", "python", "tracepro", "tracepro"]
    said = _typed("\n".join(commands), author)
    assert " 23 passed" in said and "skipped" not in said
    assert "applied scales/0001_readings" in said
    assert "All is well: 6 plugins" in said


def test_the_guide_s_own_commands_work_word_for_word(author):
    said = _typed("".join(INSTALLING), author)
    assert "All is well: 6 plugins" in said
    assert re.search(r"^scales +.*tracepro-scales", said, flags=re.MULTILINE)


def test_the_wheel_has_everything_the_plugin_needs(author):
    build = "import sys; from setuptools.build_meta import build_wheel; build_wheel(sys.argv[1])"
    _run(sys.executable, "-c", build, author, folder=author / "tracepro-scales")
    (wheel,) = author.glob("tracepro_scales-*.whl")
    names = set(ZipFile(wheel).namelist())
    for name in ("plugin.py", "py.typed", "schemas/scales.json", "migrations/0001_readings.py"):
        assert f"tracepro_scales/{name}" in names
    entry_points = ZipFile(wheel).read("tracepro_scales-0.1.dist-info/entry_points.txt").decode()
    assert entry_points.split("\n")[:2] == ["[tracepro.plugins]", "scales = tracepro_scales.plugin"]


def test_the_core_brings_every_file_of_the_template():
    template = ROOT / "tracepro" / "cli" / "template"
    declared = configparser.ConfigParser(interpolation=None)
    declared.read(ROOT / "setup.cfg", "utf-8")
    pattern = declared["options.package_data"]["tracepro.cli"]
    brought = {path for path in template.parent.glob(f"{pattern}/*") if path.is_file()}
    assert brought == {path for path in template.rglob("*") if path.is_file()} != set()
