"""Wrong guesses of passwords and codes, counted for each account."""

from tracepro.database import Instant, Key, Model, ShortText


class Guess(Model):
    id = Key()
    account = ShortText()
    tm = Instant()

    class Meta:
        table_name = "core_guess"
        indexes = ((("account", "tm"), False),)


def migrate(schema):
    """Creates the table."""
    schema.create(Guess)
