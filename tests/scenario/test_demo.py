"""The demo plant of the examples: it loads as it is, twice is once, and it could really run."""

import shlex
from pathlib import Path

from tracepro import plant_file
from tracepro.access.caller import SYSTEM
from tracepro.calls.call import Call
from tracepro.cli.main import main

from .curls import Curl, curl_of

ROOT = Path(__file__).parents[2]


def test_importing_the_demo_plant_again_changes_nothing(make_plant, demo, database):
    plant = make_plant(plant=demo)

    def load_again(db):
        call = Call(plant.site, db, SYSTEM)
        plant_file.load(call, plant_file.prepare(call, plant_file.checked(plant.site, demo)))
        return [change for change in call.changes if change["before"] != change["after"]]

    assert plant.site.store.write_inline(load_again) == []


def test_the_demo_plant_has_four_lines_thirty_two_workplaces_and_thirteen_workers(demo):
    assert (len(demo["lines"]), len(demo["workplaces"]), len(demo["workers"])) == (4, 32, 13)


def test_two_machines_of_the_demo_plant_mill_with_tools_near_and_past_their_life(demo, demo_plant, send):
    machines = {machine["wp_id"] for line in demo["lines"] for machine in line["machines"]}
    assert {process["machine"] for process in demo["processes"]} < machines and len(demo["processes"]) == 2
    tools = send(Curl("GET", "/api/tools/", {}, None)).json
    worn = send(Curl("GET", "/api/tools/?warn_life=1", {}, None)).json
    assert [tool["name"] for tool in worn.values()] == ["Face mill 63", "End mill 10", "Drill 6.8"]
    assert [tool["is_critical"] for tool in worn.values()] == [False, True, False]
    assert len(tools) == 4 and all(tool["inventory_item_id"] for tool in worn.values())


def test_every_step_of_the_demo_plant_can_be_done_somewhere_by_somebody(demo):
    done_at = {act for place in demo["workplaces"] for act in place["acts"]}
    skilled = {skill["act"] for worker in demo["workers"] for skill in worker["skills"]}
    steps = {step["act"] for order in demo["orders"] for step in order["operations"]}
    assert steps <= done_at & skilled


def test_what_make_run_tells_to_try_works_in_that_order(demo_plant, send):
    lines = [line for line in (ROOT / "examples" / "try.txt").read_text().splitlines() if "curl " in line]
    curls = [curl_of(shlex.split(line.partition("curl ")[2])) for line in lines]
    answers = [send(curl) for curl in curls]
    told = [answer.json if answer.body else answer.status for answer in answers]
    assert len(told) == 16
    _, _, _, wrong_step, strict_line, watcher, box, queue, documents, methods, *milling = told
    assert [reason["code"] for reason in wrong_step["result"]["reasons"]] == ["previous-op-missing"]
    assert strict_line["error"]["data"]["code"] == "esd-expired"
    assert (watcher["result"]["item_id"], watcher["result"]["counter0"]) == (1, 1)
    assert box[1]["result"]["items"] == [1]
    assert [row["body"]["op"] for row in queue["result"]["rows"] if row["kind"] == "operation"] == [10, 20]
    assert all(Path(path).is_file() for path in documents["result"].values())
    housing, worn, refused, replaced, work, undone = milling
    assert (housing["result"]["id"], [tool["name"] for tool in worn.values()]) == (
        2,
        ["Face mill 63", "End mill 10"],
    )
    assert [reason["code"] for reason in refused["error"]["data"]["reasons"]] == ["tool-life-exceeded"]
    assert (replaced["tool_id"], replaced["static_part_count"], undone) == (2, 400, 204)
    others = [one for one in told[:10] if one not in (strict_line, box)] + [housing, work]
    assert [answer for answer in others if "result" not in answer] == []
    tools = send(Curl("GET", "/api/tools/", {}, None)).json
    assert [tool["part_count"] for tool in tools.values()] == [1851, 401, 0, 0]


def test_a_line_of_the_demo_plant_checks_login_esd_skill_and_first_piece(demo_plant):
    def refusals(worker, wp_id, op):
        return {
            one["code"] for one in demo_plant.call("canaddop", unit, [[op, None]], wp_id, [worker])["reasons"]
        }

    unit, other = (demo_plant.call("getitem", 5, code, 1)["id"] for code in ("L4-00001", "L4-00002"))
    for one in (unit, other):
        demo_plant.call("addop", one, 10, None, 100, [31])
    assert refusals(40, 111, 20) == {"login-missing", "esd-expired", "iluo-insufficient"}
    demo_plant.call("setworkeresd", 31, 111, True)
    demo_plant.call("loginwp", 31, 111)
    demo_plant.call("addop", other, 20, None, 111, [31])
    assert refusals(31, 111, 20) == {"first-piece-missing"}


def test_groups_of_the_demo_users_may_do_something(demo_plant, demo):
    groups = {group for user in demo["users"] for group in user["groups"]}
    assert groups == set(demo_plant.site.parameter("groups", "*"))


def test_an_import_warns_of_no_line_that_it_brings(tmp_path, monkeypatch, capsys):
    text = (ROOT / "plugins.ini").read_text() + "\n[line:SMT-9]\nplugins = workplaces\n"
    (tmp_path / "plugins.ini").write_text(text)
    monkeypatch.chdir(tmp_path)
    assert main(["migrate"]) == 0 and capsys.readouterr().err.count("warning: ") == 0
    assert main(["import", str(ROOT / "examples" / "plant.json")]) == 0
    (warning,) = capsys.readouterr().err.splitlines()
    assert "section for line SMT-9, which the database doesn't know" in warning
