"""Trims the lines of tokens that were stored before codes were trimmed."""

from tracepro.database import Json, Key, Model
from tracepro.database.stored_codes import Trimming, trim_each


class Token(Model):
    id = Key()
    lines = Json(null=True)

    class Meta:
        table_name = "core_token"


def migrate(schema):
    """Trims."""
    Trimming("core", Token, "lines", clean=trim_each).run(schema)
