"""The first table: users."""

from tracepro.database import Flag, Json, Key, LongText, Model, ShortText


class User(Model):
    id = Key()
    username = ShortText(unique=True)
    fullname = ShortText(default="")
    groups = Json(default=list)
    password_hash = LongText(null=True)
    disabled = Flag(default=False)

    class Meta:
        table_name = "auth_user"


def migrate(schema):
    """Creates the table."""
    schema.create(User)
