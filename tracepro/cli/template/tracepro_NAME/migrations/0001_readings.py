"""Makes the table of readings."""

from tracepro.database import Instant, Integer, Key, Model


class Reading(Model):
    id = Key()
    wp_id = Integer()
    value = Integer()
    tm = Instant()

    class Meta:
        table_name = "NAME_reading"
        indexes = ((("wp_id", "id"), False),)


def migrate(schema):
    schema.create(Reading)
