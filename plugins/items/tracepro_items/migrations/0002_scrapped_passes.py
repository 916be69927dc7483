"""Steps count no bad marks, and know how many of their passes are of scrapped units."""

from peewee import fn

from tracepro.database import Integer, Key, Model

PASS, GOOD, BADMARK, MULTIPANEL = 0, 0, 2, 2
INTEGER = {"sqlite": "INTEGER", "postgresql": "BIGINT"}


class Unit(Model):
    id = Key()
    order_id = Integer()
    tp = Integer()
    bad = Integer()

    class Meta:
        table_name = "items_unit"


class State(Model):
    item_id = Integer()
    op = Integer()
    result = Integer()

    class Meta:
        table_name = "items_state"
        primary_key = False


class Tally(Model):
    order_id = Integer()
    op = Integer()
    good = Integer()
    bad = Integer()
    scrapped = Integer()

    class Meta:
        table_name = "items_tally"
        primary_key = False


def migrate(schema):
    """Add the number of passes of scrapped units, and take bad marks out of the counts."""
    schema.define(f"ALTER TABLE items_tally ADD COLUMN scrapped {INTEGER[schema.dialect]} NOT NULL DEFAULT 0")
    keys = (Unit.order_id, State.op, Unit.bad, State.result)
    of_bad = State.select(*keys, fn.count(State.item_id)).join(Unit, on=(Unit.id == State.item_id))
    of_bad = of_bad.where(Unit.bad != GOOD, Unit.tp != MULTIPANEL).group_by(*keys)
    for order_id, op, bad, result, number in schema.db.rows(of_bad):
        if bad != BADMARK:
            changed = {Tally.scrapped: Tally.scrapped + number} if result == PASS else {}
        elif result == PASS:
            changed = {Tally.good: Tally.good - number}
        else:
            changed = {Tally.bad: Tally.bad - number}
        if changed:
            schema.run(Tally.update(changed).where(Tally.order_id == order_id, Tally.op == op))
