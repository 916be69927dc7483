"""The plant of a soak: the generator's lines, some for each crew, with tools, users and a line whose machines scan by themselves."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from examples.generator.plant import INSPECTION, PLACEMENT, PRINTING, Plant

CREWS, LINES_A_CREW = 3, 3
MACHINES = CREWS * LINES_A_CREW + 1
"""The number of the line whose machines scan by themselves."""
PRODUCT, TOOLS = "BRACKET", 3
"""What that line makes, and how many tools it does it with."""
PLANT = Plant(seed=1, lines=MACHINES)
USER = {"username": "chief", "password": "soaked-only-chief"}
INSERTS = "Insert APKT 1604"
WARMING = {"id": 9999, "name": "Warming", "erp_ref": "WP9999", "esd": False, "acts": [PRINTING]}
"""Where the operations are recorded that warm a server: on no line, for there nobody asks what was done lately."""
Sections = Mapping[str, Mapping[str, Any]]
PARAMETERS: Sections = {"site": {"timezone": "Europe/Prague"}, "groups": {"chiefs": "read write admin"}}


@dataclass(frozen=True)
class Bay(Plant):
    """The lines of one crew, which knows them as 1, 2, 3; ``first`` lies before them."""

    first: int = 0

    def workplace(self, line: int, act: int) -> int:
        """Return the id of the workplace for an act on a line of this crew."""
        return super().workplace(self.first + line, act)


def bays() -> Sequence[Bay]:
    """Return the lines of each crew."""
    return [Bay(seed=1 + crew, lines=LINES_A_CREW, first=crew * LINES_A_CREW) for crew in range(CREWS)]


def plant_file() -> dict[str, list[dict[str, Any]]]:
    """Return the plant file: the generator's, with what it leaves out."""
    generated = PLANT.file()
    return generated | {
        "workplaces": [*generated["workplaces"], WARMING],
        "ranged_counters": [{"name": "MAC", "first": 1, "last": 100_000_000}],
        "users": [{**USER, "fullname": "C. Chief", "groups": ["chiefs"]}],
        "inventory_items": [{"name": INSERTS, "part_number": "APKT-1604", "type": "insert", "corners": 2}],
        "inventory_points": [{"name": "Cabinet", "items": [{"item": INSERTS, "quantity": 1_000_000}]}],
        "processes": [_process(PLANT.workplace(MACHINES, act)) for act in (PRINTING, PLACEMENT, INSPECTION)],
    }


def _process(workplace: int) -> dict[str, Any]:
    tool = {"name": "Nozzle", "inventory_item": INSERTS, "part_life": 500, "part_count": 0}
    return {
        "name": f"Process {workplace}",
        "machine": workplace,
        "programs": [{"name": f"O{workplace}", "item": PRODUCT}],
        "assemblies": [{"name": "T01", "location": "magazine 1", "tools": [tool]}],
    }
