"""What tracepro check says of lines, and what it says of each line because of the line's options."""

from tracepro_lines import plugin

from tracepro.findings import Findings
from tracepro.startup import check_plugins

PLUGINS = ("workplaces", "workers", "orders", "items", "lines")
PLANT = {
    "acts": [{"id": 1, "name": "PRINT"}],
    "workplaces": [{"id": wp_id, "name": f"P{wp_id}", "acts": [1]} for wp_id in (100, 200)],
    "lines": [{"name": f"SMT-{n}", "machines": [{"name": "printer", "wp_id": n * 100}]} for n in (1, 2)]
    + [{"name": "EMPTY", "machines": []}],
}


def test_a_line_without_a_machine_is_a_finding(make_plant):
    plant = make_plant(PLUGINS, PLANT)
    assert plant.read(plugin.tracepro_site_findings) == {
        "line EMPTY": "it has no machine, so no call is on it; give it machines in the plant file."
    }


def test_what_the_options_of_a_line_ask_for_is_looked_for_there_and_told_once(make_plant):
    options = {"workers@SMT-2": {"iluo_check": "yes", "esd_check": "yes"}}
    plant, findings = make_plant(PLUGINS, PLANT, options=options), Findings()
    check_plugins(plant.site, findings)
    assert not findings.errors
    assert [finding.info.rpartition(": ")[0] for finding in findings] == [
        "Plugin lines: line EMPTY",
        "Plugin workers: esd_check on line SMT-2",
        "Plugin workers: act 1 at workplace 200 (P200)",
    ]
