"""Every statement finds its rows by an index: nothing on the way of a scan grows with the history."""

import importlib
import json
import pkgutil
import re
from importlib.metadata import entry_points
from types import MappingProxyType

from peewee import SelectBase

import tracepro
from tracepro.database import Bytes, Flag, Insert, Integer, Statement, p, statement
from tracepro.database.core_models import CORE_MODELS, Audit

PLUGINS = {point.name: point.module.partition(".")[0] for point in entry_points(group="tracepro.plugins")}
BOUNDED = {
    "auth_user": "one row a user",
    "core_code_clash": "what one migration found",
    "core_guess": "those of the last guess_minutes",
    "core_out_of_service": "one row a plugin",
    "core_session": "those of the last hours, and some that expired",
    "core_secret": "one row a secret",
    "core_token": "one row a token",
    "counters_range": "the plant file",
    "counters_sequence": "one row a sequence",
    "items_run": "one row a workplace",
    "lines_line": "the plant file",
    "lines_machine": "the plant file",
    "material_bom": "one row a hole and article of a workplace",
    "material_place": "one row a reel that is loaded now",
    "material_station": "one row a workplace",
    "tooling_tool": "one row a tool",
    "workers_login": "one row a worker and workplace of the last login",
    "workers_one_time_code": "those that are valid, and expired ones until the next",
    "workers_skill": "the plant file",
    "workers_worker": "the plant file",
    "workplaces_act": "the plant file",
    "workplaces_assignment": "the plant file",
    "workplaces_workplace": "the plant file",
}
WHOLE_LIST = r"\.[A-Z]+\.all(, limited)?\Z"
"""All objects of a kind in order of id, for ``list_rows``, which reads no more than an answer may have."""
NOT_WHILE_IT_WORKS = r"\.(backup|migrations|migrating|stored_codes|testing|__main__)\b"
ROWS = 1000
OPERATIONS = 40_000
LONG = "1000000"
ROWS_ALIKE = {"wp_id": 37_000, "order_id": 1_000}
"""How many rows of a long history have the same value in such a column."""
LIMIT = 20_001
OF_POSTGRESQL = r"pg_get_serial_sequence|current_setting"
"""What statements about the database itself ask that SQLite doesn't know."""


@statement
def without_an_index():
    """What the test must find."""
    return Audit.select(Audit.id).where(Audit.method == p("method"))


def modules_of(package):
    found = importlib.import_module(package)
    for info in pkgutil.walk_packages(found.__path__, f"{package}."):
        if not re.search(NOT_WHILE_IT_WORKS, info.name):
            yield importlib.import_module(info.name)


def statements():
    """Return every statement by module and name, and queries also as lists are read, with a limit."""
    found = {
        f"{module.__name__}.{name}": value
        for package in (tracepro.__name__, *PLUGINS.values())
        for module in modules_of(package)
        for name, value in statements_in(module)
        if not re.search(OF_POSTGRESQL, value.on("sqlite").sql)
    }
    once = {each: name for name, each in found.items()}  # others are imported
    found = {name: each for each, name in once.items()}
    queries = {name: each for name, each in found.items() if isinstance(each.build(), SelectBase)}
    found |= {f"{name}, limited": each.limited(LIMIT) for name, each in queries.items()}
    return {
        name: each
        for name, each in found.items()
        if not re.search(WHOLE_LIST, name) and not reads_the_last(each)
    }


def reads_the_last(statement):
    """Tell whether a statement reads nothing but the row with the highest id."""
    sql = statement.on("sqlite").sql
    return "WHERE" not in sql and re.search(r'ORDER BY "t1"."id" DESC LIMIT \S+\Z', sql) is not None


def statements_in(module):
    """Yield the statements of a module by name, those also that an object of it makes for itself (``TOOLS.by_id``)."""
    for name, value in vars(module).items():
        if isinstance(value, Statement):
            yield name, value
        elif type(value).__module__.startswith("tracepro") and not isinstance(value, Insert):
            own = getattr(value, "__dict__", {}).items()
            yield from ((f"{name}.{inner}", each) for inner, each in own if isinstance(each, Statement))


class SqlitePlans:
    """Asks SQLite which tables a statement reads from one end to the other."""

    def __init__(self, db, models):
        self.db = db

    def read_through(self, statement):
        sql = statement.on("sqlite").sql
        tables = {alias: table for table, alias in re.findall(r'"(\w+)" AS "(\w+)"', sql)}
        steps = self.db.raw_rows(f"EXPLAIN QUERY PLAN {sql}", *[None] * sql.count("?"))
        names = [found[1] for *_, step in steps if (found := re.match(r"SCAN (\w+)", step))]
        return {tables.get(name, name) for name in names}


class AnalyzedPlans(SqlitePlans):
    """Asks SQLite the same when it knows, as after ANALYZE, that the history is long: it may then think of other ways."""

    def __init__(self, db, models):
        super().__init__(db, models)
        db.define("ANALYZE")
        db.define("DELETE FROM sqlite_stat1")
        for (table,) in db.raw_rows("SELECT name FROM sqlite_master WHERE type = 'table'"):
            for _, index, unique, *_ in db.raw_rows(f'PRAGMA index_list("{table}")'):
                columns = [row[2] for row in db.raw_rows(f'PRAGMA index_info("{index}")')]
                alike = [str(ROWS_ALIKE.get(columns[0], 10)), *["10"] * (len(columns) - 1)]
                alike[-1] = "1" if unique else alike[-1]
                insert = "INSERT INTO sqlite_stat1 VALUES (?, ?, ?) RETURNING 1"
                assert db.raw_rows(insert, table, index, " ".join([LONG, *alike]))
        db.define("ANALYZE sqlite_schema")


