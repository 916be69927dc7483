"""The section ``workers`` of the plant file."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from peewee import Query
from tracepro_workplaces import api as workplaces_api

from tracepro.database import Insert, p, statement
from tracepro_hookspecs import Call, InvalidParams, PlantSection
from tracepro_workers import models as m
from tracepro_workers.cards import PUT, require_free
from tracepro_workers.skills import LEVELS

NEW_SKILL = Insert(m.Skill)

ID = {"type": "integer", "minimum": 1, "maximum": 2**63 - 1}
TEXT_OR_NULL = {"type": ["string", "null"], "maxLength": 255}
SKILL = {
    "type": "object",
    "required": ["act", "level"],
    "properties": {
        "act": ID,
        "level": {"enum": list(LEVELS)},
        "valid_to": {"type": ["string", "null"], "pattern": "^[0-9]{4}-[0-9]{2}-[0-9]{2}$"},
    },
    "additionalProperties": False,
}
SCHEMA = {
    "type": "object",
    "required": ["name"],
    "properties": {
        "id": ID,
        "name": {"type": "string", "minLength": 1, "maxLength": 255},
        "code": TEXT_OR_NULL,
        "card": TEXT_OR_NULL,
        "active": {"type": "boolean"},
        # One-time codes are not there yet; a file that names them without using them is right.
        "totp_secret": {"type": "null"},
        "skills": {"type": "array", "items": SKILL},
    },
    "additionalProperties": False,
}


@statement
def delete_skills() -> Query:
    """Take away the skills of a worker."""
    return m.Skill.delete().where(m.Skill.worker == p("worker_id"))


@statement
def skills_of_worker() -> Query:
    """The skills of a worker in order of act."""
    columns = (m.Skill.act, m.Skill.level, m.Skill.valid_to)
    return m.Skill.select(*columns).where(m.Skill.worker == p("worker_id")).order_by(m.Skill.act)


@statement
def identity_of_worker() -> Query:
    """The code and the card of a worker."""
    return m.Worker.select(m.Worker.code, m.Worker.card).where(m.Worker.id == p("worker_id"))


@statement
def update_code() -> Query:
    """Change the code of a worker."""
    return m.Worker.update(code=p("text")).where(m.Worker.id == p("worker_id"))


@statement
def update_card() -> Query:
    """Change the card of a worker."""
    return m.Worker.update(card=p("text")).where(m.Worker.id == p("worker_id"))


UPDATES = {"code": update_code, "card": update_card}


def load(call: Call, rows: Sequence[Mapping[str, Any]]) -> None:
    """Create or update workers; ``skills``, when given, are all a worker has.

    Codes and cards are handed out when all old ones are withdrawn, so that two workers may exchange them in one file.
    """
    numbers = [_put(call, row) for row in rows]
    new = [_withdraw_changed(call, number, row) for number, row in zip(numbers, rows, strict=True)]
    for number, texts in zip(numbers, new, strict=True):
        _hand_out(call, number, texts)
    for number, row in zip(numbers, rows, strict=True):
        if "skills" in row:
            _replace_skills(call, number, row["skills"])


def _put(call: Call, row: Mapping[str, Any]) -> int:
    number, is_new = PUT.put(call, row.get("id"), {key: row[key] for key in ("name", "active") if key in row})
    if is_new:
        require_free(call, str(number), number)
    return number


def _withdraw_changed(call: Call, number: int, row: Mapping[str, Any]) -> dict[str, str | None]:
    """Return the code and card that the row changes, and withdraw the former ones."""
    (identity,) = call.db.rows(identity_of_worker, worker_id=number)
    before = dict(zip(("code", "card"), identity, strict=True))
    given = {key: row[key] or None for key in before if key in row}
    new = {key: text for key, text in given.items() if text != before[key]}
    if new:
        PUT.put(call, number, {"name": row["name"], **dict.fromkeys(new)})
    return new


def _hand_out(call: Call, number: int, texts: Mapping[str, str | None]) -> None:
    for key, text in texts.items():
        if text is not None:
            require_free(call, text, number)
            call.db.run(UPDATES[key], worker_id=number, text=text)
            call.changed(f"worker {number}", key, None, True)


def _replace_skills(call: Call, number: int, rows: Sequence[Mapping[str, Any]]) -> None:
    skills = sorted(
        ((row["act"], row["level"], row.get("valid_to")) for row in rows), key=lambda skill: skill[0]
    )
    _check_skills(number, skills)
    before = call.db.rows(skills_of_worker, worker_id=number)
    if before == skills:
        return
    workplaces_api.acts(call, [act for act, _, _ in skills])
    call.changed(f"worker {number}", "skills", before, skills)
    call.db.run(delete_skills, worker_id=number)
    columns = ("worker", "act", "level", "valid_to")
    call.db.insert_many(NEW_SKILL, [dict(zip(columns, (number, *skill), strict=True)) for skill in skills])


def _check_skills(number: int, skills: Sequence[tuple[int, str, str | None]]) -> None:
    if len({act for act, _, _ in skills}) < len(skills):
        raise InvalidParams("workers", f"Worker {number} has two skills for one act; leave one out.")
    for _, _, valid_to in skills:
        try:
            date.fromisoformat(valid_to or "2000-01-01")
        except ValueError:
            raise InvalidParams(
                "workers", f"Worker {number}: {valid_to} is not a date; write it as 2027-12-31."
            ) from None


SECTIONS = [PlantSection("workers", SCHEMA, load)]
