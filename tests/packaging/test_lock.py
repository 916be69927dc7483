"""What a plant installs of others is locked, file by file, and is what the tests were run with."""

import re
import runpy
from importlib.metadata import requires, version

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tests.packaging.test_layers import ROOT

THIRD_PARTY = runpy.run_path(str(ROOT / ".ci" / "third_party.py"))["requirements"]


def locked():
    """Return version and number of hashes of each package of the lock file."""
    found = {}
    for block in re.split(r"\n(?=\S)", (ROOT / "requirements.lock").read_text("utf-8")):
        name, rest = block.split("==", 1)
        found[canonicalize_name(name)] = (
            rest.split()[0],
            len(re.findall(r"--hash=sha256:[0-9a-f]{64}\b", block)),
        )
    return found


def needed(requirements):
    """Yield the names of everything that requirements need on this machine, their extras included."""
    waiting, seen = [(Requirement(text), None) for text in requirements], set()
    while waiting:
        requirement, extra = waiting.pop()
        if requirement.marker and not requirement.marker.evaluate({"extra": extra or ""}):
            continue
        for wanted in (None, *requirement.extras):
            if (requirement.name, wanted) not in seen:
                seen.add((requirement.name, wanted))
                waiting += [(Requirement(text), wanted) for text in requires(requirement.name) or ()]
    return {canonicalize_name(name) for name, _ in seen}


def test_everything_a_plant_needs_of_others_is_locked_with_hashes_and_was_tested():
    lock = locked()
    for name in needed(THIRD_PARTY()):
        assert name in lock, f"{name} isn't in requirements.lock; run make lock."
        locked_version, hashes = lock[name]
        assert locked_version == version(name), f"{name} was tested with another version; run make lock."
        assert hashes, f"{name} has no hash in requirements.lock; run make lock."


def test_what_is_declared_is_found_and_our_own_packages_are_left_out():
    declared = {Requirement(text).name for text in THIRD_PARTY()}
    assert {"falcon", "peewee", "psycopg", "biip"} <= declared
    assert not {name for name in declared if name.startswith("tracepro")}
