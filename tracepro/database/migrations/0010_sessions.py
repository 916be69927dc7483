"""Sessions of people at a browser."""

from tracepro.database import Instant, Integer, Json, Key, Model, ShortText


class Session(Model):
    id = Key()
    secret_hash = ShortText()
    name = ShortText()
    scopes = Json()
    lines = Json(null=True)
    user_id = Integer(null=True, index=True)
    token_id = Integer(null=True)
    token_hash = ShortText(null=True)
    created = Instant()
    expires = Instant(index=True)
    ended = Instant(null=True)

    class Meta:
        table_name = "core_session"


def migrate(schema):
    """Creates the table."""
    schema.create(Session)
