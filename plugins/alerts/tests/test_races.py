"""An alert that several process at once is processed once; a shortage that several record at once is one alert."""

from functools import partial

import pytest

from tracepro.testing.races import LONG

pytestmark = pytest.mark.faults("a race")

TERMINALS = 4
PLUGINS = ("workplaces", "workers", "orders", "items", "material", "alerts")
PLANT = {
    "acts": [{"id": 1, "name": "PLACE"}],
    "workplaces": [{"id": 100, "name": "Placer", "acts": [1]}],
    "workers": [{"id": 32, "name": "J. Novak"}],
}


@pytest.fixture
def plant(make_plant, database):
    options = {"material": {"material_short": "record"}}
    return make_plant(PLUGINS, PLANT, options=options, database=database, queued=True)


@pytest.fixture
def in_all(at_once):
    """Return a function that makes the same call in every terminal at the same moment; it is given the terminal's number."""
    return lambda call: at_once(*(partial(call, terminal) for terminal in range(TERMINALS)))


@pytest.mark.parametrize("rounds", [25, LONG])
def test_of_several_who_process_an_alert_one_does(plant, in_all, rounds):
    for _ in range(rounds):
        alert = plant.call("mkalert", "m", "s", "t", None, 1)["id"]
        answers = in_all(lambda n, alert=alert: plant.call("processalert", alert, {"note": f"by {n}"}))
        done = [answer for answer in answers if isinstance(answer, dict)]
        assert len(done) == 1 and answers.count("alert-already-processed") == TERMINALS - 1
    assert plant.call("getalerts") == []


@pytest.mark.parametrize("rounds", [10, LONG])
def test_boards_that_are_short_at_once_raise_one_alert(plant, in_all, rounds):
    order = plant.call("makeorder", "VP-1", "PCB-A", 1, 1)["id"]
    plant.call("updateorder", order, {}, [{"op": 10, "act": 1, "flags": 2}])
    units = [plant.call("getitem", order, f"U{n}", 1)["id"] for n in range(TERMINALS)]
    plant.call("setwpbom", 100, [[1, "R-10K", 4]])
    for n in range(rounds):
        in_all(lambda n: plant.call("addop", units[n], 10, 1, 100, [32], mat_auto=True)["op_id"])
        (alert,) = plant.call("getalerts")
        assert (alert["id"], alert["params"]) == (n + 1, {"hole_no": 1, "mat_item": "R-10K"})
        plant.call("processalert", alert["id"], {"note": "Loaded."})


@pytest.mark.parametrize("rounds", [25, LONG])
def test_a_condition_raised_while_it_is_processed_leaves_one_open_or_none(plant, in_all, rounds):
    """Who raises it meanwhile finds the open one, or makes a new one; never two are open."""

    def raise_one(_=0):
        (alert_id,) = plant.write(lambda call: call.hooks.apply("tracepro_apply_alert", **condition))
        return alert_id

    condition = {
        "module": "m",
        "src": "s",
        "target": "t",
        "wp_id": 100,
        "severity": 1,
        "params": {},
        "info": "",
        "key": "k",
    }
    for _ in range(rounds):
        alert_id = raise_one()

        def act(n, alert_id=alert_id):
            return raise_one(n) if n else plant.call("processalert", alert_id, {"note": "x"})

        in_all(act)
        still_open = plant.call("getalerts")
        assert len(still_open) <= 1
        for alert in still_open:
            plant.call("processalert", alert["id"], {"note": "x"})
