"""The backups that were made."""

from tracepro.database import Instant, Integer, Key, LongText, Model


class BackupFile(Model):
    id = Key()
    tm = Instant()
    path = LongText()
    rows = Integer()
    size = Integer()

    class Meta:
        table_name = "core_backup_file"


def migrate(schema):
    """Create the table."""
    schema.create(BackupFile)
