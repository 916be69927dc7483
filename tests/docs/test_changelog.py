"""The changelog: each version has each heading once, and says nothing twice."""

import re
from pathlib import Path

CHANGELOG = (Path(__file__).parents[2] / "CHANGELOG.md").read_text("utf-8")


def test_a_version_has_one_list_for_each_kind_of_change_and_each_entry_once():
    for version in re.split(r"^## ", CHANGELOG, flags=re.MULTILINE)[1:]:
        headings = re.findall(r"^### (.*)$", version, flags=re.MULTILINE)
        assert len(headings) == len(set(headings)), headings
        entries = re.findall(r"^- .*(?:\n  .*)*", version, flags=re.MULTILINE)
        twice = {entry for entry in entries if entries.count(entry) > 1}
        assert entries and not twice
