"""``tracepro import``: a plant file once, all or nothing."""

import json

import pytest
from jsonschema import Draft202012Validator

from tracepro.database.lock_file import LockFile


def test_import_creates_once_whatever_often(run, plant_file, count):
    file = plant_file({"shelves": [{"name": "A"}, {"name": "B", "size": 3}]})
    assert run("import", file) == (0, "shelves 2", "")
    assert run("import", file) == (0, "shelves 2", "")
    assert count() == 2


def test_import_prints_the_schema_of_the_files_that_the_site_takes(run, plant_file):
    code, printed, said = run("import", "--schema")
    schema = json.loads(printed)
    assert (code, said, list(schema["properties"])) == (0, "", ["$schema", "shelves"])
    assert Draft202012Validator(schema).is_valid({"$schema": "plant.schema.json", "shelves": [{"name": "A"}]})
    assert run("import", plant_file({"$schema": "plant.schema.json", "shelves": []})) == (0, "shelves 0", "")


@pytest.mark.parametrize(
    ("document", "said"),
    [
        ({"$schema": 1, "shelves": []}, "$schema of a plant file is a text"),
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
        ("{", "plant.json, line 1, column 2 is not JSON: Expecting property name"),
        (
            '{"shelves": [\n  {"name": "A"}\n  {"name": "B"}]}',
            "plant.json, line 3, column 3 is not JSON: Expecting ','",
        ),
        ('{"shelves": NaN}', "plant.json is not a plant file: It is not JSON: NaN is not a JSON number"),
    ],
)
def test_a_bad_plant_file_changes_nothing(run, plant_file, count, document, said):
    code, out, err = run("import", plant_file(document))
    assert (code, out) == (1, "") and said in err and len(err.splitlines()) == 1
    assert count() == 0


def test_a_plant_file_that_is_not_there(run):
    code, _, err = run("import", "nowhere.json")
    assert code == 1 and err.startswith("nowhere.json can't be read")


def test_a_loader_that_fails_in_the_middle_leaves_nothing(run, plant_file, count):
    file = plant_file({"shelves": [{"name": "A"}, {"name": "crash"}]})
    code, out, err = run("import", file)
    assert (code, out) == (1, "")
    assert (
        err.startswith("tracepro import failed because of a bug: RuntimeError('boom') in ")
        and "plugin.py:" in err
    )
    assert count() == 0


def test_many_rows_want_the_server_stopped_on_sqlite(plant, run, plant_file, count):
    file = plant_file({"shelves": [{"name": f"S{number}"} for number in range(10_001)]})
    server = LockFile(plant / "tracepro.db.writer")
    assert server.try_take()
    code, _, err = run("import", file)
    assert code == 1 and "10001 rows" in err and "stop it first" in err
    assert count() == 0
    server.release()
    assert run("import", file) == (0, "shelves 10001", "")
