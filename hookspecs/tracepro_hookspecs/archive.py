"""What of a plugin's tables may leave the database once it is old."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, cast

from peewee import Expression, Field, Model, Node


@dataclass(frozen=True)
class Archive:
    """Rows of a table that ``tracepro archive`` may move into files: no rule needs them and nobody changes them any more.

    ``model`` has an id (a ``Key``), ``tm`` tells how old a row is; one in which it is null stays. ``only`` is the condition
    of rows that may go, ``joins`` further tables, each with the condition that finds its one row, for ``tm`` and
    ``only``. ``beside`` names columns of theirs that stand in each line too, so that rows are found in the file.
    Rows younger than ``min_days`` stay, whatever a site asks for.
    """

    model: type[Model]
    tm: Field[Any]
    meaning: str
    only: Node | None = None
    joins: Sequence[tuple[type[Model], Expression]] = ()
    beside: Mapping[str, Field[Any]] = field(default_factory=dict)
    min_days: int = 1

    def __post_init__(self) -> None:
        if not getattr(self.key, "auto_increment", False):
            raise ValueError(f"archive of {self.table}: the table needs an id of its own, a Key.")
        if twice := sorted(self.beside.keys() & self.model._meta.columns.keys()):
            raise ValueError(
                f"archive of {self.table}: {twice[0]} is a column of its own; name it otherwise."
            )
        if self.min_days < 1:
            raise ValueError(f"archive of {self.table}: min_days must be 1 or more, not {self.min_days}.")

    @property
    def table(self) -> str:
        """The table's name."""
        return str(self.model._meta.table_name)

    @property
    def key(self) -> Field[Any]:
        """The column with the id."""
        return cast("Field[Any]", self.model._meta.primary_key)
