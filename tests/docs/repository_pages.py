"""The pages of the repository as the tests of the docs read them."""

import re
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parents[2]
PAGES = sorted(
    str(path.relative_to(ROOT))
    for folder in ("", "docs", "plugins/*", "examples/*", "benchmarks")
    for path in ROOT.glob(f"{folder}/*.md" if folder else "*.md")
)
"""Every page, by its path."""
NAMING = [page for page in PAGES if page not in ("CHANGELOG.md", "benchmarks/results.md", "docs/public.md")]
"""Those that tell what is there today; docs/public.md has the names of Python, which it is made from."""
FENCED = re.compile(r"^ *```(\w*)\n(.*?)^ *```", flags=re.DOTALL | re.MULTILINE)


@cache
def text_of(page):
    """Return the text of a page."""
    return (ROOT / page).read_text("utf-8")


@cache
def prose_of(page):
    """Return the text of a page without what stands in blocks of code."""
    return FENCED.sub("", text_of(page))


def blocks_of(page, *languages):
    """Return the blocks of code in a language, or without one."""
    return [code for language, code in FENCED.findall(text_of(page)) if language in languages]


def quoted_in(page):
    """Return what stands as code in the sentences of a page."""
    return set(re.findall(r"`([^`\n]+)`", prose_of(page)))
