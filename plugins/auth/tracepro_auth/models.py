"""The table: users."""

from __future__ import annotations

from tracepro.database import Flag, Json, Key, LongText, Model, ShortText


class User(Model):
    """A user; one without a hash has no password yet and can't log in."""

    id = Key()
    username = ShortText(unique=True)
    fullname = ShortText(default="")
    groups = Json(default=list)
    password_hash = LongText(null=True)
    disabled = Flag(default=False)

    class Meta:
        table_name = "auth_user"


MODELS: list[type[Model]] = [User]
