"""The plugins that run, as the process that answers knows them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from tracepro import pages
from tracepro.inspection.site import site_of
from tracepro_hookspecs import Call


class RunningPlugin(NamedTuple):
    """A plugin: ``lines`` tells for each line with a set of its own whether it is on there, ``failures`` what went wrong by hook.

    ``state`` is running, failing or out of service; ``outage`` is the sentence about the latter, "" without one.
    """

    name: str
    version: str
    lines: Mapping[str, bool]
    state: str
    failures: Mapping[str, Mapping[str, object]]
    outage: str


def known_lines(call: Call) -> list[str]:
    """Return the names of the plant's lines, none where no plugin knows lines."""
    names: list[str] | None = call.hooks.decide("tracepro_line_names")
    return names or []


def running_plugins(call: Call) -> list[RunningPlugin]:
    """Return the enabled plugins in the order they are asked, as ``GET /plugins`` tells of them."""
    return [
        RunningPlugin(
            told["name"],
            told["version"],
            {line: on for line, on in told["lines"].items() if line != "site"},
            told["state"],
            told["failures"],
            told.get("out_of_service", {}).get("info", ""),
        )
        for told in pages.plugins(site_of(call))["plugins"]
    ]
