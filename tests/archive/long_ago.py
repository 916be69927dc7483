"""A plant that produced for a while long ago, with something of everything that may be archived."""

from examples.generator.plant import Plant
from examples.generator.play import play
from examples.generator.production import Production
from tracepro.testing.clock import PlantClock
from tracepro_schemas import defs

PRODUCED, NOW = "2026-03-02T06:00:00Z", "2027-06-01T08:00:00Z"


def produce(make_plant):
    """Make a plant long after a small production: boards, panels and devices with lots, data, logs, alerts and a box."""
    production = Production(Plant(seed=5, lines=2), units=3, orders=3, fault=0.2, rework=0.3)
    plant = make_plant(plant=production.plant.file(), clock=PlantClock(PRODUCED))

    def make_call(method, params):
        plant.clock.micros = int(production.now.timestamp() * 1_000_000)
        return plant.call(method, **params)

    plant.saved = play(make_call, production.calls())
    plant.unit = plant.saved["unit0.0"]
    _add_what_it_does_not_make(plant)
    plant.clock.set(NOW)
    return plant


def _add_what_it_does_not_make(plant):
    operations = plant.call("getitemoperations", plant.unit["id"])
    rows = [
        [defs.DATA_TP_TEXT, "remark", "held up"],
        [defs.DATA_TP_NUMBER, "tries", 3],
        [defs.DATA_TP_LINK, "log", "https://example.org/1"],
        [defs.DATA_TP_SLOT, "mac", "00:11:22"],
    ]
    plant.call("addopdata", operations[-1]["id"], rows)
    plant.call("blockworkplace", 101, "dust")
    plant.call("unblockworkplace", 101)
    alerts = [plant.call("mkalert", "demo", "AOI", "quality", 104, 1) for _ in range(2)]
    plant.call("processalert", alerts[0]["id"], {"note": "cleaned"})
    plant.alerts = [alert["id"] for alert in alerts]
    plant.box = plant.call("makebox", "", 10, "B1")
    plant.call("addboxitem", plant.box["id"], plant.unit["id"])
