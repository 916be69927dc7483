"""The table of alerts, open and processed."""

from __future__ import annotations

from tracepro.database import Instant, Integer, Json, Key, LongText, Model, ShortText


class Alert(Model):
    """Something that somebody has to look at; it is open until ``processed``.

    ``open_key`` tells a condition from others: an open alert of a condition that is raised once has it, and no two rows
    have the same. ``filled`` is the form as it was filled in.
    """

    id = Key()
    module = ShortText()
    src = ShortText()
    target = ShortText()
    wp_id = Integer(null=True)
    severity = Integer()
    params = Json()
    info = LongText()
    created = Instant()
    processed = Instant(null=True)
    processed_by = ShortText(null=True)
    filled = Json(null=True)
    open_key = ShortText(null=True, unique=True)

    class Meta:
        table_name = "alerts_alert"
        indexes = ((("processed", "id"), False),)


MODELS: list[type[Model]] = [Alert]
