"""The command line, run in this process: what it prints, its exit code, one sentence on stderr."""

import json
import sys

import pytest

from tracepro.cli.main import main
from tracepro_hookspecs import Command


def test_migrate_a_second_time_has_nothing_to_do(run):
    assert run("migrate") == (0, "The database is up to date.", "")


def test_the_database_is_beside_the_parameters(plant):
    assert (plant / "tracepro.db").exists()


def test_check_says_that_all_is_well(run):
    assert run("check") == (0, "All is well: 1 plugins, no warnings.", "")


def test_check_tells_everything_and_fails(plant, run):
    (plant / "plugins.ini").write_text(
        "[plugins]\nenabled = shelves ghost\n[plugin:gone]\na = 1\n[plugin:shelves]\nb = 2\n"
    )
    code, out, err = run("check")
    assert (code, out) == (1, "")
    lines = err.splitlines()
    assert [line.partition(":")[0] for line in lines] == ["error", "warning", "error"]
    assert "ghost" in lines[0] and "[plugin:gone]" in lines[1] and "unknown option b" in lines[2]


PAGES = """
from tracepro_hookspecs import Page, hookimpl

@hookimpl
def tracepro_register_pages():
    return [Page("saw", "/ui/saw", "Saw", "saw/saw.html", lambda call, request: {})]
"""


def test_check_tells_of_a_template_that_can_not_be_shown(plant, run, shelf):
    shelf.put("saw", PAGES)
    (plant / "plugins.ini").write_text("[plugins]\nenabled = auth pages saw\n")
    assert run("migrate")[0] == 0
    told = "error: Plugin pages can't build the pages: "
    assert run("check")[2].startswith(
        f"{told}ValueError: page saw of saw: there is no template saw/saw.html;"
    )
    (shelf.folder / shelf.names[-1] / "templates").mkdir()
    (shelf.folder / shelf.names[-1] / "templates" / "saw.html").write_text("{% if %}")
    assert run("check")[2].startswith(f"{told}TemplateSyntaxError: ")


LOOKING = """
from tracepro_hookspecs import hookimpl

@hookimpl
def tracepro_site_findings(call):
    answer = {"[shelves] wood": "it rots;\\nuse steel."}
    return answer if call.option("looking", "calm") else [answer]

@hookimpl
def tracepro_register_options():
    from tracepro_hookspecs import Option
    return [Option("calm", True, "Whether it answers as it should.", bool)]
"""


def test_check_tells_what_the_plugins_find(plant, run, shelf):
    shelf.put("looking", LOOKING)
    (plant / "plugins.ini").write_text("[plugins]\nenabled = shelves looking\n")
    code, out, err = run("check")
    assert (code, out) == (0, "All is well: 2 plugins, one warning.")
    assert err == r"warning: Plugin looking: [shelves] wood: it rots;\nuse steel."


def test_a_plugin_that_fails_to_look_fails_the_check(plant, run, shelf):
    shelf.put("looking", LOOKING)
    (plant / "plugins.ini").write_text("[plugins]\nenabled = shelves looking\n[plugin:looking]\ncalm = no\n")
    code, _, err = run("check")
    assert code == 1
    assert (
        "error: Plugin looking (tracepro-looking 1.0): tracepro_site_findings failed with WrongAnswer: it returned list"
        in err
    )


def test_any_other_command_stops_with_one_sentence(plant, run):
    (plant / "plugins.ini").write_text("[plugins]\nenabled = shelves ghost\n")
    for words in (
        ["token", "list"],
        ["migrate"],
        ["import", "x.json"],
        ["shelves", "n"],
        ["audit", "export"],
    ):
        code, out, err = run(*words)
        assert (code, out) == (1, "") and len(err.splitlines()) == 1


def test_plugins_lists_what_runs_and_what_else_is_installed(run, shelf):
    shelf.put("other", "raise RuntimeError", version="4.2")
    code, out, _ = run("plugins")
    lines = out.splitlines()
    assert code == 0
    assert lines[0].split() == ["plugin", "distribution", "version", "lines", "requires"]
    assert lines[1].split() == ["shelves", "tracepro-shelves", "1.0", "all"]
    assert "installed, not enabled: other (tracepro-other 4.2)" in lines


