"""The section ``workers`` of the plant file."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from tracepro_workplaces import api as workplaces

from tracepro.database import Insert, Statement, p
from tracepro_hookspecs import InvalidParams, PlantSection
from tracepro_workers import models as m
from tracepro_workers.cards import PUT, must_be_free
from tracepro_workers.skills import LEVELS

NEW_SKILL = Insert(m.Skill)
CLEAR_SKILLS = Statement(lambda: m.Skill.delete().where(m.Skill.worker == p("worker_id")))
SKILLS = Statement(lambda: (
    m.Skill.select(m.Skill.act, m.Skill.level, m.Skill.valid_to)
    .where(m.Skill.worker == p("worker_id")).order_by(m.Skill.act)
))  # fmt: skip

IDENTITY = Statement(
    lambda: m.Worker.select(m.Worker.code, m.Worker.card).where(m.Worker.id == p("worker_id"))
)
GIVE = {
    "code": Statement(lambda: m.Worker.update(code=p("text")).where(m.Worker.id == p("worker_id"))),
    "card": Statement(lambda: m.Worker.update(card=p("text")).where(m.Worker.id == p("worker_id"))),
}

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


def load(call: Any, rows: Sequence[Mapping[str, Any]]) -> None:
    """Creates or updates workers; ``skills``, when given, are all a worker has.

    Codes and cards are given out when all old ones are in, so that two workers may exchange them in one file.
    """
    numbers = [_put(call, row) for row in rows]
    new = [_texts_taken_in(call, number, row) for number, row in zip(numbers, rows, strict=True)]
    for number, texts in zip(numbers, new, strict=True):
        _give_out(call, number, texts)
    for number, row in zip(numbers, rows, strict=True):
        if "skills" in row:
            _teach(call, number, row["skills"])


def _put(call: Any, row: Mapping[str, Any]) -> int:
    number, is_new = PUT.put(call, row.get("id"), {key: row[key] for key in ("name", "active") if key in row})
    if is_new:
        must_be_free(call, str(number), number)
    return number


def _texts_taken_in(call: Any, number: int, row: Mapping[str, Any]) -> dict[str, str | None]:
    """Returns the code and card that the row changes, and takes the former ones in."""
    before = dict(zip(("code", "card"), call.db.one(IDENTITY, worker_id=number), strict=True))
    given = {key: row[key] or None for key in before if key in row}
    new = {key: text for key, text in given.items() if text != before[key]}
    if new:
        PUT.put(call, number, {"name": row["name"], **dict.fromkeys(new)})
    return new


def _give_out(call: Any, number: int, texts: Mapping[str, str | None]) -> None:
    for key, text in texts.items():
        if text is not None:
            must_be_free(call, text, number)
            call.db.run(GIVE[key], worker_id=number, text=text)
            call.changed(f"worker {number}", key, None, True)


def _teach(call: Any, number: int, rows: Sequence[Mapping[str, Any]]) -> None:
    skills = sorted(
        ((row["act"], row["level"], row.get("valid_to")) for row in rows), key=lambda skill: skill[0]
    )
    _must_be_sound(number, skills)
    before = call.db.rows(SKILLS, worker_id=number)
    if before == skills:
        return
    workplaces.acts(call, [act for act, _, _ in skills])
    call.changed(f"worker {number}", "skills", before, skills)
    call.db.run(CLEAR_SKILLS, worker_id=number)
    columns = ("worker", "act", "level", "valid_to")
    call.db.insert_many(NEW_SKILL, [dict(zip(columns, (number, *skill), strict=True)) for skill in skills])


def _must_be_sound(number: int, skills: Sequence[tuple[int, str, str | None]]) -> None:
    if len({act for act, _, _ in skills}) < len(skills):
        raise InvalidParams("workers", f"Worker {number} has two skills for one act; leave one out.")
    for _, _, valid_to in skills:
        try:
            date.fromisoformat(valid_to or "2000-01-01")
        except ValueError:
            raise InvalidParams(
                "workers", f"Worker {number}: {valid_to} is no date; write it as 2027-12-31."
            ) from None


SECTIONS = [PlantSection("workers", SCHEMA, load)]
