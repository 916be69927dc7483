"""What tracepro check says of users."""

from tracepro_auth import plugin


def test_a_group_that_the_configuration_does_not_name_is_a_finding(make_plant, users):
    plant = make_plant(("auth",), {"users": users}, parameters={"groups": {"planners": "read"}})
    assert plant.read(plugin.tracepro_site_findings) == {
        "group readers": "user planner is in it, and [groups] doesn't name it, so it gives nothing; name it there, or correct "
        "the user's groups."
    }
