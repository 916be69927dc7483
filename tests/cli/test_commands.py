"""The command line, run in this process: what it prints, its exit code, one sentence on stderr."""

import json
import sys

import pytest

from tracepro.cli.main import main

SECTION = """
    from tracepro.database import Insert, Key, Model, ShortText, p, statement
    from tracepro_hookspecs import Command, PlantSection, hookimpl

    class Shelf(Model):
        id = Key()
        name = ShortText(unique=True)

        class Meta:
            table_name = "shelves_shelf"

    NEW = Insert(Shelf)

    @statement
    def shelf_by_name():
        return Shelf.select(Shelf.id).where(Shelf.name == p("name"))

    @statement
    def all_shelves():
        return Shelf.select(Shelf.id)

    ROW = {
        "type": "object",
        "required": ["name"],
        "properties": {"name": {"type": "string"}, "size": {"$ref": "shared.json#/$defs/Count"}},
        "additionalProperties": False,
    }

    def load(call, rows):
        for row in rows:
            if row["name"] == "crash":
                raise RuntimeError("boom")
            if call.db.one(shelf_by_name, name=row["name"]) is None:
                call.db.insert(NEW, name=row["name"])
                call.changed(f"shelf {row['name']}", "name", None, row["name"])

    @hookimpl
    def tracepro_register_models():
        return [Shelf]

    @hookimpl
    def tracepro_register_plant_sections():
        return [PlantSection("shelves", ROW, load)]

    def count(site, arguments):
        print(arguments.word, len(site.store.read(lambda db: db.rows(all_shelves))))
        return 3

    @hookimpl
    def tracepro_register_commands():
        return [Command("shelves", "Count the shelves.", lambda parser: parser.add_argument("word"), count)]
"""
MIGRATION = """
from tracepro.database import Key, Model, ShortText

class Shelf(Model):
    id = Key()
    name = ShortText(unique=True)

    class Meta:
        table_name = "shelves_shelf"

def migrate(schema):
    schema.create(Shelf)
"""


