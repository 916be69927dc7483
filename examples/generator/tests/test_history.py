"""A filled database is what playing the calls would have left, row by row."""

from datetime import timedelta

from examples.generator import history
from examples.generator.driver import connected
from examples.generator.fill import PLUGINS, fill
from examples.generator.history import copy_tag, duration_of, growing_tables, multiply
from examples.generator.plant import Plant
from examples.generator.play import play
from examples.generator.production import Production

COPIES = 2


def production(number, start=None):
    made = Production(Plant(seed=5, lines=2), units=5, orders=3, tag=copy_tag(number), fault=0.15, rework=0.1)
    made.begin(start or made.start)
    return made


def played(make_plant, productions):
    clock = history.ProductionClock(productions[0])
    plant = make_plant(plugins=PLUGINS, plant=productions[0].plant.file(), clock=clock)
    for production in productions:
        clock.production = production
        play(lambda method, params: plant.call(method, **params), production.calls())
    return plant


def dumped(url, grown):
    with connected(url) as (run_sql, _):
        return {table.name: sorted(map(repr, run_sql(f"SELECT * FROM {table.name}", ()))) for table in grown}


def test_a_small_fill_equals_playing_the_calls(make_plant, database):
    first = production(0)
    trial = production(0)
    for _ in trial.calls():
        pass
    duration = duration_of(trial)
    starts = [first.start + number * timedelta(microseconds=duration) for number in range(COPIES + 1)]
    plant = played(make_plant, [production(number, start) for number, start in enumerate(starts)])
    models = [
        registered.declaration
        for registered in plant.site.contributions.models.values()
        if registered.plugin in history.PLUGINS
    ]
    url, grown = plant.site.settings.database, growing_tables(models)
    expected = dumped(url, grown)
    plant.close()
    plant = played(make_plant, [production(0)])
    with connected(plant.site.settings.database) as (run_sql, dialect):
        multiply(run_sql, dialect, models, COPIES, duration)
    found = dumped(plant.site.settings.database, grown)
    for table in grown:
        assert found[table.name] == expected[table.name], table.name
    assert len(found["items_operation"]) > 3 * 5 * 9 * COPIES


def test_a_database_is_filled_with_about_as_many_units_as_asked(tmp_path):
    url = f"sqlite:///{tmp_path / 'filled.db'}"
    filled = fill(url, Plant(seed=5, lines=2), 100, first=15)
    assert 100 <= filled.units <= 120
    assert filled.operations > 9 * filled.units
    with connected(url) as (run_sql, _):
        assert run_sql("SELECT count(*) FROM items_code WHERE code LIKE 'K000003%'", ())[0][0] > 10
