"""The files that old rows were moved into."""

from tracepro.database import Instant, Json, Key, LongText, Model, ShortText


class ArchiveFile(Model):
    id = Key()
    tm = Instant()
    table_name = ShortText()
    path = LongText()
    before = Instant()
    manifest = Json()
    cleared = Instant(null=True)

    class Meta:
        table_name = "core_archive"
        indexes = ((("table_name", "before"), False),)


ArchiveFile.add_index(
    ArchiveFile.index(ArchiveFile.table_name, unique=True).where(ArchiveFile.cleared.is_null())
)


def migrate(schema):
    """Create the table."""
    schema.create(ArchiveFile)
