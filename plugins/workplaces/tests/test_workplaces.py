"""Looking workplaces up, on both databases."""

PRINTER = {
    "id": 100,
    "name": "SMT-1 printer",
    "erp_ref": "WP100",
    "line": None,
    "esd": True,
    "acts": [1],
    "blocked": None,
}


def test_a_workplace_comes_with_its_acts(plant):
    assert plant.call("getworkplace", 100) == PRINTER
    assert plant.call("getworkplace", wp_id="101")["acts"] == [1, 2]
    assert plant.call("getworkplace", 102)["acts"] == []
    assert plant.call("getworkplace", 999) is None


def test_a_workplace_is_found_by_name_reference_or_both(plant):
    assert plant.call("findworkplace", name="SMT-1 printer") == PRINTER
    assert plant.call("findworkplace", erp_ref="WP100") == PRINTER
    assert plant.call("findworkplace", "", "SMT")["id"] == 101
    assert plant.call("findworkplace", "SMT-1 spare", "SMT")["id"] == 102
    assert plant.call("findworkplace", "SMT-1 printer", "SMT") is None
    assert plant.call("findworkplace", "smt-1 printer") is None
    assert plant.call("findworkplace") is None
