"""Hooks that pluggy would take silently and never ask as meant are refused by name."""

import pytest

from tracepro.findings import Findings
from tracepro.plugin.loaded import LoadedPlugin
from tracepro.plugin.manager import manager_of, valid_plugins
from tracepro_hookspecs import hookimpl


class Misspelt:
    @hookimpl
    def tracepro_chek_login(self, worker):
        return []


class StrangeArgument:
    @hookimpl
    def tracepro_check_login(self, worker, machine):
        return []


class Defaulted:
    @hookimpl
    def tracepro_check_login(self, worker, workplace=None):
        return []


class NewWrapper:
    @hookimpl(wrapper=True)
    def tracepro_check_login(self, worker):
        return (yield)


class OldWrapper:
    @hookimpl(hookwrapper=True)
    def tracepro_check_login(self, worker):
        yield


class Unmarked:
    def tracepro_check_login(self, worker):
        return []


@pytest.mark.parametrize(
    ("kind", "said"),
    [
        (Misspelt, "there is no hook tracepro_chek_login; did you mean tracepro_check_login?"),
        (StrangeArgument, "machine"),
        (Defaulted, "argument workplace of tracepro_check_login has a default"),
        (NewWrapper, "tracepro_check_login is a wrapper"),
        (OldWrapper, "tracepro_check_login is a wrapper"),
        (Unmarked, "tracepro_check_login has no @hookimpl"),
    ],
)
def test_a_bad_hook_is_refused_by_plugin_and_name(kind, said):
    findings = Findings()
    assert valid_plugins([LoadedPlugin("bad", kind(), dist="acme-bad", version="1.0")], findings) == []
    assert findings[0].info.startswith("Plugin bad (acme-bad 1.0): ")
    assert said in findings[0].info


def test_all_faults_of_all_plugins_are_told_at_once():
    findings = Findings()
    valid_plugins([LoadedPlugin("one", Misspelt()), LoadedPlugin("two", Defaulted())], findings)
    assert [finding.info.split(":")[0] for finding in findings] == ["Plugin one", "Plugin two"]


def test_plugins_are_asked_in_the_order_of_the_file():
    class Names:
        def __init__(self, name):
            self.name = name

        @hookimpl
        def tracepro_register_requirements(self):
            return self.name

    manager = manager_of([LoadedPlugin(name, Names(name)) for name in ("first", "second", "third")])
    assert manager.hook.tracepro_register_requirements() == ["first", "second", "third"]