class Nothing(dict):
    """The values of a statement of which only the plan is asked; what the query fixes itself keeps its type."""

    def __missing__(self, name):
        return ()


def _numbered(field):
    """Return the value of a column in row n."""
    if isinstance(field, (Integer, Flag)):
        return "n"
    return "n::text::bytea" if isinstance(field, Bytes) else "n::text"


class PostgresqlPlans:
    """Asks PostgreSQL the same, of tables that have some rows and by the plan that any values would get."""

    def __init__(self, db, models):
        self.db = db
        for model in models:
            self._fill(model)
        for setting in ("enable_seqscan", "enable_hashjoin", "enable_mergejoin"):
            db.define(f"SET LOCAL {setting} = off")
        db.define("SET LOCAL plan_cache_mode = force_generic_plan")
        self.leading_column = self._leading_columns()

    def _leading_columns(self):
        rows = self.db.raw_rows(
            "SELECT indexrelid::regclass::text, attname FROM pg_index JOIN pg_attribute "
            "ON attrelid = indrelid AND attnum = indkey[0]"
        )
        return dict(rows)

    def _fill(self, model, rows=ROWS, values_of=MappingProxyType({})):
        """Put rows into a table that differ in every column, so that an index is better than reading all."""
        table, fields = model._meta.table_name, model._meta.sorted_fields
        names = ", ".join(f'"{field.column_name}"' for field in fields)
        values = ", ".join(
            values_of.get(field.column_name, _numbered(getattr(field, "rel_field", field)))
            for field in fields
        )
        self.db.define(f'INSERT INTO "{table}" ({names}) SELECT {values} FROM generate_series(1, {rows}) n')
        self.db.define(f'ANALYZE "{table}"')

    def read_through(self, statement):
        compiled = statement.on("postgresql")
        parts = compiled.sql.split("%s")
        sql = "".join(f"{part}${number}" for number, part in enumerate(parts[:-1], 1)) + parts[-1]
        types = ["bigint" if type(value) is int else "unknown" for value in compiled.bind(Nothing())]
        takes = f"({', '.join(types)})" if types else ""
        given = f"({', '.join(['NULL'] * len(types))})" if types else ""
        self.db.define(f"PREPARE asked {takes} AS {sql}".replace("%%", "%"))
        ((found,),) = self.db.raw_rows(f"EXPLAIN (FORMAT JSON) EXECUTE asked{given}")
        self.db.define("DEALLOCATE asked")
        (plan,) = found if isinstance(found, list) else json.loads(found)
        return set(self._through(plan["Plan"]))

    def _through(self, node, table=None):
        """Yield the tables that a plan reads whole: without an index, or along one without looking anything up."""
        table = node.get("Relation Name", table)
        if table and node["Node Type"] == "Seq Scan":
            yield table
        if index := node.get("Index Name"):
            column = re.escape(self.leading_column[index])
            if not re.search(rf"\b{column}\b", node.get("Index Cond", "")):
                yield table
        for inner in node.get("Plans", ()):
            yield from self._through(inner, table)


class LongPostgresqlPlans(PostgresqlPlans):
    """Asks PostgreSQL how many operations of a long record it expects to read: of too many it takes all, index or not.

    Of an open span of time it expects a third.
    """

    def __init__(self, db, models):
        self.db = db
        operation = next(model for model in models if model._meta.table_name == "items_operation")
        db.define(f"TRUNCATE {operation._meta.table_name}")
        self._fill(
            operation,
            OPERATIONS,
            {"wp_id": "n % 27", "order_id": "n / 1000", "item_id": "n / 10", "cancelled": "0"},
        )
        self.leading_column = self._leading_columns()

    def read_through(self, statement):
        if statement is without_an_index or "items_operation" not in statement.on("postgresql").sql:
            return {"core_audit"} if statement is without_an_index else set()
        return super().read_through(statement) & {"items_operation"}

    def _through(self, node, table=None):
        table = node.get("Relation Name", table)
        if (
            table == "items_operation"
            and node["Node Type"].endswith("Scan")
            and node["Plan Rows"] > OPERATIONS / 10
        ):
            yield table
        for inner in node.get("Plans", ()):
            yield from self._through(inner, table)


PLANS = {
    "sqlite": [SqlitePlans, AnalyzedPlans],
    "postgresql": [PostgresqlPlans, LongPostgresqlPlans],
}


def test_no_statement_reads_a_table_through_that_grows(make_plant, database):
    plant = make_plant(tuple(PLUGINS))
    models = [*(each.declaration for each in plant.site.contributions.models.values()), *CORE_MODELS]
    tables = {model._meta.table_name for model in models}
    assert tables >= BOUNDED.keys()
    asked = statements()
    assert len(asked) > 300
    assert any(name.endswith("TOOLS.locked") for name in asked)

    def ask(call):
        for kind in PLANS[database]:
            plans = kind(call.db, models)
            assert plans.read_through(without_an_index) == {"core_audit"}
            found = {name: plans.read_through(each) & tables - BOUNDED.keys() for name, each in asked.items()}
            yield from ((kind.__name__, name, through) for name, through in found.items() if through)

    assert plant.write(lambda call: list(ask(call))) == []
