"""The first table: user data."""

from tracepro.database import Flag, Json, Key, Model, ShortText


class UserData(Model):
    id = Key()
    clazz = ShortText()
    name = ShortText()
    value = Json(null=True)
    public = Flag()

    class Meta:
        table_name = "sitedata_user_data"
        indexes = ((("clazz", "name"), True),)


def migrate(schema):
    """Creates the table."""
    schema.create(UserData)
