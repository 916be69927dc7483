"""A plugin that uses what is to go away is told so at start and by ``tracepro check``, and works as before."""

import warnings

import pytest

from tracepro.findings import Findings
from tracepro.plugin.loaded import LoadedPlugin
from tracepro.plugin.manager import valid_plugins
from tracepro.site import examine
from tracepro_hookspecs import Reason, hookimpl
from tracepro_hookspecs.markers import hookspec
from tracepro_hookspecs.specs.check import tracepro_check_login
from tracepro_hookspecs.specs.register import tracepro_register_requirements

PLANT = {
    "acts": [{"id": 1, "name": "Reflow"}],
    "workplaces": [{"id": 4, "name": "Oven", "acts": [1]}],
    "workers": [{"id": 32, "name": "J. Novak", "code": "JN32"}],
}
HOOK = "Declare it elsewhere; it goes away with API version 2."
ARGUMENT = "Use its id; it goes away with API version 2."


class Old:
    @hookimpl
    def tracepro_register_requirements(self):
        return ["workers"]

    @hookimpl(specname="tracepro_check_login")
    def nobody_logs_in(self, worker):
        return [Reason("not-today", f"{worker.name} stays out today.")]


@pytest.fixture
def deprecated(monkeypatch):
    """Mark a hook and an argument of another one, as the specification of what is to go away does."""
    for hook, marks in (
        (tracepro_register_requirements, {"warn_on_impl": DeprecationWarning(HOOK)}),
        (tracepro_check_login, {"warn_on_impl_args": {"worker": DeprecationWarning(ARGUMENT)}}),
    ):
        monkeypatch.setattr(hook, "tracepro_spec", None)  # put back after the test
        hookspec(hook, **marks)


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_what_is_deprecated_is_told_by_plugin_and_hook_and_works_as_before(make_plant, deprecated):
    plant = make_plant(("workplaces", "workers", "old"), PLANT, extra={"old": Old()})
    old = [warning for warning in map(str, plant.site.warnings) if "Plugin old" in warning]
    assert old == [
        f"warning: Plugin old: argument worker of tracepro_check_login is deprecated: {ARGUMENT}",
        f"warning: Plugin old: tracepro_register_requirements is deprecated: {HOOK}",
    ]
    assert plant.error("loginwp", 32, 4)["data"]["code"] == "not-today"
    checked = Findings()
    examine(plant.site.settings, checked, {"old": Old()})
    assert not checked.errors and set(plant.site.warnings) <= set(checked.warnings)


def test_whoever_tests_a_plugin_is_warned_of_the_line_it_stands_in(make_plant, deprecated):
    with pytest.warns(DeprecationWarning) as caught:
        make_plant(("workplaces", "workers", "old"), extra={"old": Old()})
    told = {str(warning.message) for warning in caught if warning.filename == __file__}
    assert told == {HOOK, ARGUMENT}


def test_where_warnings_are_errors_the_plugin_is_refused_by_name_and_hook(deprecated):
    findings = Findings()
    with warnings.catch_warnings():
        warnings.simplefilter("error", DeprecationWarning)
        assert valid_plugins([LoadedPlugin("old", Old(), dist="acme-old", version="1.0")], findings) == []
    assert [str(finding).partition(": ")[2] for finding in findings] == [
        f"Plugin old (acme-old 1.0): argument worker of tracepro_check_login is deprecated: {ARGUMENT}",
        f"Plugin old (acme-old 1.0): tracepro_register_requirements is deprecated: {HOOK}",
    ]
    assert findings == findings.errors


def test_nothing_is_told_of_a_plugin_that_is_up_to_date(make_plant):
    plant = make_plant(("workplaces", "workers", "old"), extra={"old": Old()})
    assert "deprecated" not in " ".join(map(str, plant.site.warnings))
