"""The plugin's table."""

from tracepro.database import Instant, Integer, Json, Key, Model, ShortText


class Torque(Model):
    """One torque that was measured with an operation."""

    id = Key()
    op_id = Integer(index=True)
    item_id = Integer(index=True)
    op = Integer()
    wp_id = Integer()
    name = ShortText()
    nm = Json()
    tm = Instant()

    class Meta:
        table_name = "torque_torque"
        indexes = ((("wp_id", "tm"), False),)
