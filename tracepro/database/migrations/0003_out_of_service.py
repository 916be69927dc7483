"""Plugins that were taken out of service because one of their hooks hung."""

from tracepro.database import Instant, Model, ShortText


class OutOfService(Model):
    plugin = ShortText(primary_key=True)
    hook = ShortText()
    reason = ShortText()
    tm = Instant()

    class Meta:
        table_name = "core_out_of_service"


def migrate(schema):
    """Creates the table."""
    schema.create(OutOfService)
