"""Every link of every page leads to a file that is there, and to a heading in it."""

import re
from functools import cache

import pytest
from repository_pages import PAGES, ROOT, prose_of

from tracepro.testing.makers import FIRST_PARTY


@cache
def anchors(page):
    """Return the anchors of a page's headings, as they are made for reading in a browser."""
    found = []
    for heading in re.findall(r"^#+ (.*)$", prose_of(page), flags=re.MULTILINE):
        anchor = re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-")
        found.append(f"{anchor}-{found.count(anchor)}" if anchor in found else anchor)
    return found


def links(page):
    """Return the links of a page to others and to its own headings, each a path and the anchor of a heading."""
    prose = re.sub(r"`[^`\n]*`", "", prose_of(page))
    return set(re.findall(r"\]\(([^)#:\s]*)(?:#([^)\s]*))?\)", prose))


def leads_somewhere(page, target, anchor):
    """Tell whether there is a file, and the heading in it where one is named."""
    file = ((ROOT / page).parent / target).resolve() if target else ROOT / page
    return file.exists() and (not anchor or anchor in anchors(str(file.relative_to(ROOT))))


def test_links_lead_somewhere():
    every = [(page, *link) for page in PAGES for link in links(page)]
    assert len(every) > 150
    assert [link for link in every if not leads_somewhere(*link)] == []


@pytest.mark.parametrize("page", ["README.md", "docs/reference.md"])
def test_the_readme_of_each_plugin_is_linked(page):
    linked = set(re.findall(r"\]\([./]*plugins/(\w+)/README\.md\)", prose_of(page)))
    assert linked == set(FIRST_PARTY)