def test_a_command_of_a_plugin_gets_an_open_site(run):
    assert run("shelves", "hello") == (3, "hello 0", "")


def test_help_names_the_commands_of_plugins_too(run, capsys):
    with pytest.raises(SystemExit) as ended:
        main(["--help"])
    out = capsys.readouterr().out
    assert ended.value.code == 0
    assert all(word in out for word in ("serve", "migrate", "token", "shelves", "Count the shelves."))


def test_help_works_where_nothing_else_does(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(SystemExit) as ended:
        main(["-h"])
    assert ended.value.code == 0 and "migrate" in capsys.readouterr().out


def test_an_unknown_command_is_refused(run):
    with pytest.raises(SystemExit) as ended:
        run("shelfs")
    assert ended.value.code == 2


def test_commands_of_the_core_that_need_no_plugin_import_none_before(plant, shelf, capsys):
    for name in [name for name in sys.modules if name.startswith("tracepro_shelves_pkg")]:
        del sys.modules[name]
    with pytest.raises(SystemExit):
        main(["serve", "--help"])
    assert not shelf.imported("shelves")


def test_the_audit_is_exported_as_json_lines(run, plant_file):
    file = plant_file({"shelves": [{"name": "A"}]})
    run("import", file)
    run("import", file)
    rows = [json.loads(line) for line in run("audit", "export")[1].splitlines()]
    assert [row["id"] for row in rows] == [1, 2]
    assert rows[0] | {"tm": "", "request_id": ""} == {
        "id": 1,
        "tm": "",
        "caller": "tracepro",
        "worker": None,
        "wp_id": None,
        "line": None,
        "method": "tracepro import",
        "params": {"shelves": 1},
        "idempotency_key": None,
        "request_id": "",
        "address": "",
        "client_request_id": None,
        "changes": [{"what": "shelf A", "field": "name", "before": None, "after": "A"}],
    }
    assert rows[1]["changes"] == []
    assert [json.loads(line)["id"] for line in run("audit", "export", "--after", "1")[1].splitlines()] == [2]
    assert run("audit", "export", "--since", "2100-01-01T00:00:00Z")[1] == ""


def test_a_plugin_adds_an_action_to_a_command_of_the_core(run, capsys):
    assert run("audit", "shelves", "hello") == (3, "hello 0", "")
    with pytest.raises(SystemExit) as ended:
        main(["audit", "--help"])
    out = capsys.readouterr().out
    assert ended.value.code == 0 and "export" in out and "Count them too." in out


def test_an_action_that_no_enabled_plugin_brings_is_refused_with_a_sentence(run):
    code, out, err = run("audit", "verify")
    assert (code, out) == (1, "")
    assert err == (
        "tracepro audit has no action verify here, only export, shelves; further ones come with plugins, such as seal, when they "
        "are enabled in plugins.ini."
    )


def test_a_plugin_adds_no_action_where_none_is_taken():
    with pytest.raises(ValueError, match="only audit takes further actions"):
        Command("token melt", "Melt.", lambda parser: None, lambda *_: 0)


def test_commands_work_on_both_databases(databases, database, tmp_path, plant_file, monkeypatch, capsys):
    url = databases.fresh(database, ("workplaces",), tmp_path)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("TRACEPRO_DATABASE", url)
    (tmp_path / "plugins.ini").write_text("[plugins]\nenabled = workplaces\n")
    file = plant_file({"workplaces": [{"id": 7, "name": "P", "acts": [1]}], "acts": [{"id": 1, "name": "A"}]})
    tokens = [line.split() for line in ("token create T --scope read", "token revoke T", "token list")]
    for words in (["check"], ["migrate"], ["import", file], ["import", file], *tokens, ["check"]):
        assert main(words) == 0, capsys.readouterr().err
    capsys.readouterr()
    assert main(["audit", "export"]) == 0
    rows = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [row["method"] for row in rows] == [
        *["tracepro import"] * 2,
        "tracepro token create",
        "tracepro token revoke",
    ]
    assert [row["params"] for row in rows[:2]] == [{"acts": 1, "workplaces": 1}] * 2
    assert [(change["what"], change["field"]) for row in rows[2:] for change in row["changes"]] == [
        ("token 1", "scopes"),
        ("token 1", "revoked"),
    ]
