"""The two rules of workplaces that the interlock asks: blocks and assignment."""

from tracepro_workplaces import api

from tracepro_hookspecs.records import Step

STEPS = (Step(10, 1), Step(20, 2))


def reasons(plant):
    return plant.read(lambda call: api.reasons_against(call, api.workplace(call, 100), STEPS))


def test_assignment_counts_only_where_it_is_asked_for(make_plant, plant_file):
    assert reasons(make_plant(plugins=("workplaces",), plant=plant_file)) == []
    parameters = {"site": {"check_workplaces": True}}
    strict = make_plant(plugins=("workplaces",), plant=plant_file, parameters=parameters)
    (reason,) = reasons(strict)
    assert (reason.code, reason.plugin) == ("workplace-not-assigned", "workplaces")
    assert (reason.op, reason.act) == (20, 2)


def test_a_blocked_workplace_is_a_reason_with_the_reason_it_was_blocked_for(make_plant, plant_file):
    plant = make_plant(plugins=("workplaces",), plant=plant_file)
    plant.call("blockworkplace", 100, "stencil torn")
    (reason,) = reasons(plant)
    assert (reason.code, reason.plugin) == ("workplace-blocked", "workplaces")
    assert "stencil torn" in reason.info


def test_a_workplace_costs_one_statement_whatever_is_asked_of_it(make_plant, plant_file):
    plant = make_plant(plugins=("workplaces",), plant=plant_file)

    def count(call):
        executed, run = [], call.db._execute
        call.db._execute = lambda sql, values=(): executed.append(sql) or run(sql, values)
        api.reasons_against(call, api.workplace(call, 100), STEPS)
        return len(executed)

    assert plant.read(count) == 1
