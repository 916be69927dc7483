"""Plugins are found by entry point; only those that are listed are imported, and every fault has a sentence."""

from pathlib import Path

from tracepro.config.settings import Settings
from tracepro.findings import Findings
from tracepro.plugin.assembly import assemble
from tracepro.plugin.discovery import installed, load

FILE = Path("plugins.ini")
GOOD = """
    from tracepro_hookspecs import hookimpl

    @hookimpl
    def tracepro_register_requirements():
        return []
"""


def loaded(*names):
    findings = Findings()
    return load(names, FILE, findings), findings


def only(findings):
    assert len(findings) == 1, list(findings)
    return findings[0].info


def test_a_listed_plugin_is_loaded_with_its_origin(shelf):
    shelf.put("good", GOOD, version="2.5", fragment='{"methods": []}')
    (plugin,), findings = loaded("good")
    assert not findings
    assert (plugin.name, plugin.dist, plugin.version) == ("good", "tracepro-good", "2.5")
    assert plugin.fragment == {"methods": []}
    assert plugin.source == "good (tracepro-good 2.5)"


def test_an_installed_plugin_that_is_not_listed_is_never_imported(shelf):
    shelf.put("good", GOOD)
    shelf.put("other", "raise RuntimeError('imported')")
    _, findings = loaded("good")
    assert "other" in installed()
    assert not findings and not shelf.imported("other")


def test_a_plugin_that_is_not_installed_is_told_with_the_nearest_name(shelf):
    shelf.put("boxes", GOOD)
    plugins, findings = loaded("boxs")
    assert plugins == []
    assert (
        only(findings)
        == "Plugin boxs is enabled in plugins.ini but not installed; install it (pip install tracepro-boxs) or take it "
        "out. Or did you mean boxes?"
    )


def test_a_plugin_nobody_has_heard_of_is_to_be_installed(shelf):
    _, findings = loaded("zzzz")
    assert "pip install tracepro-zzzz" in only(findings)


def test_an_import_failure_names_distribution_and_error_and_the_others_load(shelf):
    shelf.put("good", GOOD)
    shelf.put("broken", "import no_such_module_at_all", version="3.1")
    plugins, findings = loaded("broken", "good")
    assert [plugin.name for plugin in plugins] == ["good"]
    sentence = only(findings)
    assert "Plugin broken of tracepro-broken 3.1 can't be imported: ModuleNotFoundError" in sentence
    assert "[plugins] enabled in plugins.ini" in sentence


def test_a_plugin_that_exits_on_import_does_not_end_the_process(shelf):
    shelf.put("exits", "raise SystemExit(3)")
    _, findings = loaded("exits")
    assert "SystemExit" in only(findings)


def test_two_distributions_of_one_name_are_refused_naming_both(shelf):
    shelf.put("boxes", GOOD, dist="tracepro-boxes", version="1.0")
    shelf.put("boxes", GOOD, dist="acme-boxes", version="7.2")
    plugins, findings = loaded("boxes")
    assert plugins == []
    assert "two distributions, acme-boxes 7.2 and tracepro-boxes 1.0" in only(findings)


def test_two_distributions_of_a_name_nobody_listed_are_nobodys_business(shelf):
    shelf.put("boxes", GOOD)
    shelf.put("boxes", GOOD, dist="acme-boxes")
    shelf.put("good", GOOD)
    assert not loaded("good")[1]


def test_a_fragment_that_is_not_json_is_named(shelf):
    shelf.put("good", GOOD, fragment="{")
    assert "good.json is not JSON" in only(loaded("good")[1])


def test_what_a_plugin_that_fails_declares_is_not_called_unknown(shelf):
    shelf.put("boxes", "1 / 0")
    settings = Settings.of(
        ("boxes",), options={"boxes": {"size": "4"}}, parameters={"site": {"box_prefix": "B"}}
    )
    findings = Findings()
    assemble(settings, findings)
    assert only(findings).startswith(
        "Plugin boxes of tracepro-boxes 1.0 can't be imported: ZeroDivisionError"
    )
