"""The demo plant of the examples: it loads as it is, twice is once, and it could really run."""

import json
import re
import shlex
import sqlite3
import subprocess
from contextlib import closing

from examples import morning
from tests.demo import EXAMPLES, ROOT
from tracepro import plant_file
from tracepro.access.caller import SYSTEM
from tracepro.calls.call import Call
from tracepro.cli.main import main
from tracepro.clock import MINUTE, now_micros

from .curls import Curl, curl_of
from .test_readmes import AT_HAND, READMES, bodies, commands, is_rest, words, written


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


TRY = re.compile(r"^  (\S.{14}) (.+)$", re.MULTILINE)
REFUSED = {
    "the same again": "op-already-done",
    "a step too far": "previous-op-missing",
    "nobody named": "workers-missing",
    "no ESD test": "esd-expired",
    "no skill": "iluo-insufficient",
    "another place": "login-missing",
    "the next waits": "first-piece-missing",
    "refused": "tool-life-exceeded",
}
"""What examples/try.txt shows to be refused, by the words before the command."""


def tried(url, number):
    """Return what the commands of examples/try.txt print, by the words before them, as bash runs them at a time."""
    text = (EXAMPLES / "try.txt").read_text().replace("http://127.0.0.1:8080", url)
    commands = [(label.strip(), command) for label, command in TRY.findall(text)]
    script = [
        f"date() {{ echo {number}; }}",
        *(f"echo {shlex.quote(f'== {label}')}; {command}" for label, command in commands),
    ]
    done = subprocess.run(["bash", "-c", "\n".join(script)], capture_output=True, text=True, timeout=60)
    assert done.stderr == ""
    printed = re.findall(r"^== (.*)\n((?:(?!== ).*\n)*)", done.stdout, re.MULTILINE)
    assert [label for label, _ in printed] == [label for label, _ in commands]
    return {label: [line for line in lines.split("\n") if line] for label, lines in printed}


def codes_of(line):
    """Return the codes of all that an answer has against a call, none for one that says yes."""
    told = json.loads(line)
    if not isinstance(told, dict) or "jsonrpc" not in told:
        return []
    data = told["error"]["data"] if "error" in told else told["result"]
    reasons = data.get("reasons", ()) if isinstance(data, dict) else ()
    return [reason["code"] for reason in reasons] or ([data["code"]] if "error" in told else [])


def test_what_make_run_tells_to_try_works_whatever_was_called_before(demo_plant, demo_url, send):
    files = dict(AT_HAND)
    for command in (command for readme in READMES for command in commands(readme)):
        files |= written(command)
        if is_rest(command):
            send(curl_of(words(command)[1:], files))
        else:
            for body in bodies(command):
                demo_plant.request(body.encode())
    morning.play(demo_plant)
    for number in (1_700_012_345, 1_700_054_321):
        for label, lines in tried(demo_url, number).items():
            assert lines or label in ("a call", "the id answered", "a number"), label
            refused = [code for line in lines if line[0] == "{" for code in codes_of(line)]
            assert refused == ([REFUSED[label]] if label in REFUSED else []), (label, lines)


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


def test_the_morning_of_the_demo_plant_is_played_once(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    for name in ("plugins", "parameters"):
        monkeypatch.setenv(f"TRACEPRO_{name.upper()}", str(ROOT / f"{name}.ini"))
    monkeypatch.setenv("TRACEPRO_DATABASE", f"sqlite:///{tmp_path / 'plant.db'}")
    assert main(["migrate"]) == 0
    counts = []
    for _ in range(2):
        morning.main()
        with closing(sqlite3.connect(tmp_path / "plant.db")) as database:
            counts += database.execute("SELECT count(*), max(recorded) FROM items_operation")
    assert counts[0] == counts[1] and counts[0][0] > 50
    assert 0 < now_micros() - counts[0][1] < 15 * MINUTE
    with closing(sqlite3.connect(tmp_path / "plant.db")) as database:
        imported, worked = database.execute(
            "SELECT (SELECT max(created) FROM orders_order), min(tm0) FROM items_operation"
        ).fetchone()
    assert imported <= worked
    assert "was not played" not in capsys.readouterr().out


def test_the_addresses_that_make_run_prints_work_at_once(demo_plant):
    morning.play(demo_plant, boards=2)
    text = (EXAMPLES / "try.txt").read_text()
    printed = re.findall(r"http://127\.0\.0\.1:8080(/ui/\S+)", text)
    pages = {path.split("/")[2]: demo_plant.page(path) for path in printed}
    assert {name: page.status for name, page in pages.items()} == dict.fromkeys(pages, 200)
    assert pages.keys() == {"station", "line", "unit", "login"}
    assert "VP-12345" in pages["line"].words and "C7-900001" in pages["unit"].words
    unit = demo_plant.call("getitem", 1, "C7-000001", 1)
    assert demo_plant.call("canaddop", unit["id"], [[10, None]], 100, [31])["ok"]
