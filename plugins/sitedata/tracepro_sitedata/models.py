"""The table: values that programs keep under a name, by class."""

from __future__ import annotations

from tracepro.database import Flag, Json, Key, Model, ShortText


class UserData(Model):
    """A value under a name within a class; one that is not public is for plugins only."""

    id = Key()
    clazz = ShortText()
    name = ShortText()
    value = Json(null=True)
    public = Flag()

    class Meta:
        table_name = "sitedata_user_data"
        indexes = ((("clazz", "name"), True),)


MODELS: list[type[Model]] = [UserData]
