"""Terminals that do the same at once: one winner, right sums, on both databases."""

from functools import partial

import pyotp
import pytest

from tracepro.testing.races import LONG, refusals

pytestmark = pytest.mark.faults("a race")

TERMINALS = 4
FLAG_CALLS = ("setitemrtflags", "setitemrtflags", "clearitemrtflags", "clearitemrtflags")
PLANT = {
    "acts": [{"id": 1, "name": "AOI", "desc": ""}],
    "workplaces": [
        {"id": 100 + n, "name": f"AOI {n}", "erp_ref": f"WP{n}", "esd": False, "acts": [1]}
        for n in range(TERMINALS)
    ],
    "workers": [
        {
            "id": 32,
            "name": "J. Novak",
            "code": "JN32",
            "active": True,
            "totp_secret": "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ",
        }
    ],
}


@pytest.fixture
def plant(make_plant, database):
    plugins = ("workplaces", "workers", "orders", "items")
    return make_plant(plugins=plugins, plant=PLANT, database=database, queued=True)


@pytest.fixture
def in_all(at_once):
    """Return a function that makes the same call in every terminal at the same moment; it is given the terminal's number."""
    return lambda call: at_once(*(partial(call, terminal) for terminal in range(TERMINALS)))


def _order(plant, erp_ref, amount=0, flags=0):
    order = plant.call("makeorder", erp_ref, f"PCB-{erp_ref}", 1, 1, amount)
    plant.call("updateorder", order["id"], {}, [{"op": 10, "act": 1, "name": "AOI", "flags": flags}])
    return order["id"]


@pytest.mark.parametrize("rounds", [25, LONG])
def test_of_two_terminals_with_one_unit_and_step_one_records_it(plant, in_all, rounds):
    order = _order(plant, "VP-1")
    for n in range(rounds):
        unit = plant.call("getitem", order, f"U{n}", 1)["id"]
        answers = in_all(lambda terminal, unit=unit: plant.call("addop", unit, 10, 1, 100 + terminal, [32]))
        assert refusals(answers) == ["op-already-done"] * (TERMINALS - 1)
    assert plant.call("getordercounts", order) == [{"op": 10, "act": 1, "good": rounds, "bad": 0}]


@pytest.mark.parametrize("rounds", [25, LONG])
def test_one_new_barcode_scanned_everywhere_at_once_is_one_unit(plant, in_all, rounds):
    order = _order(plant, "VP-2")
    for n in range(rounds):
        answers = in_all(lambda terminal, n=n: plant.call("getitem", order, f"U{n}", 1))
        assert len({answer["id"] for answer in answers}) == 1
    assert plant.call("getorderitemcounts", order) == {"1": {"good": rounds, "bad": 0}}


@pytest.mark.parametrize("rounds", [10, LONG])
def test_an_order_never_gets_more_units_than_its_amount(plant, in_all, rounds):
    for n in range(rounds):
        order = _order(plant, f"VP-3-{n}", amount=TERMINALS - 1)
        answers = in_all(lambda terminal, order=order: plant.call("getitem", order, f"U{terminal}", 1))
        assert refusals(answers) == ["order-amount-reached"]
        assert plant.call("getorderitemcounts", order) == {"1": {"good": TERMINALS - 1, "bad": 0}}


@pytest.mark.parametrize("rounds", [25, LONG])
def test_flags_set_and_cleared_at_once_all_count(plant, in_all, rounds):
    unit = plant.call("getitem", _order(plant, "VP-4"), "U", 1)["id"]
    for _ in range(rounds):
        plant.call("clearitemrtflags", unit, 100, [32], 0b1111)
        plant.call("setitemrtflags", unit, 100, [32], 0b1100)
        in_all(lambda n: plant.call(FLAG_CALLS[n], unit, 100 + n, [32], 1 << n))
        assert plant.call("getitembybarcode", "U")[0]["rt_flags"] == 0b0011


@pytest.mark.parametrize("rounds", [10, LONG])
def test_non_charged_work_never_exceeds_the_amount(plant, in_all, rounds):
    for n in range(rounds):
        order = _order(plant, f"VP-5-{n}", amount=10 * (TERMINALS - 1) + 5)
        answers = in_all(lambda n, order=order: plant.call("addncops", order, [[10, 1]], 10, 100 + n, [32]))
        assert refusals(answers) == ["order-amount-reached"]
        assert plant.call("getordercounts", order)[0]["good"] == 10 * (TERMINALS - 1)


@pytest.mark.parametrize("rounds", [10, LONG])
def test_one_component_is_built_into_one_unit_only(plant, in_all, rounds):
    order = _order(plant, "VP-6")
    for n in range(rounds):
        part = plant.call("getitem", order, f"P{n}", 1)["id"]
        units = [plant.call("getitem", order, f"U{n}-{terminal}", 1)["id"] for terminal in range(TERMINALS)]
        rows = [[11, "X1", f"P{n}"]]
        answers = in_all(
            lambda t, units=units, rows=rows: plant.call("addop", units[t], 10, 1, 100 + t, [32], data=rows)
        )
        assert refusals(answers) == ["component-in-use"] * (TERMINALS - 1)
        assert len([rel for rel in plant.call("getitemrel", part) if rel["rel"] == "parent"]) == 1


