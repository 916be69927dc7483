"""The plugin's table."""

from tracepro.database import Instant, Integer, Key, Model


class Reading(Model):
    """One reading at a workplace."""

    id = Key()
    wp_id = Integer()
    value = Integer()
    tm = Instant()

    class Meta:
        table_name = "NAME_reading"
        indexes = ((("wp_id", "id"), False),)
