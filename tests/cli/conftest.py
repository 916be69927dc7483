"""A folder in which the commands run, in this process, with a plugin that brings a table, a section and a command."""

import json

import pytest

from tracepro.cli.main import main

SECTION = """
    from tracepro.database import Insert, Key, Model, ShortText, p, statement
    from tracepro_hookspecs import Command, PlantSection, Route, hookimpl

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

    @hookimpl
    def tracepro_register_routes():
        return [Route("GET", "/api/shelves", list, "read", "Counts.", further_scopes=["shelves:count"])]

    def count(site, arguments):
        print(arguments.word, len(site.store.read(lambda db: db.rows(all_shelves))))
        return 3

    @hookimpl
    def tracepro_register_commands():
        commands = [Command("shelves", "Count the shelves.", lambda parser: parser.add_argument("word"), count)]
        return [*commands, Command("audit shelves", "Count them too.", lambda parser: parser.add_argument("word"), count)]
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


@pytest.fixture
def plant_file(tmp_path):
    """Write a plant file and return its path."""

    def write(document):
        file = tmp_path / "plant.json"
        file.write_text(document if isinstance(document, str) else json.dumps(document))
        return str(file)

    return write


@pytest.fixture
def count(run):
    """Return the number of shelves in the database."""
    return lambda: int(run("shelves", "n")[1].removeprefix("n "))
