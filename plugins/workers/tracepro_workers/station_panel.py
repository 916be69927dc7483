"""What the page of a station shows of workers: who is logged in, their ESD tests, and their skills for what is done there."""

from __future__ import annotations

from typing import Any

from tracepro_workplaces import api as workplaces_api

from tracepro_hookspecs import Call
from tracepro_hookspecs.records import Worker, Workplace
from tracepro_workers import esd, skills
from tracepro_workers.logins import logged_in
from tracepro_workers.workers import workers


def panels(call: Call, workplace: Workplace) -> dict[str, dict[str, Any]]:
    """Return the panel of who is logged in at a workplace."""
    here = workers(call, [worker.id for worker in logged_in(call, [workplace.id])[workplace.id]])
    names = {act.id: act.name for act in workplaces_api.acts(call, workplace.acts)}
    shown = {
        "title": "Workers",
        "template": "workers/station.html",
        "esd_required": esd.is_required(call, workplace),
        "skills_required": skills.are_required(call),
        "workers": [_shown(call, worker, workplace, names) for worker in here],
    }
    return {"workers": shown}


def _shown(call: Call, worker: Worker, workplace: Workplace, names: dict[int, str]) -> dict[str, Any]:
    """Return a worker with the reasons against working here, those of ESD and of skills apart."""
    return {
        "name": worker.name,
        "esd_tm": worker.esd_tm,
        "esd": [reason.info for reason in esd.reasons_against(call, [worker], workplace)],
        "skills": {names[skill.act]: skill.level for skill in worker.skills if skill.act in names},
        "skill": [reason.info for reason in skills.reasons_at_login(call, worker, workplace)],
    }
