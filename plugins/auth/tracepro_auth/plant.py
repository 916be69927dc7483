"""The section ``users`` of the plant file: passwords are hashed before the transaction, and only where they differ."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from tracepro_auth import passwords, users
from tracepro_hookspecs import Call, PlantSection, row_keys

NAME = {"$ref": "shared.json#/$defs/Name"}
SCHEMA = {
    "type": "object",
    "required": ["username"],
    "properties": {
        "username": NAME,
        "fullname": {"$ref": "shared.json#/$defs/Text"},
        "groups": {"type": "array", "maxItems": 100, "items": NAME},
        "password": {"type": "string", "minLength": 1, "maxLength": passwords.LONGEST},
        "disabled": {"$ref": "shared.json#/$defs/Boolean"},
    },
    "additionalProperties": False,
}


def prepare(call: Call, rows: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Return the rows with hashes in the place of passwords, without those that are a user's already."""
    return [_prepared(call, row) for row in rows]


def _prepared(call: Call, row: Mapping[str, Any]) -> dict[str, Any]:
    users.check_name(row["username"])
    prepared = {name: value for name, value in row.items() if name != "password"}
    if "groups" in row:
        prepared["groups"] = users.distinct(row["groups"])
    if "password" in row:
        user = users.find(call, row["username"])
        known = None if user is None else user.password_hash
        if known is None or not passwords.matches(row["password"], known):
            prepared["password_hash"] = passwords.hashed(row["password"])
    return prepared


def load(call: Call, rows: Sequence[Mapping[str, Any]]) -> None:
    """Create or update users; what a row leaves out stays as it is."""
    for row in rows:
        users.put(call, row["username"], {name: row[name] for name in row if name != "username"})


SECTIONS = [PlantSection("users", SCHEMA, load, row_keys("username"), prepare)]
