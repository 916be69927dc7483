"""What this plugin brings: hook implementations only, each one calling the feature."""

from __future__ import annotations

from typing import Any

from tracepro.database import Model
from tracepro_alerts import alerts, line_panel, methods, models, pages, processing
from tracepro_hookspecs import Archive, Call, Method, Page, hookimpl


@hookimpl
def tracepro_register_requirements() -> list[str]:
    return ["workplaces"]


@hookimpl
def tracepro_register_models() -> list[type[Model]]:
    return models.MODELS


@hookimpl
def tracepro_register_archives() -> list[Archive]:
    return [processing.ARCHIVE]


@hookimpl
def tracepro_register_methods() -> list[Method]:
    return methods.METHODS


@hookimpl
def tracepro_register_pages() -> list[Page]:
    return [pages.PAGE]


@hookimpl
def tracepro_page_panels(call: Call, page: str, subject: Any) -> dict[str, dict[str, Any]]:
    return {"alerts": line_panel.panel(call, subject)} if page == "line" else {}


@hookimpl
def tracepro_line_of(call: Call, parameter: str, value: Any) -> str | None:
    return alerts.line_of(call, value) if parameter == "alert_id" else None


@hookimpl
def tracepro_apply_alert(
    call: Call,
    module: str,
    src: str,
    target: str,
    wp_id: int | None,
    severity: int,
    params: dict[str, Any],
    info: str,
    key: str | None,
) -> int:
    subject = alerts.Subject(module, src, target, wp_id)
    return alerts.raise_once(call, subject, severity, params, info, key)
