"""Two plants: one where logins count, one of workers with skills."""

import pytest
from tracepro_workers import api
from tracepro_workers.models import LogEntry
from tracepro_workplaces import api as workplaces_api

from tracepro_hookspecs.records import Step

PLUGINS = ("workplaces", "workers")
STEP = Step(10, 1)


@pytest.fixture
def plant_file():
    return {
        "acts": [{"id": 1, "name": "PRINT"}],
        "workplaces": [{"id": 100, "name": "printer", "acts": [1]}, {"id": 101, "name": "placer"}],
        "workers": [
            {"id": 32, "name": "J. Novak", "code": "JN32", "card": "04A1B2"},
            {"id": 33, "name": "M. Kovacs", "code": "MK33", "card": "4711"},
            {"id": 42, "name": "O. Fiala", "active": False},
        ],
    }


@pytest.fixture
def plant(make_plant, plant_file, database):
    options = {"workers": {"login_required": True}}
    return make_plant(plugins=PLUGINS, plant=plant_file, options=options, database=database)


@pytest.fixture
def make_skilled_plant(make_plant):
    """Makes plants of workers with skills; the arguments are options of the plugin."""
    plant_file = {
        "acts": [{"id": 1, "name": "PRINT"}, {"id": 2, "name": "PLACE"}],
        "workplaces": [
            {"id": 100, "name": "printer", "esd": True, "acts": [1]},
            {"id": 128, "name": "label", "acts": [1, 2]},
            {"id": 140, "name": "store"},
        ],
        "workers": [
            {"id": 31, "name": "Trainer", "skills": [{"act": 1, "level": "O"}]},
            {"id": 32, "name": "Worker", "skills": [{"act": 1, "level": "U", "valid_to": "2026-11-20"}]},
            {"id": 33, "name": "Learner", "skills": [{"act": 1, "level": "I"}]},
            {"id": 34, "name": "Guest"},
        ],
    }

    def make(site=None, **options):
        parameters = {"site": {"timezone": "Europe/Prague", **(site or {})}}
        return make_plant(
            plugins=PLUGINS, plant=plant_file, options={"workers": options}, parameters=parameters
        )

    return make


@pytest.fixture
def reasons_against():
    """Asks the interlock for (code, op) of what it has against workers at a workplace."""

    def ask(plant, worker_ids, wp_id=100, steps=(STEP,)):
        def work(call):
            workplace = workplaces_api.workplace(call, wp_id)
            return api.reasons_against(call, worker_ids, workplace, steps)[1]

        return [(reason.code, reason.op) for reason in plant.read(work)]

    return ask


@pytest.fixture
def is_logged_in(reasons_against):
    """Tells whether a worker is logged in at a workplace: the interlock has nothing against work there."""

    def ask(plant, worker_id=32, wp_id=100):
        return reasons_against(plant, [worker_id], wp_id, ()) == []

    return ask


@pytest.fixture
def log_of():
    """Reads worker, workplace and action of every row of the worker log."""
    query = LogEntry.select(LogEntry.worker_id, LogEntry.wp_id, LogEntry.action).order_by(LogEntry.id)
    return lambda plant: plant.read(lambda call: call.db.rows(query))
