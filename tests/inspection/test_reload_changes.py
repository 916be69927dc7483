"""What a reload would change is told from the files as they are, without what nobody may know."""

import pytest

from tracepro.inspection import reload_changes, reloading

PLUGINS = ("workplaces", "workers", "orders", "items", "lines", "counters")
WRITTEN = """[plugins]
enabled = workplaces workers orders items lines counters
[line:L1]
plugins = workplaces workers orders items lines
"""
PARAMETERS = "[site]\ntimezone = Europe/Prague\n"
PLANT = {
    "acts": [{"id": 1, "name": "PLACE"}],
    "workplaces": [{"id": 100, "name": "Placer", "acts": [1]}],
    "lines": [{"name": "L1", "machines": [{"name": "M1", "wp_id": 100}]}],
}


@pytest.fixture
def told(make_plant, monkeypatch, tmp_path):
    """Return a function that writes the files and returns what a reload would change of what runs."""
    parameters = {"site": {"timezone": "Europe/Prague"}}
    plant = make_plant(PLUGINS, PLANT, lines={"L1": PLUGINS[:-1]}, parameters=parameters)
    files = {"TRACEPRO_PLUGINS": tmp_path / "plugins.ini", "TRACEPRO_PARAMETERS": tmp_path / "parameters.ini"}
    for name, file in files.items():
        monkeypatch.setenv(name, str(file))
    monkeypatch.chdir(tmp_path)

    def write(plugins=WRITTEN, parameters=PARAMETERS):
        for file, text in zip(files.values(), (plugins, parameters), strict=True):
            file.write_text(text)
        return plant.read(reload_changes)

    return write


def test_files_of_what_runs_change_nothing(told):
    assert told() == []


def test_plugins_that_are_switched_are_told_with_their_line(told):
    enabled = "workplaces workers orders items lines boxes"
    assert told(
        f"[plugins]\nenabled = {enabled}\n[line:L1]\nplugins = workers workplaces orders items lines\n"
    ) == [
        "Plugin boxes is switched on.",
        "Plugin counters is switched off.",
        "Plugins are asked in another order on line L1: workers workplaces orders items lines.",
    ]


def test_options_and_parameters_are_named_and_only_public_ones_shown(told):
    written = WRITTEN + "[plugin:workers@L1]\nesd_check = hidden-word\n"
    parameters = "[site]\ntimezone = Europe/Berlin\n[database]\nurl = postgresql://u:hidden-word@h/d\n"
    assert told(written, parameters) == [
        "[plugin:workers@L1] esd_check changes.",
        "[database] url changes.",
        "[site] timezone changes from 'Europe/Prague' to 'Europe/Berlin'.",
    ]


def test_files_that_are_wrong_are_told(told):
    (sentence,) = told("[plugin]\nhidden-word\n")
    assert sentence.startswith("A reload would be refused: ") and "hidden-word" not in sentence


def test_a_plugin_that_is_installed_in_another_version_is_told(told, monkeypatch):
    monkeypatch.setattr(reloading, "version", lambda dist: "9.9" if dist == "tracepro-workers" else "1.0")
    assert told() == ["Plugin workers becomes version 9.9; 1.0 runs."]


def test_a_large_file_is_not_read(told, monkeypatch):
    monkeypatch.setattr(reloading, "LARGEST", 10)
    assert "is larger than 10 bytes" in told()[0]
