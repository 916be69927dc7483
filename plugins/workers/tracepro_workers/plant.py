"""The section ``workers`` of the plant file: rows are created or updated by id or name."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from functools import partial
from typing import Any

from peewee import Query
from tracepro_workplaces import api as workplaces_api

from tracepro.database import Insert, p, statement
from tracepro_hookspecs import Call, InvalidParams, PlantSection, RowKey
from tracepro_workers import cards, totp
from tracepro_workers import models as m
from tracepro_workers.skills import LEVELS

ID = {"type": "integer", "minimum": 1, "maximum": 2**63 - 1}
CODE_OR_NULL = {"$ref": "shared.json#/$defs/CodeOrNull"}
SKILL = {
    "type": "object",
    "required": ["act", "level"],
    "properties": {
        "act": ID,
        "level": {"enum": list(LEVELS)},
        "valid_to": {"type": ["string", "null"], "maxLength": 10, "pattern": "^[0-9]{4}-[0-9]{2}-[0-9]{2}$"},
    },
    "additionalProperties": False,
}
SCHEMA = {
    "type": "object",
    "required": ["name"],
    "properties": {
        "id": ID,
        "name": {"$ref": "shared.json#/$defs/Name"},
        "code": CODE_OR_NULL,
        "card": CODE_OR_NULL,
        "active": {"type": "boolean"},
        "totp_secret": {"type": ["string", "null"], "maxLength": 255},
        "skills": {"type": "array", "maxItems": 1000, "items": SKILL},
    },
    "additionalProperties": False,
}

Skill = tuple[int, str, str | None]
"""Act, level and last day."""
NEW_SKILL = Insert(m.Skill)


@statement
def skills_of_worker() -> Query:
    """The skills of a worker in order of act."""
    skill = m.Skill
    columns = skill.select(skill.act, skill.level, skill.valid_to)
    return columns.where(skill.worker == p("worker_id")).order_by(skill.act)


@statement
def delete_skills() -> Query:
    """Take all skills from a worker."""
    return m.Skill.delete().where(m.Skill.worker == p("worker_id"))


def load(call: Call, rows: Sequence[Mapping[str, Any]]) -> None:
    """Create or update workers; ``skills``, when given, are all a worker has."""
    secrets = [_totp_secret(row) for row in rows]
    given = [(row.get("id"), _columns(row)) for row in rows]
    put = cards.UPSERT_WORKER.put_all(call, given, partial(cards.require_free, call))
    cards.require_ids_free(call, {worker_id for worker_id, is_new in put if is_new})
    for row, secret, (worker_id, _) in zip(rows, secrets, put, strict=True):
        if "totp_secret" in row:
            totp.set_secret(call, worker_id, secret)
        if "skills" in row:
            _replace_skills(call, worker_id, row["skills"])


def _columns(row: Mapping[str, Any]) -> dict[str, Any]:
    columns = {name: row[name] for name in ("name", "active") if name in row}
    return columns | {name: row[name] or None for name in ("code", "card") if name in row}


def _totp_secret(row: Mapping[str, Any]) -> str | None:
    """Return a row's secret as it is stored; null and "" are none. Raises InvalidParams, which doesn't repeat it."""
    text = row.get("totp_secret")
    if not text:
        return None
    try:
        return totp.parse_secret(text)
    except ValueError as error:
        who = f"Worker {row.get('id', row['name'])}"
        raise InvalidParams(
            "workers", f"{who}: totp_secret {error}; make one with an authenticator tool."
        ) from None


def _replace_skills(call: Call, worker_id: int, rows: Sequence[Mapping[str, Any]]) -> None:
    given = ((row["act"], row["level"], row.get("valid_to")) for row in rows)
    skills = sorted(given, key=lambda skill: skill[0])
    for _, _, valid_to in skills:
        if valid_to is not None:
            _check_date(worker_id, valid_to)
    before = call.db.rows(skills_of_worker, worker_id=worker_id)
    if before == skills:
        return
    workplaces_api.acts(call, [act for act, _, _ in skills])
    call.changed(f"worker {worker_id}", "skills", before, skills)
    call.db.run(delete_skills, worker_id=worker_id)
    columns = ("worker", "act", "level", "valid_to")
    call.db.insert_many(NEW_SKILL, [dict(zip(columns, (worker_id, *skill), strict=True)) for skill in skills])


def _check_date(worker_id: int, text: str) -> None:
    try:
        date.fromisoformat(text)
    except ValueError:
        info = f"Worker {worker_id}: {text} is not a date; write it as 2027-12-31."
        raise InvalidParams("workers", info) from None


def keys(row: Mapping[str, Any]) -> Iterator[RowKey]:
    """Yield what workers don't share: ids, codes and cards, and names where only names say who is meant."""
    yield RowKey("id", row.get("id"))
    if row.get("id") is None:
        yield RowKey("name", row["name"])
    for column in ("code", "card"):
        yield RowKey("code or card", row.get(column) or None, secret=True)
    who = row.get("id", row["name"])
    for index, skill in enumerate(row.get("skills", ())):
        yield RowKey("worker and act", (who, skill["act"]), f"skills[{index}]")


SECTIONS = [PlantSection("workers", SCHEMA, load, keys)]
