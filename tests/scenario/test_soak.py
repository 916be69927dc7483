"""A plant's whole life at a steady rate, and that what would be wrong with it is told."""

import json

import pytest

from benchmarks.soak import accounts, verdict
from benchmarks.soak.__main__ import main
from benchmarks.soak.journal import Journal
from benchmarks.soak.life import CHANGED, EARLY, Plan, run
from benchmarks.soak.samples import Sample
from tests.demo import plant_file
from tracepro.reserved import FIRST_PARTY

HOUR = 3600
TIMES = ("p99", "stop")
"""The limits that say how fast something is, which a busy machine may break."""


def broken(limits):
    return [limit.sentence for limit in limits if limit.kept is False and limit.name not in TIMES]


@pytest.fixture
def live(databases, tmp_path):
    """Return a function that lets a plant live on a kind of database."""
    used = []

    def lived(kind, **plan):
        url = databases.fresh(kind, FIRST_PARTY, tmp_path)
        used.append(url)
        return run(Plan(url, tmp_path, **plan))

    yield lived
    for url in used:
        databases.release(url)


def test_a_plant_lives_for_seconds_and_nothing_is_wrong(live):
    record = live("sqlite", seconds=4, rate=40, warming=50)
    assert broken(record.limits) == []
    assert record.counts["bookings"]["addop"] > 0 and record.counts["beside"]["reloads"] == EARLY


@pytest.mark.slow
@pytest.mark.timeout(1200)
@pytest.mark.parametrize("faults", [False, True], ids=["quiet", "killed"])
def test_a_plant_lives_for_minutes_and_nothing_is_wrong(live, database, faults):
    record = live(database, seconds=180, rate=30, warming=20_000, faults=faults)
    assert broken(record.limits) == []
    beside = record.counts["beside"]
    assert beside["answers that came again by their key"] > 0 and beside["backups"] == 3
    assert beside.get("workers killed", 0) == (len(CHANGED) if faults else 0)


def book(plant, journal):
    """Make a unit, receive a lot, record an operation; each acknowledged."""
    unit = plant.call("getitem", 1, "C7-000001", 1)
    journal.acknowledge("getitem", unit)
    journal.acknowledge("receivemat", plant.call("receivemat", "R-10K-0603", "SOAKED", 10))
    journal.acknowledge("addop", plant.call("addop", unit["id"], 10, 1, 100, [31]))
    return unit["id"]


def test_accounts_that_are_right_say_nothing_and_wrong_ones_each_what_is_wrong(
    make_plant, database, tmp_path
):
    plant = make_plant(("workplaces", "workers", "orders", "items", "material", "erp"), database=database)
    sections = plant.site.contributions.plant_sections
    plant.load({name: rows for name, rows in plant_file().items() if name in sections})
    url, journal, file = plant.site.settings.database, Journal(), tmp_path / "erp.jsonl"
    before = accounts.mark(url)
    unit = book(plant, journal)
    file.write_text("".join(json.dumps(row) + "\n" for row in plant.call("erpqueue")["rows"]))
    assert accounts.faults(url, journal, before, file) == []

    operations = set(journal.operations)
    journal.operations.add(99)
    journal.acknowledge("addop", {"op_id": min(operations)})
    journal.acknowledge("receivemat", {})
    plant.call("addop", unit, 20, 2, 101, [31])
    with accounts.connected(url) as (run_sql, _):
        run_sql("UPDATE items_tally SET good = good + 1 WHERE op = 10", ())
        run_sql("UPDATE material_lot SET amount = amount + 1 WHERE mat_lot = 'SOAKED'", ())
    told = " ".join(accounts.faults(url, journal, before, file))
    for wrong in (
        "1 operations were acknowledged and are not there: [99]",
        "1 operations are there and nobody was told",
        "1 operations were acknowledged twice",
        "receivemat was acknowledged 2 times, the audit has 1 rows of it",
        "at step 10, its units say (1, 0)",
        "the ledger says 10000000",
        "1 are missing",
    ):
        assert wrong in told


def sample(seconds, **values):
    return Sample(**dict.fromkeys(Sample.__dataclass_fields__, 0) | {"seconds": seconds} | values)


@pytest.mark.parametrize(
    ("name", "values"),
    [
        ("memory", lambda seconds: {"worker": 100_000_000 + 400 * seconds}),
        ("all memory", lambda seconds: {"proportional": 100_000_000 + 400 * seconds}),
        ("export", lambda seconds: {"export": 100_000_000 + 400 * seconds}),
        ("descriptors", lambda seconds: {"descriptors": 50 + seconds // 600}),
        ("threads", lambda seconds: {"threads": 20 + seconds // 600}),
        ("connections", lambda seconds: {"connections": 8 + seconds // 600}),
        ("WAL", lambda seconds: {"wal": 300_000_000 if seconds == 1000 else 0}),
    ],
)
def test_what_grows_is_told(name, values):
    steady = [sample(seconds) for seconds in range(0, HOUR, 10)]
    growing = [sample(seconds, **values(seconds)) for seconds in range(0, HOUR, 10)]
    assert broken(verdict.of_samples(steady, HOUR)) == []
    assert [limit.name for limit in verdict.of_samples(growing, HOUR) if limit.kept is False] == [name]


def test_what_grows_before_it_is_warm_or_within_a_minute_is_only_shown():
    warming = [sample(seconds, worker=min(seconds, 800) * 100_000) for seconds in range(0, HOUR, 10)]
    assert broken(verdict.of_samples(warming, HOUR)) == []
    assert broken(verdict.of_samples(warming[:7], 60)) == []


def test_calls_that_get_slower_are_told():
    minutes = {"minute": list(range(60)), "p99": [20.0 + minute for minute in range(60)]}
    assert verdict.of_latency(minutes, HOUR).kept
    assert not verdict.of_latency(minutes | {"p99": [1.2**minute for minute in range(60)]}, HOUR).kept


@pytest.mark.parametrize("argument", ["--minutes", "--rate"])
@pytest.mark.parametrize("number", ["0", "-1", "nan", "inf", "many"])
def test_a_soak_without_time_or_work_is_refused(argument, number, monkeypatch, capsys):
    monkeypatch.setattr("sys.argv", ["soak", argument, number])
    with pytest.raises(SystemExit) as ended:
        main()
    assert ended.value.code == 2 and argument in capsys.readouterr().err
