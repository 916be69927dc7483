"""The rules other plugins ask: blocks, assignment, and how little a look-up costs."""

from tracepro_workplaces import api

from tracepro_hookspecs.records import Step

PLANT = {
    "acts": [{"id": 1, "name": "PRINT"}, {"id": 2, "name": "PLACE"}],
    "workplaces": [{"id": 100, "name": "SMT-1 printer", "acts": [1]}],
}
STEPS = (Step(10, 1), Step(20, 2))


def _reasons(plant):
    return plant.read(lambda call: api.reasons_against(call, api.workplace(call, 100), STEPS))


def test_assignment_counts_only_where_it_is_asked_for(make_plant):
    assert _reasons(make_plant(plugins=("workplaces",), plant=PLANT)) == []
    strict = make_plant(plugins=("workplaces",), plant=PLANT, parameters={"site": {"check_workplaces": True}})
    (reason,) = _reasons(strict)
    assert (reason.code, reason.op, reason.act, reason.plugin) == (
        "workplace-not-assigned",
        20,
        2,
        "workplaces",
    )


def test_a_blocked_workplace_is_a_reason_with_the_reason_it_was_blocked_for(make_plant):
    plant = make_plant(plugins=("workplaces",), plant=PLANT)
    plant.call("blockworkplace", 100, "stencil torn")
    (reason,) = _reasons(plant)
    assert (reason.code, reason.plugin) == ("workplace-blocked", "workplaces")
    assert "stencil torn" in reason.info


def test_the_description_of_an_act_can_be_set(make_plant, database):
    plant = make_plant(plugins=("workplaces",), plant=PLANT, database=database)
    kind = plant.site.contributions.basic_data["Act"].declaration
    assert plant.write(lambda call: kind.set(call, 1, "desc", "Paste")).desc == "Paste"
    assert [act.desc for act in plant.read(kind.rows)] == ["Paste", ""]


def test_a_workplace_costs_one_statement_whatever_is_asked_of_it(make_plant):
    plant = make_plant(plugins=("workplaces",), plant=PLANT)

    def work(call):
        executed, run = [], call.db._execute
        call.db._execute = lambda sql, values=(): executed.append(sql) or run(sql, values)
        api.reasons_against(call, api.workplace(call, 100), STEPS)
        return executed

    assert len(plant.read(work)) == 1
