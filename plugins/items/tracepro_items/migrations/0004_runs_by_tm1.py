"""A record of a FIRST_PIECE step lies in the run that holds its tm1, not the time when the server recorded it."""

from tracepro.database import Instant, Integer, Key, Model


class Operation(Model):
    id = Key()
    tm1 = Instant()

    class Meta:
        table_name = "items_operation"


class RunRecord(Model):
    id = Key()
    op_id = Integer()
    tm1 = Instant()

    class Meta:
        table_name = "items_run_record"


def migrate(schema):
    """Give each record of a run the end of its operation in the place of the time when it was recorded."""
    schema.define("ALTER TABLE items_run_record RENAME COLUMN recorded TO tm1")
    ended = Operation.select(Operation.tm1).where(Operation.id == RunRecord.op_id)
    schema.run(RunRecord.update({RunRecord.tm1: ended}))