@pytest.mark.parametrize("rounds", [10, LONG])
def test_of_units_that_would_all_be_first_one_is(plant, in_all, rounds):
    steps = [{"op": 10, "act": 1, "flags": 16, "params": {"first_piece_act": 1}}]
    for n in range(rounds):
        order = _order(plant, f"VP-8-{n}")
        plant.call("updateorder", order, {}, steps)
        units = [plant.call("getitem", order, f"F{n}-{terminal}", 1)["id"] for terminal in range(TERMINALS)]
        answers = in_all(lambda t, units=units: plant.call("addop", units[t], 10, 1, 100, [32]))
        assert refusals(answers) == ["first-piece-missing"] * (TERMINALS - 1)


@pytest.mark.parametrize("rounds", [10, LONG])
def test_a_booking_is_cancelled_once_and_never_under_a_later_one(plant, in_all, rounds):
    order = plant.call("makeorder", "VP-7", "PCB-7", 1, 1)["id"]
    plant.call("updateorder", order, {}, [{"op": 10, "act": 1}, {"op": 20, "act": 1}])
    done = {10: 0, 20: 0}
    for n in range(rounds):
        unit = plant.call("getitem", order, f"U{n}", 1)["id"]
        first = plant.call("addop", unit, 10, 1, 100, [32])["op_id"]

        def go(terminal, unit=unit, first=first):
            if terminal:
                return plant.call("cancelop", first, 100 + terminal, [32], "wrong unit")
            return plant.call("addop", unit, 20, 1, 100, [32])

        went_on, *cancelled = in_all(go)
        assert refusals(cancelled) == ["op-not-latest"] * (TERMINALS - 1 - (went_on == "previous-op-missing"))
        if went_on != "previous-op-missing":
            done = {op: count + 1 for op, count in done.items()}
        counts = plant.call("getordercounts", order)
        assert [(row["good"], row["bad"]) for row in counts] == [(done[10], 0), (done[20], 0)]


@pytest.mark.parametrize("rounds", [10, LONG])
def test_new_units_and_scraps_that_are_taken_back_never_exceed_the_amount(plant, in_all, rounds):
    for n in range(rounds):
        order = _order(plant, f"VP-B{n}", amount=2)
        scrapped = [plant.call("getitem", order, f"S{unit}", 1)["id"] for unit in range(2)]
        for unit in scrapped:
            plant.call("setitemscrap", unit, 100, [32])
        plant.call("getitem", order, "U", 1)

        def fill(terminal, order=order, scrapped=scrapped):
            if terminal < 2:
                return plant.call("setitembad", scrapped[terminal], 100, [32], 0)
            return plant.call("getitem", order, f"N{terminal}", 1)

        assert refusals(in_all(fill)) == ["order-amount-reached"] * (TERMINALS - 1)
        assert plant.call("getorderitemcounts", order)["1"]["good"] == 2


@pytest.mark.parametrize("rounds", [10, LONG])
def test_bad_components_are_counted_right_while_what_holds_them_is_moved(plant, in_all, rounds):
    order = _order(plant, "VP-C", flags=2)
    top, mid, low, other = (plant.call("getitem", order, code, 1)["id"] for code in ("T", "M", "L", "O"))

    def record(unit, *rows):
        return plant.call("addop", item_id=unit, op=10, act=1, wp_id=100, workers=[32], data=rows)

    def bad_hosts():
        answers = {unit: plant.call("canaddop", unit, [[10, 1]], 100, [32]) for unit in (top, mid)}
        return [unit for unit, answer in answers.items() if not answer["ok"]]

    record(mid, [11, "L", "L"], [11, "O", "O"])
    record(top, [11, "M", "M"])
    for _ in range(rounds):
        scrapped = in_all(
            lambda terminal: (
                plant.call("setitemscrap", (low, other)[terminal], 100, [32])
                if terminal < 2
                else record(top, [12, "M", "M"])
                if terminal == 2
                else None
            )
        )
        assert refusals(scrapped) == [] and bad_hosts() == [mid]
        taken_back = in_all(
            lambda terminal: (
                plant.call("setitembad", (low, other)[terminal], 100, [32], 0)
                if terminal < 2
                else record(top, [11, "M", "M"])
                if terminal == 2
                else None
            )
        )
        assert refusals(taken_back) == [] and bad_hosts() == []


@pytest.mark.parametrize("rounds", [10, LONG])
def test_a_code_logs_in_once_whoever_sends_it_at_the_same_moment(make_plant, database, in_all, rounds):
    plant = make_plant(("workplaces", "workers"), PLANT, database=database, queued=True)
    app = pyotp.TOTP(PLANT["workers"][0]["totp_secret"])
    for _ in range(rounds):
        plant.clock.advance(minutes=6)
        codes = [plant.call("issueotp", 32)["code"], f"32:{app.at(plant.clock() // 1_000_000)}"]
        for code in codes:
            answers = in_all(lambda terminal, code=code: plant.call("loginwp", code, 100 + terminal))
            assert refusals(answers) == ["worker-not-found"] * (TERMINALS - 1)


@pytest.mark.parametrize("rounds", [10, LONG])
def test_a_worker_who_logs_in_everywhere_at_once_is_at_one_workplace(make_plant, database, in_all, rounds):
    options = {"workers": {"login_required": True}}
    plugins = ("workplaces", "workers", "orders", "items")
    plant = make_plant(plugins, PLANT, options=options, database=database, queued=True)
    order = _order(plant, "VP-9")
    for _ in range(rounds):
        assert refusals(in_all(lambda n: plant.call("loginwp", 32, 100 + n))) == []
        asked = [plant.call("checkproc", order, [[10, 1]], 100 + n, [32])["ok"] for n in range(TERMINALS)]
        assert sorted(asked) == [False] * (TERMINALS - 1) + [True]
