"""Every way a start can fail ends in one sentence that names what, where and the fix."""

import pytest

from tracepro.config.settings import Settings
from tracepro.database import Integer, Key, Model, ShortText, sqlite_pool
from tracepro.findings import Findings, StartError
from tracepro.site import examine, open_site
from tracepro_hookspecs import Archive, Command, Method, Option, Parameter, PlantSection, Route, hookimpl


def handler(call, wp_id):
    return None


def table(name):
    class Row(Model):
        id = Key()
        number = Integer()

        class Meta:
            table_name = name

    return Row


def fragment(*names):
    """Describes methods of one parameter, wp_id."""
    wp_id = {"name": "wp_id", "required": True, "schema": {"$ref": "shared.json#/$defs/Id"}}
    result = {"name": "nothing", "schema": {}}
    return {
        "methods": [{"name": name, "summary": "-", "params": [wp_id], "result": result} for name in names]
    }


def plugin(*, requires=(), described=(), **brings):
    """Makes a plugin that brings lists of declarations, under the names of the register hooks."""

    class Plugin:
        @hookimpl
        def tracepro_register_requirements(self):
            return list(requires)

    Plugin.fragment = fragment(*described)
    for what, things in brings.items():
        setattr(Plugin, f"tracepro_register_{what}", _registers(f"tracepro_register_{what}", things))
    return Plugin()


def _registers(name, things):
    def hook(self):
        return things() if callable(things) else things

    hook.__name__ = name
    return hookimpl(hook)


def crash():
    raise RuntimeError("boom")


SECTION = PlantSection("things", {}, lambda call, rows: None)
METHOD = Method("ping", handler, "read")
ROUTE = Route("GET", "/api/a/{id}", handler, "read", "A.")
SAME_ROUTE = Route("GET", "/api/a/{number}/", handler, "read", "The same.")
PARAMETER = Parameter("site", "shifts", "", "The shifts.")
COMMAND = Command("boxes", "Boxes.", lambda parser: None, lambda site, arguments: 0)


class Unnumbered(Model):
    name = ShortText(primary_key=True)

    class Meta:
        table_name = "a_unnumbered"


ROW = table("a_row")
ARCHIVE = Archive(ROW, ROW.number, "Rows.")

