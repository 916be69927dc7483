"""The kinds of work as basic data."""


def test_the_description_of_an_act_can_be_set(plant):
    act = plant.site.contributions.basic_data["Act"].declaration
    assert plant.write(lambda call: act.set(call, 1, "desc", "Paste")).desc == "Paste"
    assert [row.desc for row in plant.read(act.rows)] == ["Paste", ""]
