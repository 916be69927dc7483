"""Every text that is stored in a database, changed where it lies."""

import json

from peewee import Value

from tracepro.database.fields import Json, LongText

OURS = {
    "hash",
    "image_sha256",
    "image_type",
    "kind",
    "level",
    "open_key",
    "password_hash",
    "totp_secret",
    "valid_to",
}
"""Columns that hold words of the program, which no client stores."""


def change_texts(plant, change):
    """Change all texts of the plugins' tables, in JSON values too."""
    plant.write(lambda call: [_change(call.db, *column, change) for column in _columns(plant)])


def _columns(plant):
    for registered in plant.site.contributions.models.values():
        model = registered.declaration
        for field in model._meta.sorted_fields:
            if isinstance(field, LongText) and field.column_name not in OURS:
                yield model, field


def _change(db, model, field, change):
    for (value,) in db.rows(model.select(field).distinct()):
        changed = _changed(value, change) if isinstance(field, Json) else _changed_text(value, change)
        if changed != value:
            db.run(model.update({field: changed}).where(field == Value(value, field.db_value, unpack=False)))


def _changed_text(value, change):
    """Change a text, or the texts in one that is JSON."""
    if not value:
        return value
    if value[0] in "[{":
        return json.dumps(_changed(json.loads(value), change))
    return change(value)


def _changed(value, change):
    if isinstance(value, str):
        return change(value) if value else value
    if isinstance(value, list):
        return [_changed(each, change) for each in value]
    if isinstance(value, dict):
        return {name: _changed(each, change) for name, each in value.items()}
    return value