BROKEN = {
    "two plugins, one method": (
        {"a": plugin(methods=[METHOD], described=["ping"]), "b": plugin(methods=[METHOD])},
        {},
        "The method ping is declared by plugins a and b; rename one of them.",
    ),
    "the core's own method": (
        {"a": plugin(methods=[Method("rpc.discover", handler, "read")])},
        {},
        "The method rpc.discover is declared by the core and plugin a",
    ),
    "two plugins, one route": (
        {"a": plugin(routes=[ROUTE]), "b": plugin(routes=[SAME_ROUTE])},
        {},
        "The route GET /api/a/{number}/ is declared by plugins a and b",
    ),
    "the core's own route": (
        {"a": plugin(routes=[Route("POST", "/api/", handler, "read", "Mine.")])},
        {},
        "The route POST /api/ is declared by the core and plugin a",
    ),
    "the core's section, opened": (
        {"a": plugin(parameters=[Parameter("database", "*", {}, "Anything.")])},
        {},
        "The section [database] is opened by plugin a, and the core declares the parameter url in it",
    ),
    "a route of another verb": (
        {"a": plugin(routes=lambda: [Route("get", "/api/a", handler, "read", "A.")])},
        {},
        "tracepro_register_routes failed with ValueError: route get /api/a: the verb must be one of GET",
    ),
    "a route that writes when a link is followed": (
        {"a": plugin(routes=lambda: [Route("GET", "/api/a", handler, "write", "A.")])},
        {},
        "tracepro_register_routes failed with ValueError: route GET /api/a: GET only reads",
    ),
    "a route with a schema that leads nowhere": (
        {
            "a": plugin(
                routes=[
                    Route("GET", "/api/a", handler, "read", "A.", answer={"$ref": "shared.json#/$defs/Idd"})
                ]
            )
        },
        {},
        "Plugin a: route GET /api/a has a bad schema: shared.json#/$defs/Idd leads nowhere",
    ),
    "a route with a bad schema": (
        {
            "a": plugin(
                routes=[
                    Route(
                        "GET",
                        "/api/a",
                        handler,
                        "read",
                        "A.",
                        query={"x": {"type": "number"}, "y": {"type": 5}},
                    )
                ]
            )
        },
        {},
        "Plugin a: route GET /api/a has a bad schema: 5 is not valid",
    ),
    "a plant section with a pattern that is not linear": (
        {
            "a": plugin(
                plant_sections=[
                    PlantSection("things", {"items": {"pattern": "(?!a)"}}, lambda call, rows: None)
                ]
            )
        },
        {},
        "Plugin a: plant section things has a bad schema: the pattern '(?!a)' is not a regular expression of RE2",
    ),
    "a plant section with a bad schema": (
        {"a": plugin(plant_sections=[PlantSection("things", {"required": 5}, lambda call, rows: None)])},
        {},
        "Plugin a: plant section things has a bad schema: 5 is not of type 'array'",
    ),
    "an anonymous scope that nothing asks for": (
        {"a": plugin()},
        {"parameters": {"api": {"anonymous_scopes": "read wirte"}}},
        "parameters.ini [api] anonymous_scopes: nothing asks for wirte; did you mean write? The scopes are admin, read, write.",
    ),
    "two plugins, one table": (
        {"a": plugin(models=[table("a_row")]), "a_b": plugin(models=[table("a_row")])},
        {},
        "The table a_row is declared by plugins a and a_b",
    ),
    "a table of another name": (
        {"a": plugin(models=[table("b_row")])},
        {},
        "Plugin a: table b_row doesn't begin with a_",
    ),
    "an archive of another's table": (
        {"a": plugin(models=[ROW]), "b": plugin(archives=[ARCHIVE])},
        {},
        "Plugin b: a_row, which it lets a site archive, is not a table of its own",
    ),
    "an archive declared twice": (
        {"a": plugin(models=[ROW], archives=[ARCHIVE, ARCHIVE])},
        {},
        "The archive a_row is declared by plugin a twice",
    ),
    "an archive kept for no day": (
        {"a": plugin(models=[ROW], archives=lambda: [Archive(ROW, ROW.number, "Rows.", min_days=0)])},
        {},
        "archive of a_row: min_days must be 1 or more, not 0.",
    ),
    "an archive with a column twice": (
        {
            "a": plugin(
                models=[ROW], archives=lambda: [Archive(ROW, ROW.number, "Rows.", beside={"id": ROW.number})]
            )
        },
        {},
        "archive of a_row: id is a column of its own; name it otherwise.",
    ),
    "an archive of a table without an id": (
        {"a": plugin(archives=lambda: [Archive(Unnumbered, Unnumbered.name, "Rows.")])},
        {},
        "archive of a_unnumbered: the table needs an id of its own, a Key.",
    ),
    "two plugins, one plant section": (
        {"a": plugin(plant_sections=[SECTION]), "b": plugin(plant_sections=[SECTION])},
        {},
        "The plant section things is declared by plugins a and b",
    ),
    "two plugins, one parameter": (
        {"a": plugin(parameters=[PARAMETER]), "b": plugin(parameters=[PARAMETER])},
        {},
        "The parameter [site] shifts is declared by plugins a and b",
    ),
    "the core's own parameter": (
        {"a": plugin(parameters=[Parameter("site", "timezone", "", "Mine.")])},
        {},
        "The parameter [site] timezone is declared by the core and plugin a",
    ),
    "the core's own command": (
        {"a": plugin(commands=[Command("serve", "Mine.", lambda parser: None, lambda site, arguments: 0)])},
        {},
        "The command serve is declared by the core and plugin a",
    ),
    "one plugin, one command twice": (
        {"a": plugin(commands=[COMMAND, COMMAND])},
        {},
        "The command boxes is declared by plugin a twice",
    ),
    "one plugin, one option twice": (
        {"a": plugin(options=[Option("size", 1, "Size.", int), Option("size", 2, "Size.", int)])},
        {},
        "The option size is declared by plugin a twice",
    ),
    "a register hook that crashes": (
        {"a": plugin(methods=crash)},
        {},
        "Plugin a: tracepro_register_methods failed with RuntimeError: boom",
    ),
    "a register hook that answers something else": (
        {"a": plugin(methods=["ping"])},
        {},
        "Plugin a: tracepro_register_methods answers 'ping', which is not of type Method",
    ),
    "a method without a schema": (
        {"a": plugin(methods=[METHOD])},
        {},
        "Plugin a: method ping has no entry in schemas/a.json",
    ),
    "a schema without a method": (
        {"a": plugin(described=["ping"])},
        {},
        "Plugin a: schemas/a.json describes ping, which the plugin doesn't register",
    ),
    "a requirement that is missing": (
        {"a": plugin(requires=["items"])},
        {},
        "Plugin a requires items, which [plugins] enabled of plugins.ini doesn't have; add items or take a out.",
    ),
    "a requirement that is missing on a line": (
        {"a": plugin(requires=["b"]), "b": plugin()},
        {"lines": {"SMT-1": ("a",)}},
        "Plugin a requires b, which [line:SMT-1] plugins of plugins.ini doesn't have",
    ),
    "a line beyond the site": (
        {"a": plugin()},
        {"lines": {"SMT-1": ("a", "carts")}},
        "[line:SMT-1] of plugins.ini has plugin carts, which [plugins] enabled doesn't have",
    ),
    "a line that nobody can tell": (
        {"a": plugin()},
        {"lines": {"SMT-1": ("a",)}},
        "plugins.ini has a section for line SMT-1, but no enabled plugin tells which line a call is on",
    ),
    "options for a line that nobody can tell": (
        {"a": plugin(options=[Option("size", 1, "Size.", int)])},
        {"options": {"a@SMT-1": {"size": "2"}}},
        "plugins.ini has a section for line SMT-1, but no enabled plugin",
    ),
    "an unknown option": (
        {"a": plugin(options=[Option("size", 1, "Size.", int)])},
        {"options": {"a": {"sise": "2"}}},
        "plugins.ini [plugin:a] has an unknown option sise; did you mean size?",
    ),
    "an unknown parameter": (
        {},
        {"parameters": {"site": {"timezome": "UTC"}}},
        "parameters.ini [site] has an unknown key timezome; did you mean timezone?",
    ),
    "a database of another kind": (
        {},
        {"database": "mysql://root:secret@host/x"},
        "Database url 'mysql://host/x' is neither sqlite:///FILE nor postgresql://HOST/NAME",
    ),
    "a database's password that is no part of a url": (
        {},
        {"database": "postgresql://tracepro:secret%zz@127.0.0.1:1/plant"},
        "Database url 'postgresql://127.0.0.1:1/plant' can't be read; write % in its password as %25",
    ),
    "a database's password that ends nobody knows where": (
        {},
        {"database": "postgresql://tracepro:secret/a@secret@127.0.0.1:1/plant"},
        "User or password of the database url postgresql://… have characters that mean something else in a url; write",
    ),
    "a folder for the database that isn't there": (
        {},
        {"database": "sqlite:////nowhere/at/all/tracepro.db"},
        "There is no database /nowhere/at/all/tracepro.db; correct [database] url",
    ),
    "a database server that isn't there": (
        {},
        {"database": "postgresql://tracepro:secret@127.0.0.1:1/plant"},
        "The database postgresql://127.0.0.1:1/plant can't be reached: ",
    ),
}


