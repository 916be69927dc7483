"""Own records of boards, boards that a panel leaves out, bad units below each unit, components named again."""

from collections import Counter

from peewee import fn

from tracepro.database import Integer, Json, Key, Model

GOOD = 0
AT_ONCE = 500
INTEGER = {"sqlite": "INTEGER", "postgresql": "BIGINT"}
TEXT = {"sqlite": "TEXT", "postgresql": 'TEXT COLLATE "C"'}


class Unit(Model):
    id = Key()
    bad = Integer()
    bad_below = Integer()

    class Meta:
        table_name = "items_unit"


class Operation(Model):
    id = Key()
    item_id = Integer()
    left_out = Json(null=True)

    class Meta:
        table_name = "items_operation"


class State(Model):
    item_id = Integer()
    op_id = Integer()
    own = Integer()

    class Meta:
        table_name = "items_state"
        primary_key = False


class Component(Model):
    parent_id = Integer()
    child_id = Integer()

    class Meta:
        table_name = "items_component"
        primary_key = False


class Again(Model):
    id = Key()
    op_id = Integer(index=True)
    child_id = Integer()
    built_by = Integer(index=True)

    class Meta:
        table_name = "items_again"


def migrate(schema):
    """Add the columns and the table, and fill the columns from what is stored."""
    integer, text = INTEGER[schema.dialect], TEXT[schema.dialect]
    schema.define(f"ALTER TABLE items_operation ADD COLUMN left_out {text}")
    schema.define(f"ALTER TABLE items_state ADD COLUMN own {integer} NOT NULL DEFAULT 0")
    schema.define(f"ALTER TABLE items_unit ADD COLUMN bad_below {integer} NOT NULL DEFAULT 0")
    schema.define("CREATE INDEX items_removal_built_by ON items_removal (built_by)")
    schema.create(Again)
    by_unit = Operation.select(Operation.id).where(
        Operation.id == State.op_id, Operation.item_id == State.item_id
    )
    schema.run(State.update(own=1).where(fn.EXISTS(by_unit)))
    _fill_bad_below(schema)


def _fill_bad_below(schema):
    """Add each bad component to what it is built into, level by level."""
    bad = Component.select(Component.child_id).join(Unit, on=(Unit.id == Component.child_id))
    level = Counter({row[0]: 1 for row in schema.db.rows(bad.where(Unit.bad != GOOD))})
    while level:
        above = Counter()
        for child_id, parent_id in _edges(schema, sorted(level)):
            above[parent_id] += level[child_id]
        for parent_id, number in above.items():
            more = Unit.update(bad_below=Unit.bad_below + number)
            schema.run(more.where(Unit.id == parent_id))
        level = above


def _edges(schema, child_ids):
    query = Component.select(Component.child_id, Component.parent_id)
    for start in range(0, len(child_ids), AT_ONCE):
        yield from schema.db.rows(query.where(Component.child_id.in_(child_ids[start : start + AT_ONCE])))
