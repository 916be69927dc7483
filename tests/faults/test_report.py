"""What ``make faults`` runs and tells: every test that provokes a race or a fault, what it tried, and how to try that again."""

import re
from pathlib import Path
from types import SimpleNamespace

from tracepro.testing import faults

ROOT = Path(__file__).parents[2]
PROVOKED = re.compile(
    r"\bat_once\(|SIGKILL|SIGSTOP|\b\w+Proxy\(|\b(?:server|servers\[\d\])\.kill\(\)|def \w+\([^)]*\bat_once\b"
)
FILES = [*ROOT.glob("tests/**/test_*.py"), *ROOT.glob("plugins/*/tests/test_*.py")]
OTHERS = {
    "tests/http/test_turns.py",  # says at_once of turns
    "tests/security/test_files.py",  # ends its server so, after the test
}


OF_TOOLS = {"test_report.py", "test_judging.py"}
"""Tests of what the others are made with."""


def test_every_file_that_provokes_a_race_or_a_fault_has_the_mark():
    provoking = {str(file.relative_to(ROOT)) for file in FILES if PROVOKED.search(file.read_text("utf-8"))}
    marked = {str(file.relative_to(ROOT)) for file in FILES if "mark.faults(" in file.read_text("utf-8")}
    assert len(marked) > 25
    assert provoking - marked == OTHERS


def test_every_test_of_this_room_has_the_mark():
    mark = re.compile(r"^pytestmark = \[?\s*pytest\.mark\.faults\(", re.MULTILINE)
    room = Path(__file__).parent.glob("test_*.py")
    unmarked = {file.name for file in room if not mark.search(file.read_text("utf-8"))}
    assert unmarked <= OF_TOOLS


def report(name, outcome, **told):
    properties = [("faults", {"fault": "kills", "database": "sqlite", **told})]
    return SimpleNamespace(
        nodeid=name, outcome=outcome, duration=1.25, when="call", user_properties=properties
    )


def shown(*reports, file):
    told = []
    terminal = SimpleNamespace(
        stats={
            "passed": [one for one in reports if one.outcome == "passed"],
            "failed": [one for one in reports if one.outcome == "failed"],
        },
        section=told.append,
        write_line=told.append,
    )
    options = {"--faults-seed": 7, "--faults-report": file}
    faults.pytest_terminal_summary(terminal, SimpleNamespace(getoption=options.get))
    return "\n".join(told)


def test_the_report_lists_what_was_tried_with_seeds_and_sums(tmp_path):
    one = report("test_a", "passed", seed=7)
    one.user_properties.append(("tried", {"kills_of_a_worker": 3}))
    two = report("test_b", "failed", seed="-", rounds=25)
    file = tmp_path / "faults.md"
    text = shown(one, two, file=str(file))
    rows = [[word.strip() for word in line.split("|")[1:-1]] for line in text.splitlines() if "test_" in line]
    assert rows == [
        ["kills", "sqlite", "3 kills of a worker", "7", "passed", "1.2", "test_a"],
        ["kills", "sqlite", "25 rounds", "-", "FAILED", "1.2", "test_b"],
    ]
    assert "2 tests, 1 failed; in all 3 kills of a worker, 25 rounds." in text
    assert "--faults-seed 7" in text
    assert file.read_text("utf-8").strip() in text


def test_without_a_report_only_failures_are_listed_with_their_seed():
    good, bad = report("test_a", "passed", seed=7), report("test_b", "failed", seed=7)
    assert shown(good, file=None) == ""
    assert "test_a" not in shown(good, bad, file=None) and "test_b" in shown(good, bad, file=None)


def test_a_seed_is_the_one_that_was_named(request, seed):
    assert seed == request.config.getoption("--faults-seed")
