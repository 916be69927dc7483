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


def joined(text: str) -> str:
    """Return a docstring's text on one line, with Markdown's marks of code."""
    return re.sub(r":\w+:`", "`", " ".join(text.split()).replace("``", "`"))
