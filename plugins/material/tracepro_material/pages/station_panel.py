"""What the page of a station shows of material: for how many units each feeder lasts, those that run out soon first."""

from __future__ import annotations

from typing import Any

from tracepro_hookspecs import Call
from tracepro_hookspecs.records import Workplace
from tracepro_material import feeders
from tracepro_material.feeders import Feeder
from tracepro_material.pages.holes import path_of

MOST = 30


def panels(call: Call, workplace: Workplace) -> dict[str, dict[str, Any]]:
    """Return the panel of what is loaded at a workplace; none where nothing ever is."""
    found = feeders.read(call, workplace.id)
    if not found:
        return {}
    shown = {
        "title": "Material",
        "template": "material/station.html",
        "path": path_of(workplace.id),
        "feeders": [_shown(feeder) for feeder in found[:MOST]],
        "more": max(0, len(found) - MOST),
    }
    return {"material": shown}


def _shown(feeder: Feeder) -> dict[str, Any]:
    articles = [reel.mat_item for reel in feeder.reels] or feeder.articles
    return {
        "hole_no": feeder.hole_no,
        "mat_item": " / ".join(dict.fromkeys(articles)),
        "lots": [reel.mat_lot for reel in feeder.reels],
        "units": feeder.units,
        "soon": feeder.runs_out_soon,
        "wrong": bool(feeder.wrong),
    }
