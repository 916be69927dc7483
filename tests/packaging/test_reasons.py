"""Every code of a plugin is made in one function of its ``reasons.py``, and every one that is made is declared."""

import ast
import json
from pathlib import Path

import pytest

PLUGINS = Path(__file__).parents[2] / "plugins"
FOLDERS = [folder / f"tracepro_{folder.name}" for folder in sorted(PLUGINS.iterdir())]
MAKERS = {"Reason", "NotFound", "Conflict", "Forbidden", "TryAgain"}
MADE_FOR = {
    "items": {"orders": "step-in-use"},
    "alerts": {"core": "plugin-failed"},
    "tooling": {"core": "scope-missing"},
}
"""Codes of another plugin, whose hook asks for it, or of the core."""


def calls_in(path):
    return [node for node in ast.walk(ast.parse(path.read_text("utf-8"))) if isinstance(node, ast.Call)]


def codes_made(path, makers=frozenset(MAKERS)):
    """Return the codes for which a module makes reasons or errors, as often as it does."""
    made = [call.args[0] for call in calls_in(path) if getattr(call.func, "id", None) in makers]
    made += [word.value for call in calls_in(path) for word in call.keywords if _is_code(call, word)]
    return [code.value for code in made if isinstance(code, ast.Constant)]


def _is_code(call, word):
    """Tell whether a word of a call is the code of a problem that only REST has."""
    return getattr(call.func, "id", None) == "HttpProblem" and word.arg == "type"


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)
def test_every_code_is_made_in_one_place_and_declared(folder):
    plugin = folder.name.removeprefix("tracepro_")
    fragment = json.loads((folder / "schemas" / f"{plugin}.json").read_text("utf-8"))
    made_elsewhere = {codes[plugin] for codes in MADE_FOR.values() if plugin in codes}
    wanted = fragment.get("x-codes", {}).keys() - made_elsewhere | set(MADE_FOR.get(plugin, {}).values())
    reasons = folder / "reasons.py"
    made = codes_made(reasons, MAKERS | {"_reason"}) if reasons.exists() else []
    assert sorted(made) == sorted(wanted)
    elsewhere = {path.name: codes_made(path) for path in folder.rglob("*.py") if path != reasons}
    assert {name: codes for name, codes in elsewhere.items() if codes} == {}


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)
def test_every_reason_names_its_plugin(folder):
    plugin = folder.name.removeprefix("tracepro_")
    made = [
        call
        for path in folder.rglob("*.py")
        for call in calls_in(path)
        if getattr(call.func, "id", None) == "Reason"
    ]
    named = [[word.value.value for word in call.keywords if word.arg == "plugin"] for call in made]
    assert named == [[plugin]] * len(made)
