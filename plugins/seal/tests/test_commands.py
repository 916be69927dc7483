"""``tracepro audit`` with the seal: what it says, its exit code, one sentence on stderr."""

import json
import os
import subprocess
import sys

import pytest

from tracepro.cli.main import main

from .conftest import BASE, record, seal, tamper


@pytest.fixture
def run(plant, tmp_path, monkeypatch, capsys):
    """Run a command on the test's plant, in a folder of its own."""
    store = plant.site.store
    url = f"sqlite:///{store.path}" if store.dialect == "sqlite" else store.url
    (tmp_path / "plugins.ini").write_text(f"[plugins]\nenabled = {' '.join(BASE)}\n")
    (tmp_path / "parameters.ini").write_text(f"[database]\nurl = {url}\n[site]\ntimezone = UTC\n")
    for name in ("TRACEPRO_PLUGINS", "TRACEPRO_PARAMETERS", "TRACEPRO_DATABASE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.chdir(tmp_path)

    def run(*words):
        capsys.readouterr()
        code = main(("audit", *words))
        said = capsys.readouterr()
        return code, said.out.strip(), said.err.strip()

    return run


def test_verify_says_how_far_all_is_in_order_and_names_what_is_not(plant, run, tmp_path):
    assert run("verify")[1] == "Nothing is sealed yet. Rows that are not sealed yet: 0."
    record(plant, 6)
    assert run("head") == (
        1,
        "",
        "Nothing is sealed yet; ask again when the server has run for a while with seal enabled.",
    )
    assert run("verify")[2].startswith(
        "warning: nothing is sealed yet, and the audit begins with a row of 2026-11-20T10:00:00.000Z; see that"
    )
    seal(plant.site)
    record(plant, 1)
    code, kept, err = run("head")
    assert (code, err, json.loads(kept)["last_id"]) == (0, "", 6)
    (tmp_path / "kept.jsonl").write_text(kept + "\n")
    said = "All is as it was sealed up to row 6, rows 6, blocks 2; no head that was kept elsewhere was named."
    code, out, err = run("verify")
    assert (code, out.splitlines()) == (0, [said, "Rows that are not sealed yet: 1."])
    assert err.startswith("warning: a row of 2026-11-20T10:00:00.000Z is not sealed yet")
    assert "; every head that was kept fits." in run("verify", "--head", "kept.jsonl")[1]
    tamper(plant.site, "UPDATE core_audit SET caller = 'x' WHERE id = 5")
    code, out, err = run("verify")
    assert (code, out) == (1, "") and err.startswith(
        "Row 5 of the audit was changed since it was sealed (block 2,"
    )
    assert run("verify", "--head", "nothing.jsonl")[0] == 1


@pytest.mark.parametrize("database", ["sqlite"])
def test_a_unit_goes_into_a_file_that_the_checker_of_the_command_proves(plant, run, tmp_path):
    order = plant.call("makeorder", "VP-1", "PCB-A", 1, 1)["id"]
    plant.clock.advance(seconds=1)
    plant.call("getitem", order, "U-1", 1)
    seal(plant.site)
    assert (
        run("unit", "U-1", "--out", "unit.json")[1]
        == "unit.json: 1 rows of the audit, 0 of them not sealed yet."
    )
    assert run("checker", "--out", "check.py")[0] == 0
    ran = subprocess.run(
        [sys.executable, "-I", "check.py", "unit.json"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert ran.returncode == 0 and ran.stdout.startswith(
        "Unit U-1 (id 1): 1 rows of the audit, 1 of them sealed."
    )
    assert run("unit", "U-2", "--out", "other.json") == (
        1,
        "",
        "No unit has the code U-2; correct it, or name the unit by its id: '#17'.",
    )
    assert run("unit", "U-1", "--out", "no/folder/unit.json")[2] == (
        "no/folder/unit.json can't be written (No such file or directory); name another place."
    )
    os.mkfifo(tmp_path / "pipe")
    assert run("checker", "--out", "pipe")[2] == "pipe is there and no file; name another place."
    assert not [*tmp_path.glob("other.json"), *tmp_path.glob("*.part")]
