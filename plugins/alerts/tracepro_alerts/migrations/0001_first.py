"""The first table: alerts."""

from tracepro.database import Instant, Integer, Json, Key, LongText, Model, ShortText


class Alert(Model):
    id = Key()
    module = ShortText()
    src = ShortText()
    target = ShortText()
    wp_id = Integer(null=True)
    severity = Integer()
    params = Json()
    info = LongText()
    created = Instant()
    processed = Instant(null=True)
    processed_by = ShortText(null=True)
    filled = Json(null=True)
    open_key = ShortText(null=True, unique=True)

    class Meta:
        table_name = "alerts_alert"
        indexes = ((("processed", "id"), False),)


def migrate(schema):
    """Creates the table."""
    schema.create(Alert)
