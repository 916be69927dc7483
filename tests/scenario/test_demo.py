"""The demo plant of the examples: it loads as it is, twice is once, and it could really run."""

import json
import re
from pathlib import Path

from tracepro import plant_file
from tracepro.access.caller import SYSTEM
from tracepro.calls.call import Call
from tracepro.cli.main import main

ROOT = Path(__file__).parents[2]


def test_importing_the_demo_plant_again_changes_nothing(make_plant, demo, database):
    plant = make_plant(plant=demo)

    def load_again(db):
        call = Call(plant.site, db, SYSTEM)
        plant_file.load(call, plant_file.prepare(call, plant_file.checked(plant.site, demo)))
        return [change for change in call.changes if change["before"] != change["after"]]

    assert plant.site.store.write_inline(load_again) == []


def test_the_demo_plant_has_three_lines_thirty_workplaces_and_a_dozen_workers(demo):
    assert (len(demo["lines"]), len(demo["workplaces"]), len(demo["workers"])) == (3, 30, 12)


def test_every_step_of_the_demo_plant_can_be_done_somewhere_by_somebody(demo):
    done_at = {act for place in demo["workplaces"] for act in place["acts"]}
    skilled = {skill["act"] for worker in demo["workers"] for skill in worker["skills"]}
    steps = {step["act"] for order in demo["orders"] for step in order["operations"]}
    assert steps <= done_at & skilled


def test_what_make_run_tells_to_try_works_in_that_order(make_plant, demo):
    plant = make_plant(plant=demo)
    text = (ROOT / "examples" / "try.txt").read_text()
    answers = [json.loads(plant.request(body.encode())) for body in re.findall(r"-d '(.*)'", text)]
    assert len(answers) == 5 and all("result" in answer for answer in answers)
    assert [reason["code"] for reason in answers[3]["result"]["reasons"]] == ["previous-op-missing"]


def test_an_import_warns_of_no_line_that_it_brings(tmp_path, monkeypatch, capsys):
    text = (ROOT / "plugins.ini").read_text() + "\n[line:SMT-9]\nplugins = workplaces\n"
    (tmp_path / "plugins.ini").write_text(text)
    monkeypatch.chdir(tmp_path)
    assert main(["migrate"]) == 0 and capsys.readouterr().err.count("warning: ") == 0
    assert main(["import", str(ROOT / "examples" / "plant.json")]) == 0
    (warning,) = capsys.readouterr().err.splitlines()
    assert "section for line SMT-9, which the database doesn't know" in warning
