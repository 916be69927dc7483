"""What pages are put together from."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

MADE = "<!-- Made by docs/generate.py from the declarations; change those and run `make docs`. -->\n"


def table(head: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """Return a table, or nothing where there are no rows."""
    lines = [f"| {' | '.join(_cell(cell) for cell in row)} |" for row in rows]
    if not lines:
        return ""
    return "\n".join([f"| {' | '.join(head)} |", "|" + "---|" * len(head), *lines, ""])


def _cell(text: object) -> str:
    return joined(str(text)).replace("|", "\\|")


def linked(page: str, heading: str, text: str) -> str:
    """Return a link to a heading of a page."""
    return f"[{text}]({page}#{heading})"


def readme(plugin: str) -> str:
    """Return a link to a plugin's README."""
    return f"[{plugin}](../plugins/{plugin}/README.md)"


def joined(text: str) -> str:
    """Return a docstring's text on one line, with Markdown's marks of code."""
    return re.sub(r":\w+:`", "`", " ".join(text.split()).replace("``", "`"))
