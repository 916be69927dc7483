"""Connections that outlive a plant: what new ones would have to learn and plan again takes most of a short test on PostgreSQL."""

from __future__ import annotations

from tracepro.database.pg_pool import PgPool


class KeptPool(PgPool):
    """The connections of a database of a test process; the next store of that database goes on with the idle ones."""

    def close_writers(self) -> None:
        """Keep them: their thread has ended, not they."""

    def close(self) -> None:
        """Keep those that are free and well, close the others."""
        self.writers = [each for each in self.writers if each.is_open]
        self.readers = [each for each in self.readers if each.is_open]
        for connection in {*self.all} - {*self.writers, *self.readers, self.inline}:
            connection.close()

    def disconnect(self) -> None:
        """Close them all."""
        super().close()
