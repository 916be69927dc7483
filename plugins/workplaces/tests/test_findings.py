"""What tracepro check says of workplaces."""

from tracepro_workplaces import plugin

PLANT = {
    "acts": [{"id": 1, "name": "PRINT"}],
    "workplaces": [{"id": 100, "name": "printer", "acts": [1]}, {"id": 140, "name": "store"}],
}


def test_a_workplace_that_may_do_nothing_is_a_finding_where_the_site_asks_for_acts(make_plant):
    strict = make_plant(("workplaces",), PLANT, parameters={"site": {"check_workplaces": "yes"}})
    assert strict.read(plugin.tracepro_site_findings) == {
        "workplace 140 (store)": "it is assigned to no act, and [site] check_workplaces refuses all work there; give it acts "
        "in the plant file."
    }
    assert make_plant(("workplaces",), PLANT).read(plugin.tracepro_site_findings) == {}
