"""The plugin's table."""

from tracepro.database import Instant, Integer, Key, Model


class Reading(Model):
    """One reading of an oven's temperature."""

    id = Key()
    wp_id = Integer()
    celsius = Integer()
    tm = Instant()

    class Meta:
        table_name = "ovens_reading"
        indexes = ((("wp_id", "id"), False), (("wp_id", "tm"), False))