@pytest.fixture
def url(tmp_path):
    """An empty database with the core's tables."""
    url = f"sqlite:///{tmp_path}/plant.db"
    open_site(Settings.of((), database=url), migrate=True).close()
    return url


@pytest.mark.parametrize("name", BROKEN)
def test_a_start_that_fails_says_why_in_one_sentence(name, url):
    extra, written, sentence = BROKEN[name]
    settings = Settings.of(tuple(extra), **{"database": url, **written})
    with pytest.raises(StartError) as refused:
        open_site(settings, extra=extra)
    assert sentence in str(refused.value)
    assert "\n" not in str(refused.value) and "secret" not in str(refused.value)
    findings = Findings()
    examine(settings, findings, extra)
    assert any(sentence in finding.info for finding in findings.errors)


def test_a_file_that_this_user_may_not_write_is_told_with_the_fix(url, monkeypatch):
    monkeypatch.setattr(
        sqlite_pool, "READER_PRAGMAS", {"query_only": "ON", "user_version": 1}
    )  # SQLite says the same
    sentence = "attempt to write a readonly database; let this user write the file and its folder, or correct"
    with pytest.raises(StartError, match=sentence):
        open_site(Settings.of((), database=url))


def test_everything_wrong_is_told_at_once(url):
    extra = {"a": plugin(methods=[METHOD]), "b": plugin(requires=["items"])}
    settings = Settings.of(
        (*extra, "ghost"), database=url, options={"a": {"x": "1"}}, parameters={"site": {"timezone": "Mars"}}
    )
    findings = Findings()
    examine(settings, findings, extra)
    said = " ".join(finding.info for finding in findings.errors)
    for part in ("ping has no entry", "requires items", "ghost is enabled", "unknown option x", "timezone"):
        assert part in said
    with pytest.raises(StartError, match="more errors; tracepro check tells all"):
        open_site(settings, extra=extra)


