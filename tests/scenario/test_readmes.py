"""The calls that the plugins' READMEs show work on the demo plant, a fresh one for each README, in the order shown.

An answer that stands in comments behind a command is what the command prints.
"""

import json
import re
import shlex

import pyotp
import pytest

from tests.demo import ROOT

from .curls import ADDRESS, curl_of, differences, printed, shown_answer

READMES = sorted(
    path for path in (ROOT / "plugins").glob("*/README.md") if "curl " in path.read_text("utf-8")
)
FENCED = re.compile(r"^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
SECRET = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"
PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108000000003a7e9b550000000a494441"
    "54789c636000000002000148afa4710000000049454e44ae426082"
)
AT_HAND = {"edge.png": PNG}
"""The files that a reader has."""


def commands(readme):
    """Return the blocks of a README that are for the shell, cut before each line that begins with curl."""
    blocks = [block for kind, block in FENCED.findall(readme.read_text("utf-8")) if kind in ("", "sh")]
    return [command for block in blocks for command in re.split(r"^(?=curl )", block, flags=re.MULTILINE)]


def words(command):
    """Return the words of a command as the shell reads them."""
    return shlex.split(command.replace("\\\n", " "), comments=True)


def bodies(command):
    """Yield the JSON-RPC calls that a command sends, with the variables of the shell as they stand there."""
    found = words(command)
    for before, word in zip(["", *found], found, strict=False):
        if before == "rpc":
            yield '{"jsonrpc":"2.0","id":1,' + word + "}"
        elif word.startswith('{"jsonrpc"') and "$1" not in word:
            yield word.removesuffix(")")


def written(command):
    """Return the files that a command writes with printf, by name."""
    found = words(command)
    texts = (found[n + 1 : n + 4] for n, word in enumerate(found) if word == "printf")
    return {
        name: text.encode().decode("unicode_escape").encode()
        for text, _, name in texts
        if name.endswith(".csv")
    }


def is_rest(command):
    """Tell whether a command asks the REST API."""
    address = ADDRESS.search(command)
    return address is not None and re.match(r"api/\w", command[address.end() :]) is not None


def learned(answer):
    """Return what the README's shell keeps of an answer, by the name of its variable."""
    result = answer.get("result")
    if not isinstance(result, dict):
        return {}
    kept = {"path": result.get("PI10"), "CODE": result.get("code")}
    if "rows" in result:
        kept["ids"] = json.dumps([row["id"] for row in result["rows"]])
    return {name: value for name, value in kept.items() if value}


def must_work(body, answer):
    """Raise AssertionError for the answer to a call that didn't do what was asked."""
    assert "result" in answer, (body, answer)
    assert not isinstance(answer["result"], dict) or answer["result"].get("ok", True), (body, answer)


@pytest.mark.parametrize("readme", READMES, ids=lambda path: path.parent.name)
def test_the_calls_of_a_readme_work_in_that_order_and_answer_what_is_shown(demo_plant, send, readme):
    values = {"DIGITS": pyotp.TOTP(SECRET).at(demo_plant.clock() // 1_000_000)}
    files, asked = dict(AT_HAND), 0
    for command in commands(readme):
        shown = shown_answer(command)
        files |= written(command)
        if is_rest(command):
            curl = curl_of(words(command)[1:], files)
            answer = send(curl)
            assert shown is not None or answer.status < 300, (command, answer)
            assert shown is None or differences(shown, printed(curl, answer)) == [], command
            asked += 1
            continue
        for body in bodies(command):
            for name, value in values.items():
                body = body.replace(f"${name}", value)
            answer = json.loads(demo_plant.request(body.encode()))
            if shown is None:
                must_work(body, answer)
            else:
                assert differences(shown, json.dumps(answer)) == [], command
            values |= learned(answer)
            asked += 1
    text = "".join(commands(readme))
    assert asked == text.count('"method"') + len(re.findall(ADDRESS.pattern + r"api/\w", text))


def test_what_is_shown_otherwise_than_it_is_is_found():
    answer = '{"id": 3, "tools": [{"name": "T1", "life": 4}]}'
    assert differences('{"id": 3, "tools": [{"name": "T1", …}]}', answer) == []
    assert differences('{"id": 3, "tools": [{"name": "T1"}]}', answer) == [
        (".tools[0].life", "(not there)", 4)
    ]
    assert differences('{"id": 4, …}', answer) == [(".id", 4, 3)]
    assert differences('{"tools": [], …}', answer) != [] and differences("204", answer) != []
