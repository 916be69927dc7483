"""Writes what is made from the declarations: pages of docs/ and the schema of plant files; `make docs` runs it."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path

from pages import codes, constants, hooks, methods, plant, public, reference, settings

HERE = Path(__file__).parent
PAGES: dict[str, Callable[[], str]] = {
    "codes.md": codes.page,
    "constants.md": constants.page,
    "hooks.md": hooks.page,
    "methods.md": methods.page,
    "plant.md": plant.page,
    "public.md": public.page,
    "reference.md": reference.page,
    "settings.md": settings.page,
    "../schemas/tracepro_schemas/plant.json": plant.schema,
}


def text_of(name: str) -> str:
    """Return the whole text of a page."""
    return PAGES[name]().rstrip("\n") + "\n"


def main() -> int:
    """Write every page."""
    for name in PAGES:
        (HERE / name).write_text(text_of(name), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
