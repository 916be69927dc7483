"""Every code of the plugin is made in one function, and every one that is made is declared."""

import ast
import json
from pathlib import Path

import tracepro_items

SOURCES = Path(tracepro_items.__file__).parent
MAKERS = {"_reason", "Reason", "NotFound", "Conflict"}
DECLARED_BY_ORDERS = ["step-in-use"]  # whose updateorder is refused with it


def codes_made(path):
    """The codes for which a module makes reasons or errors, as often as it does."""
    calls = [node for node in ast.walk(ast.parse(path.read_text("utf-8"))) if isinstance(node, ast.Call)]
    made = [call.args[0] for call in calls if getattr(call.func, "id", None) in MAKERS]
    return [code.value for code in made if isinstance(code, ast.Constant)]


def test_every_code_is_made_in_one_place_and_declared():
    declared = json.loads((SOURCES / "schemas" / "items.json").read_text("utf-8"))["x-codes"]
    assert sorted(codes_made(SOURCES / "reasons.py")) == sorted([*declared, *DECLARED_BY_ORDERS])
    elsewhere = {path.name: codes_made(path) for path in SOURCES.rglob("*.py") if path.name != "reasons.py"}
    assert {name: codes for name, codes in elsewhere.items() if codes} == {}
