"""``tracepro plugins release``: a plugin goes back into service, and the audit says so."""

import json

import pytest

from tracepro.cli.main import main
from tracepro.cli.serve import _release_plugins
from tracepro.cli.site import opened_site, read_settings
from tracepro.plugin.out_of_service import Outage, note, read
from tracepro.site import open_site

OUTAGE = Outage("workplaces", "tracepro_check_operation", "ran for 10 s", 0)
TOLD = {
    "plugin": "workplaces",
    "hook": "tracepro_check_operation",
    "since": "1970-01-01T00:00:00.000Z",
    "info": str(OUTAGE),
}


@pytest.fixture
def outage(databases, database, tmp_path, monkeypatch):
    """A plant whose only plugin is out of service; the function tells who is."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("TRACEPRO_DATABASE", databases.fresh(database, ("workplaces",), tmp_path))
    (tmp_path / "plugins.ini").write_text("[plugins]\nenabled = workplaces\n")
    assert main(["migrate"]) == 0
    with opened_site() as site:
        site.store.write_inline(lambda db: note(db, [OUTAGE]))
        yield lambda: list(site.store.read(read))


def _audit(capsys):
    capsys.readouterr()
    assert main(["audit", "export"]) == 0
    return [json.loads(line) for line in capsys.readouterr().out.splitlines()]


def _change():
    return [{"what": "plugin workplaces", "field": "out_of_service", "before": TOLD, "after": None}]


def test_a_release_leaves_an_audit_row_and_a_second_one_is_refused(outage, capsys):
    assert main(["plugins", "release", "workplaces"]) == 0
    assert outage() == []
    assert main(["plugins", "release", "workplaces"]) == 1
    assert capsys.readouterr().err.strip() == "Plugin workplaces is not out of service."
    (row,) = _audit(capsys)
    assert (row["method"], row["params"]) == ("tracepro plugins release", {"plugin": "workplaces"})
    assert row["changes"] == _change()


def test_a_start_that_puts_plugins_back_leaves_one_audit_row(outage, capsys):
    for _ in range(2):
        _release_plugins(open_site(read_settings()))
    assert outage() == []
    (row,) = _audit(capsys)
    assert (row["method"], row["changes"]) == ("tracepro serve", _change())
