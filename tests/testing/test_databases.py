"""Plants of one test process spare each other what takes time, and nothing of one is seen in the next."""

import subprocess
import sys

from tracepro.testing.makers import PlantMaker

PID = "SELECT pg_backend_pid()"


def backends(plant):
    return [
        run(lambda db: db.raw_rows(PID)) for run in (plant.site.store.read, plant.site.store.write_inline)
    ]


def one_after_the_other(databases, folder, *works, alone=()):
    found = []
    for work in works:
        maker = PlantMaker(databases, folder, "postgresql")
        try:
            found.append(work(maker(["workplaces"], alone=work in alone)))
        finally:
            maker.close()
    return found


def test_connections_of_a_plant_go_to_the_next_one(databases, tmp_path):
    before, after = one_after_the_other(databases, tmp_path, backends, backends)
    assert before == after


def test_a_connection_that_was_lost_is_not_kept(databases, tmp_path):
    def lost(plant):
        found = backends(plant)
        plant.site.store._pool.readers[-1].close()
        return found

    (reader, inline), after = one_after_the_other(databases, tmp_path, lost, backends)
    assert after[0] != reader and after[1] == inline


def test_a_plant_alone_is_connected_by_itself_only(databases, tmp_path):
    def alone(plant):
        return backends(plant)

    works = backends, alone, backends
    before, during, after = one_after_the_other(databases, tmp_path, *works, alone=[alone])
    assert during not in (before, after) and before != after


def test_a_site_has_the_handlers_that_its_plugins_made_for_it(make_plant):
    first, second = (make_plant(["workplaces", "workers"]) for _ in range(2))
    for name in ("login", "getworkplace"):
        same = first.site.methods[name].endpoint.handler is second.site.methods[name].endpoint.handler
        assert same is (name == "getworkplace")
        assert second.site.methods[name].spec is first.site.methods[name].spec


def test_who_has_no_driver_of_postgresql_makes_plants_on_sqlite():
    code = "import sys; sys.modules['psycopg'] = None; import tracepro.testing.makers"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
