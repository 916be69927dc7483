"""The first tables: the queue, the overruns that were told, and the work of workers."""

from peewee import CompositeKey

from tracepro.database import CommitOrder, Instant, Integer, Json, Key, Model, ShortText


class Entry(Model):
    id = Key()
    place = CommitOrder()
    kind = ShortText()
    tm = Instant()
    subject = Integer(null=True)
    body = Json()
    done = Instant(null=True)

    class Meta:
        table_name = "erp_entry"


Entry.add_index(Entry.index(Entry.place, Entry.id).where(Entry.done.is_null()))
Entry.add_index(Entry.index(Entry.done).where(Entry.done.is_null(False)))
Entry.add_index(Entry.index(Entry.subject, Entry.kind).where(Entry.subject.is_null(False)))


class Overrun(Model):
    order_id = Integer()
    op = Integer()

    class Meta:
        table_name = "erp_overrun"
        primary_key = CompositeKey("order_id", "op")


class Work(Model):
    id = Key()
    worker_id = Integer()
    tm1 = Instant()
    micros = Integer()
    order_id = Integer()
    op = Integer()
    act = Integer()
    batch = Integer()
    first_op = Integer(null=True)
    last_op = Integer(null=True)
    count = Integer()
    weight = Integer()

    class Meta:
        table_name = "erp_work"
        indexes = ((("worker_id", "tm1"), False),)


def migrate(schema):
    """Creates the tables."""
    for model in (Entry, Overrun, Work):
        schema.create(model)
