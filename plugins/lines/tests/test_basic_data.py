"""Lines and machines as basic data."""


def test_lines_and_their_machines_are_listed_in_order_of_id(make_watched):
    plant = make_watched().plant
    plant.call("loginwp", 31, 100)
    lines = plant.read(plant.site.contributions.basic_data["Line"].declaration.rows)
    assert [(line.id, line.name, line.order_id) for line in lines][1:] == [(2, "SMT-2", None)]
    assert [machine.id for machine in lines[0].machines] == [1, 2, 3]
    machines = plant.read(plant.site.contributions.basic_data["Machine"].declaration.rows)
    assert [machine.id for machine in machines] == [1, 2, 3, 11]
    assert (machines[0].name, machines[0].worker_ids) == ("printer", (31,))
