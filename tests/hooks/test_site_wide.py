"""Hooks about what belongs to no line are asked in the site's set, on every line."""

from tracepro.plugin.loaded import LoadedPlugin
from tracepro.plugin.manager import manager_of
from tracepro.plugin.relay import Relay
from tracepro.plugin.watch import Watch
from tracepro_hookspecs import hookimpl
from tracepro_hookspecs.specs import KINDS, SITE_WIDE


def lines_told(function):
    """Returns what a hook's docstring says under Lines."""
    return function.__doc__.partition("Lines:")[2].partition("Since:")[0].strip()


def test_the_list_is_what_the_hooks_say_of_themselves():
    hooks = {
        name: lines_told(function)
        for kind, module in KINDS.items()
        if kind != "register"
        for name, function in vars(module).items()
        if name.startswith("tracepro_")
    }
    beginnings = ("the site's set", "asked in the site's set", "always asked in the site's set")
    assert {name for name, told in hooks.items() if told.startswith(beginnings)} == SITE_WIDE


class Lines:
    @hookimpl
    def tracepro_line_names(self):
        return ["A"]

    @hookimpl
    def tracepro_worker_logged_in(self, worker):
        return None


def test_a_line_without_the_plugin_still_asks_it():
    site = Relay(manager_of([LoadedPlugin.from_object("lines", Lines())]), Watch())
    line = Relay(manager_of([]), Watch(), site=site)
    assert line.has("tracepro_line_names")
    assert not line.has("tracepro_worker_logged_in")
