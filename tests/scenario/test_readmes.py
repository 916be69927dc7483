"""The calls that the plugins' READMEs show work on the demo plant, a fresh one for each README, in the order shown."""

import json
import re
import shlex

import pyotp
import pytest

from .conftest import ROOT

READMES = sorted(
    path for path in (ROOT / "plugins").glob("*/README.md") if "curl " in path.read_text("utf-8")
)
FENCED = re.compile(r"^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
SECRET = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"


def commands(readme):
    """Return the blocks of a README that are for the shell."""
    blocks = FENCED.findall(readme.read_text("utf-8"))
    return [block for kind, block in blocks if kind in ("", "sh")]


def shown(readme):
    """Yield the bodies that a README sends, with the variables of the shell as they stand there."""
    for block in commands(readme):
        words = shlex.split(block, comments=True)
        for before, word in zip(["", *words], words, strict=False):
            if before == "rpc":
                yield '{"jsonrpc":"2.0","id":1,' + word + "}"
            elif word.startswith('{"jsonrpc"') and "$1" not in word:
                yield word.removesuffix(")")


def learned(answer):
    """Return what the README's shell keeps of an answer, by the name of its variable."""
    result = answer["result"]
    if not isinstance(result, dict):
        return {}
    kept = {"path": result.get("PI10"), "CODE": result.get("code")}
    if "rows" in result:
        kept["ids"] = json.dumps([row["id"] for row in result["rows"]])
    return {name: value for name, value in kept.items() if value}


@pytest.mark.parametrize("readme", READMES, ids=lambda path: path.parent.name)
def test_the_calls_of_a_readme_work_in_that_order(demo_plant, readme):
    values = {"DIGITS": pyotp.TOTP(SECRET).at(demo_plant.clock() // 1_000_000)}
    bodies = list(shown(readme))
    assert len(bodies) == sum(block.count('"method"') for block in commands(readme))
    for body in bodies:
        for name, value in values.items():
            body = body.replace(f"${name}", value)
        answer = json.loads(demo_plant.request(body.encode()))
        assert "result" in answer, (body, answer)
        assert not isinstance(answer["result"], dict) or answer["result"].get("ok", True), (body, answer)
        values |= learned(answer)
