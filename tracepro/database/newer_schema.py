"""A server notices that its database was migrated beyond what it knows, and writes no more: its rows would be of the old kind."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from tracepro.database.migrating import migrations_applied
from tracepro.database.migration_files import ahead_of, files, is_ahead
from tracepro.database.store import Store
from tracepro_hookspecs import TryAgain


class NewerSchema:
    """What the migrations of the installed plugins were when the server started; files that are replaced later don't count."""

    def __init__(self, store: Store, folders: Mapping[str, Path]) -> None:
        self._store = store
        self._known = frozenset(file.key for file in files(folders))

    def look(self) -> None:
        """Refuse writes while the database is ahead; one that is away changes nothing."""
        try:
            done = self._store.read(lambda db: db.rows(migrations_applied))
        except TryAgain:
            return
        ahead = ahead_of(self._known, [(plugin, name) for plugin, name, _ in done])
        self._store.writes.refuse(is_ahead(ahead) if ahead else "")
