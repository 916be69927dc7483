"""Every link of every page leads to a file that is there, and to a heading in it."""

import re

import pytest
from repository_pages import PAGES, ROOT, prose_of

from tracepro.testing.makers import FIRST_PARTY


def anchors(page):
    """Return the anchors of a page's headings, as they are made for reading in a browser."""
    found = []
    for heading in re.findall(r"^#+ (.*)$", prose_of(page), flags=re.MULTILINE):
        anchor = re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-")
        found.append(f"{anchor}-{found.count(anchor)}" if anchor in found else anchor)
    return found


@pytest.mark.parametrize("page", PAGES)
def test_links_lead_somewhere(page):
    prose = re.sub(r"`[^`\n]*`", "", prose_of(page))
    for target, anchor in re.findall(r"\]\(([^)#:\s]*)(?:#([^)\s]*))?\)", prose):
        file = (ROOT / page).parent / target if target else ROOT / page
        assert file.exists(), f"{page} points to {target}"
        if anchor:
            known = anchors(file.resolve().relative_to(ROOT))
            assert anchor in known, f"{page} points to {target}#{anchor}"


@pytest.mark.parametrize("page", ["README.md", "docs/reference.md"])
def test_the_readme_of_each_plugin_is_linked(page):
    linked = set(re.findall(r"\]\([./]*plugins/(\w+)/README\.md\)", prose_of(page)))
    assert linked == set(FIRST_PARTY)
