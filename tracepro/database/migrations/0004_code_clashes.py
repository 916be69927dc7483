"""Stored codes that stay untrimmed, for two would become one."""

from tracepro.database import Json, Key, Model, ShortText


class CodeClash(Model):
    id = Key()
    plugin = ShortText()
    table_name = ShortText()
    row = Json()
    other = Json()

    class Meta:
        table_name = "core_code_clash"


def migrate(schema):
    """Creates the table."""
    schema.create(CodeClash)
