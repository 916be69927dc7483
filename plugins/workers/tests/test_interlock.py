"""The rules of workers that the interlock asks, and how little they cost."""

from tracepro_workers import api
from tracepro_workplaces import api as workplaces_api

from tracepro_hookspecs.records import Step


def test_nothing_is_asked_unless_switched_on(make_skilled_plant, reasons_against):
    plant = make_skilled_plant()
    assert reasons_against(plant, [31, 32, 33, 34]) == []
    assert plant.call("loginwp", 34, 100)["checks"][0]["check"] == "active"


def test_workers_are_named_where_the_site_wants_them_and_all_known(make_skilled_plant, reasons_against):
    plant = make_skilled_plant(site={"workers_required": "yes"})
    assert reasons_against(plant, []) == [("workers-missing", None)]
    assert reasons_against(plant, [31, 7, 8]) == [("worker-unknown", None)] * 2
    plant.load({"workers": [{"name": "Guest", "active": False}]})
    assert reasons_against(plant, [34, 31]) == [("worker-inactive", None)]


def test_a_line_may_require_workers_where_the_plant_does_not_and_the_other_way_round(
    make_skilled_plant, reasons_against
):
    wanted = make_skilled_plant(workers_required="yes")
    assert reasons_against(wanted, []) == [("workers-missing", None)]
    spared = make_skilled_plant(site={"workers_required": "yes"}, workers_required="no")
    assert reasons_against(spared, []) == []


def test_workers_cost_one_statement_however_many_there_are(make_skilled_plant):
    plant = make_skilled_plant(login_required=True, esd_check=True, iluo_check=True)

    def count(call):
        workplace = workplaces_api.workplace(call, 100)
        executed, run = [], call.db._execute
        call.db._execute = lambda sql, values=(): executed.append(sql) or run(sql, values)
        api.reasons_against(call, (31, 32, 33), workplace, (Step(10, 1),))
        return len(executed)

    assert plant.read(count) == 1