@pytest.fixture
def plant(tmp_path, monkeypatch, shelf):
    """A folder with the two files, a plugin of shelves, and a migrated database."""
    shelf.put("shelves", SECTION)
    migrations = shelf.folder / "tracepro_shelves_pkg" / "migrations"
    migrations.mkdir()
    (migrations / "0001_first.py").write_text(MIGRATION)
    for name in ("TRACEPRO_PLUGINS", "TRACEPRO_PARAMETERS", "TRACEPRO_DATABASE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.chdir(tmp_path)
    (tmp_path / "plugins.ini").write_text("[plugins]\nenabled = shelves\n")
    (tmp_path / "parameters.ini").write_text("[site]\ntimezone = Europe/Prague\n")
    assert main(["migrate"]) == 0
    return tmp_path


@pytest.fixture
def run(plant, capsys):
    """Run a command and return exit code, stdout and stderr."""
    capsys.readouterr()

    def run(*words):
        code = main(words)
        said = capsys.readouterr()
        return code, said.out.strip(), said.err.strip()

    return run


def plant_file(plant, document):
    file = plant / "plant.json"
    file.write_text(document if isinstance(document, str) else json.dumps(document))
    return str(file)


def shelves(run):
    return run("shelves", "n")[1]


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


def test_any_other_command_stops_with_one_sentence(plant, run):
    (plant / "plugins.ini").write_text("[plugins]\nenabled = shelves ghost\n")
    for words in (
        ["token", "list"],
        ["migrate"],
        ["import", "x.json"],
        ["shelves", "n"],
        ["audit", "export"],
    ):
        plant_file(plant, {})
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


def test_import_creates_once_whatever_often(plant, run):
    file = plant_file(plant, {"shelves": [{"name": "A"}, {"name": "B", "size": 3}]})
    assert run("import", file) == (0, "shelves 2", "")
    assert run("import", file) == (0, "shelves 2", "")
    assert shelves(run) == "n 2"


@pytest.mark.parametrize(
    ("document", "said"),
    [
        (
            {"shelves": [{"name": "A"}, {"name": "B", "size": 0}]},
            "Row 2 of shelves (name B): shelves.size must be",
        ),
        ({"shelves": [{"name": "A"}, {"nam": "B"}]}, "Row 2 of shelves: shelves must be an object with"),
        ({"shelves": [{"name": "A"}, 5]}, "Row 2 of shelves: shelves must be an object"),
        ({"shelves": {"name": "A"}}, "Section shelves of the plant file must be a list"),
        ({"shelves": [{"name": "A"}], "boxes": []}, "Section 'boxes' of the plant file belongs to no plugin"),
        ([], "A plant file is a JSON object"),
        ('{"shelves": [], "shelves": []}', "twice"),
        ("{", "is not a plant file"),
    ],
)
def test_a_bad_plant_file_changes_nothing(plant, run, document, said):
    code, out, err = run("import", plant_file(plant, document))
    assert (code, out) == (1, "") and said in err and len(err.splitlines()) == 1
    assert shelves(run) == "n 0"


def test_a_plant_file_that_is_not_there(run):
    code, _, err = run("import", "nowhere.json")
    assert code == 1 and err.startswith("nowhere.json can't be read")


def test_a_loader_that_fails_in_the_middle_leaves_nothing(plant, run):
    file = plant_file(plant, {"shelves": [{"name": "A"}, {"name": "crash"}]})
    code, out, err = run("import", file)
    assert (code, out) == (1, "")
    assert (
        err.startswith("tracepro import failed because of a bug: RuntimeError('boom') in ")
        and "plugin.py:" in err
    )
    assert shelves(run) == "n 0"


def test_many_rows_want_the_server_stopped_on_sqlite(plant, run):
    file = plant_file(plant, {"shelves": [{"name": f"S{number}"} for number in range(10_001)]})
    from tracepro.database.lock_file import LockFile

    server = LockFile(plant / "tracepro.db.writer")
    assert server.try_take()
    code, _, err = run("import", file)
    assert code == 1 and "10001 rows" in err and "stop it first" in err
    assert shelves(run) == "n 0"
    server.release()
    assert run("import", file) == (0, "shelves 10001", "")


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


def token(run, *words):
    code, out, err = run("token", *words)
    assert code == 0, err
    return out


def test_a_token_is_printed_once_and_listed_without_its_secret(run):
    text = token(run, "create", "SMT-1", "--scope", "write", "--scope", "read", "--days", "3")
    number, secret = text.removeprefix("tp_").split("_", 1)
    assert number == "1" and len(secret) == 43
    (_, row) = token(run, "list").splitlines()
    assert row.startswith("SMT-1  read write  any") and secret not in row


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["create", "A", "--scope", "read"], "There is a token A already"),
        (
            ["create", "B", "--scope", "wrte"],
            "Nothing asks for scope wrte; the scopes are admin, read, write.",
        ),
        (["create", "B", "--scope", "read", "--days", "0"], "--days must be from 1"),
        (["create", "anonymous", "--scope", "read"], "anonymous"),
        (["create", " ", "--scope", "read"], "from 1 to 255"),
        (["revoke", "B"], "There is no token B"),
    ],
)
def test_a_wrong_token_command_is_refused(run, words, said):
    token(run, "create", "A", "--scope", "read")
    code, out, err = run("token", *words)
    assert (code, out) == (1, "") and said in err


def test_a_scope_of_a_plugin_is_known(run):
    token(run, "create", "A", "--scope", "shelves:count")


def test_a_revoked_token_says_when(run):
    token(run, "create", "A", "--scope", "read")
    token(run, "revoke", "A")
    row = token(run, "list").splitlines()[1]
    token(run, "revoke", "A")
    assert token(run, "list").splitlines()[1] == row and row.endswith("Z")


def test_the_audit_is_exported_as_json_lines(plant, run):
    file = plant_file(plant, {"shelves": [{"name": "A"}]})
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
        "changes": [{"what": "shelf A", "field": "name", "before": None, "after": "A"}],
    }
    assert rows[1]["changes"] == []
    assert [json.loads(line)["id"] for line in run("audit", "export", "--after", "1")[1].splitlines()] == [2]
    assert run("audit", "export", "--since", "2100-01-01T00:00:00Z")[1] == ""


def test_commands_work_on_both_databases(databases, database, tmp_path, monkeypatch, capsys):
    url = databases.fresh(database, ("workplaces",), tmp_path)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("TRACEPRO_DATABASE", url)
    (tmp_path / "plugins.ini").write_text("[plugins]\nenabled = workplaces\n")
    file = plant_file(
        tmp_path, {"workplaces": [{"id": 7, "name": "P", "acts": [1]}], "acts": [{"id": 1, "name": "A"}]}
    )
    tokens = [line.split() for line in ("token create T --scope read", "token revoke T", "token list")]
    for words in (["check"], ["migrate"], ["import", file], ["import", file], *tokens, ["check"]):
        assert main(words) == 0, capsys.readouterr().err
    capsys.readouterr()
    assert main(["audit", "export"]) == 0
    rows = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [row["params"] for row in rows] == [{"acts": 1, "workplaces": 1}] * 2
