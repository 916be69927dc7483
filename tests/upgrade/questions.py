"""What a plant is asked when it is kept and again when it was brought along: units, counts, stock, genealogy, people, tools."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

QUESTIONS: tuple[tuple[str, list[Any]], ...] = (
    *(
        (method, [number])
        for number in range(1, 14)
        for method in ("getitemdetails", "getitemslots", "tracetree")
    ),
    *(
        (method, [order])
        for order in (1, 2)
        for method in ("getorder", "getordercounts", "getorderitemcounts", "getorderitems")
    ),
    *(("getitembybarcode", [code]) for code in ("C7-1", "C7-2", "C7-4", "PART-1", "P24-1", "KEYED-1")),
    ("getitembyitem", ["CTRL-7", "C7-2"]),
    ("findorder", ["VP-2"]),
    ("queryorder", ["", [1]]),
    ("getworkplace", [101]),
    ("getwpblock", [[100, 101]]),
    ("getwpbom", [100]),
    ("getwpmat", [100]),
    ("getwplog", [100, 100_000_000]),
    ("getworkerbycard", ["04A1B1"]),
    ("login", [32]),
    ("whereused", ["R-10K", "LOT-1"]),
    ("whereused", ["R-10K", "LOT-2"]),
    *(("getbox", [box]) for box in (1, 2)),
    ("getboxbyitem", [2]),
    ("getalerts", []),
    ("getuserdata", ["layout", "station"]),
    ("linegetinfo", ["L2"]),
    ("findlinedata", [100, "recipe", "zone 3"]),
    ("getlsline", ["L2"]),
    ("getcartsfororder", [1, 10]),
    ("erpqueue", [0, 100]),
    ("getreportedwork", [31]),
    ("userauth", ["planner", "of-a-fixture-only"]),
)
PATHS = (
    "/api/tools/",
    "/api/tools/1/replacements",
    "/api/tools/1/life_records",
    "/api/inventory/",
    "/api/inventory/items/",
)


def answers(plant: Any, asked: Any = ()) -> list[list[Any]]:
    """Return what the plant answers to all questions, or to those asked before: method, parameters, and result or code."""
    paths = PATHS if "tooling" in [plugin.name for plugin in plant.site.plugins] else ()
    questions = [(method, args) for method, args, _ in asked] or [
        *QUESTIONS,
        *(("GET", [path]) for path in paths),
    ]
    return [
        [method, args, _answer(plant, method, args)] for method, args in questions if _knows(plant, method)
    ]


def _knows(plant: Any, method: str) -> bool:
    return method == "GET" or method in plant.site.methods


def _answer(plant: Any, method: str, args: list[Any]) -> Any:
    if method == "GET":
        return plant.rest("GET", *args).json
    answer = plant.answer(method, *args)
    return answer["result"] if "result" in answer else {"error": answer["error"]["code"]}


def differences(was: Any, now: Any, place: str) -> Iterator[tuple[str, tuple[Any, Any]]]:
    """Yield where an answer is not as it was; members may come, and codes have lost what a scanner had put around them."""
    from tracepro.codes import trim  # which the oldest kept state hasn't

    if isinstance(was, dict) and isinstance(now, dict):
        for key, value in was.items():
            yield from differences(value, now.get(key, now.get(trim(key))), f"{place}.{key}")
    elif isinstance(was, list) and isinstance(now, list) and len(was) == len(now):
        for index, (one, other) in enumerate(zip(was, now, strict=True)):
            yield from differences(one, other, f"{place}[{index}]")
    elif was != now and not (isinstance(was, str) and trim(was) == now):
        yield place, (was, now)
