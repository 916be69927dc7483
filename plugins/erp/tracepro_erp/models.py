"""The tables: what the ERP must hear, which overruns it has heard of, and who worked how long on what."""

from __future__ import annotations

from peewee import CompositeKey

from tracepro.database import CommitOrder, Instant, Integer, Json, Key, Model, ShortText


class Entry(Model):
    """A row of the queue; ``done`` is when the ERP said that it has it.

    ``subject`` is the operation or the unit that it is about, by which a counter-entry finds it.
    """

    id = Key()
    place = CommitOrder()
    kind = ShortText()
    tm = Instant()
    subject = Integer(null=True)
    body = Json()
    done = Instant(null=True)

    class Meta:
        table_name = "erp_entry"


# What waits is found without what is done, however much that is, and the other way round.
Entry.add_index(Entry.index(Entry.place, Entry.id).where(Entry.done.is_null()))
Entry.add_index(Entry.index(Entry.done).where(Entry.done.is_null(False)))
Entry.add_index(Entry.index(Entry.subject, Entry.kind).where(Entry.subject.is_null(False)))


class Overrun(Model):
    """A step of an order whose overrun the ERP was told."""

    order_id = Integer()
    op = Integer()

    class Meta:
        table_name = "erp_overrun"
        primary_key = CompositeKey("order_id", "op")


class Work(Model):
    """Work of one worker on a step: operations of one call, or a time that was reported.

    It took ``micros`` until ``tm1`` and counts ``count`` units, which the operations ``first_op`` to ``last_op``
    recorded. What belongs to one ``batch`` took its time together and shares it by ``weight``; what weighs nothing is
    cancelled. A reported time is a batch of its own, minus the id of its row in the queue.
    """

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


MODELS: list[type[Model]] = [Entry, Overrun, Work]
