"""The core stands in layers: a module imports from its own layer and those below, never from one above."""

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
LAYERS = (
    ("tracepro_schemas", "tracepro_hookspecs"),
    (
        "tracepro.amounts",
        "tracepro.clock",
        "tracepro.codes",
        "tracepro.durable",
        "tracepro.findings",
        "tracepro.floor",
        "tracepro.metrics",
        "tracepro.patterns",
        "tracepro.reserved",
    ),
    ("tracepro.config",),
    ("tracepro.database",),
    ("tracepro.secret",),
    ("tracepro.access",),
    ("tracepro.calls",),
    ("tracepro.plugin",),
    ("tracepro.rpc",),
    (
        "tracepro.archive",
        "tracepro.site",
        "tracepro.layout",
        "tracepro.startup",
        "tracepro.plant_file",
        "tracepro.plant_schema",
        "tracepro.pages",
        "tracepro.measured",
        "tracepro.readiness",
        "tracepro.forms",
        "tracepro.forgotten",
    ),
    ("tracepro.backup", "tracepro.inspection"),
    ("tracepro.rest",),
    ("tracepro.http",),
    ("tracepro.app",),
    ("tracepro.server",),
    ("tracepro.cli",),
    ("tracepro.testing",),
)
TEMPLATE = ROOT / "tracepro" / "cli" / "template"
"""A plugin that ``tracepro new-plugin`` copies; it stands on the core, and is no part of it."""
LEVEL = {part: level for level, parts in enumerate(LAYERS) for part in parts}


def files_of(part):
    folder = {"tracepro_hookspecs": "hookspecs", "tracepro_schemas": "schemas"}.get(part, "")
    path = ROOT / folder / part.replace(".", "/")
    found = sorted(path.rglob("*.py")) if path.is_dir() else [path.with_suffix(".py")]
    return [file for file in found if TEMPLATE not in file.parents]


def part_of(module):
    """Tell which part of the core a module belongs to; None for other people's."""
    top, _, rest = module.partition(".")
    name = f"tracepro.{rest.partition('.')[0]}" if top == "tracepro" else top
    return name if top in ("tracepro", "tracepro_hookspecs", "tracepro_schemas") else None


def imports_in(tree):
    """Yield the modules that a tree imports, at its top, inside functions or for types only."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def arrows_up(part, text):
    """Yield the imports of a part's source that lead to a layer above its own."""
    for module in imports_in(ast.parse(text)):
        other = part_of(module)
        if other is not None and LEVEL[other] > LEVEL[part]:
            yield module


@pytest.mark.parametrize("part", LEVEL)
def test_a_part_imports_nothing_from_above(part):
    for file in files_of(part):
        for module in arrows_up(part, file.read_text("utf-8")):
            pytest.fail(
                f"{file.relative_to(ROOT)} imports {module}, which stands above {part}; hand it in as an argument, "
                "or move what both need below."
            )


def test_every_module_of_the_core_has_its_layer():
    found = {f"tracepro.{path.stem}" for path in (ROOT / "tracepro").glob("*.py")} - {"tracepro.__init__"}
    found |= {f"tracepro.{path.parent.name}" for path in (ROOT / "tracepro").glob("*/__init__.py")}
    assert found | {"tracepro_hookspecs", "tracepro_schemas"} == set(LEVEL)


@pytest.mark.parametrize(
    ("part", "text", "found"),
    [
        ("tracepro.plugin", "from tracepro.cli.main import main", ["tracepro.cli.main.main"]),
        ("tracepro.plugin", "def f():\n    import tracepro.http.edge", ["tracepro.http.edge"]),
        ("tracepro.plugin", "from tracepro import app", ["tracepro.app"]),
        ("tracepro.calls", "if TYPE_CHECKING:\n    from tracepro.site import Site", ["tracepro.site.Site"]),
        (
            "tracepro_hookspecs",
            "if typing.TYPE_CHECKING:\n    from tracepro.database import Model",
            ["tracepro.database.Model"],
        ),
        ("tracepro_hookspecs", "from tracepro.database import Model", ["tracepro.database.Model"]),
        (
            "tracepro.cli",
            "import pluggy\nfrom tracepro import app, cli\nfrom tracepro.plugin import relay",
            [],
        ),
    ],
)
def test_an_arrow_up_is_found_wherever_it_stands(part, text, found):
    assert list(arrows_up(part, text)) == found