def test_a_database_that_is_behind_names_the_command(tmp_path):
    (tmp_path / "plant.db").touch()
    settings = Settings.of((), database=f"sqlite:///{tmp_path}/plant.db")
    with pytest.raises(StartError, match=r"core/0001_first.*run .tracepro migrate."):
        open_site(settings)


def test_a_database_file_that_is_not_there_is_not_made(tmp_path):
    settings = Settings.of((), database=f"sqlite:///{tmp_path}/mistyped.db")
    with pytest.raises(StartError, match=r"There is no database .*mistyped\.db; correct \[database\] url"):
        open_site(settings)
    findings = Findings()
    examine(settings, findings)
    assert "There is no database" in findings.errors[0].info
    assert list(tmp_path.iterdir()) == []


def test_a_database_that_is_ahead_is_refused(url):
    from tracepro.database.migrating import APPLY

    site = open_site(Settings.of((), database=url))
    row = {"plugin": "core", "name": "9999_future", "checksum": "", "applied": 1}
    site.store.write_inline(lambda db: db.insert(APPLY, **row))
    site.close()
    for migrate in (False, True):
        with pytest.raises(StartError, match="core/9999_future, which this version does not know"):
            open_site(Settings.of((), database=url), migrate=migrate)


class Lines:
    """Knows one line."""

    @hookimpl
    def tracepro_line_names(self):
        return ["SMT-1"]


def test_a_line_that_the_database_does_not_know_is_a_warning(url):
    settings = Settings.of(("lines",), database=url, lines={"SMT-1": ("lines",), "SMT-9": ("lines",)})
    site = open_site(settings, extra={"lines": Lines()})
    try:
        (warning,) = site.warnings
        assert "section for line SMT-9, which the database doesn't know" in warning.info
    finally:
        site.close()


class Number:
    """Answers its number to a check, and has an option."""

    def __init__(self, number):
        self.number = number

    @hookimpl
    def tracepro_check_login(self):
        return []


def test_each_line_has_its_plugins_its_relay_and_its_options(url):
    extra = {"lines": Lines(), "a": Number(1), "b": plugin(options=[Option("size", 1, "Size.", int)])}
    settings = Settings.of(
        ("lines", "a", "b"), database=url, lines={"SMT-1": ("lines", "b")}, options={"b@SMT-1": {"size": "7"}}
    )
    site = open_site(settings, extra=extra)
    try:
        assert site.plugins_on("SMT-1") == {"lines", "b"}
        assert site.plugins_on("SMT-2") == site.plugins_on(None) == {"lines", "a", "b"}
        assert site.relay("SMT-2") is site.relay(None)
        assert site.relay(None).has("tracepro_check_login") and not site.relay("SMT-1").has(
            "tracepro_check_login"
        )
        assert (site.option("b", "size", "SMT-1"), site.option("b", "size", None)) == (7, 1)
    finally:
        site.close()


def test_a_line_with_an_empty_set_has_no_hooks_of_the_site(url):
    settings = Settings.of(("lines", "a"), database=url, lines={"SMT-1": ()})
    site = open_site(settings, extra={"lines": Lines(), "a": Number(1)})
    try:
        assert site.plugins_on("SMT-1") == frozenset()
        assert not site.relay("SMT-1").has("tracepro_check_login")
    finally:
        site.close()


def test_the_secret_of_a_site_stays_the_same(url):
    secrets = []
    for _ in range(2):
        site = open_site(Settings.of((), database=url))
        secrets.append(site.secret)
        site.close()
    assert len(secrets[0]) >= 32 and secrets[0] == secrets[1]
