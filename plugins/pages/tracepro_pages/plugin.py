"""What this plugin brings: hook implementations only, each one calling the feature."""

from __future__ import annotations

from tracepro_hookspecs import Layout, Page, Parameter, Route, hookimpl
from tracepro_pages import audit, frame, home, parameters, people, search, site


@hookimpl
def tracepro_register_requirements() -> list[str]:
    return ["auth"]


@hookimpl
def tracepro_register_parameters() -> list[Parameter]:
    return parameters.PARAMETERS


@hookimpl
def tracepro_register_layouts() -> list[Layout]:
    return [Layout("pages", frame.Frame)]


@hookimpl
def tracepro_register_pages() -> list[Page]:
    return [home.PAGE, search.PAGE, people.PAGE, site.PAGE, audit.PAGE]


@hookimpl
def tracepro_register_routes() -> list[Route]:
    return people.routes_of_site()
