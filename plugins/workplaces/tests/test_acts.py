"""The kinds of work as basic data."""


def test_the_description_of_an_act_can_be_set(plant):
    act = plant.site.contributions.basic_data["Act"].declaration
    assert plant.write(lambda call: act.set(call, 1, "desc", "Paste")).desc == "Paste"
    assert [row.desc for row in plant.read(act.rows)] == ["Paste", ""]


def test_a_description_that_stays_the_same_is_no_change(plant):
    act = plant.site.contributions.basic_data["Act"].declaration

    def changes_by(desc):
        def change(call):
            act.set(call, 1, "desc", desc)
            return call.changes

        return plant.write(change)

    changed = {"what": "act 1", "field": "desc", "before": "Solder paste printing", "after": "Paste"}
    assert (changes_by("Paste"), changes_by("Paste")) == ([changed], [])
