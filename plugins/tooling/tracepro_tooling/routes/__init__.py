"""The REST API of this plugin: a module for each part of it, thin."""

from __future__ import annotations

from tracepro_hookspecs import Route

ROUTES: list[Route] = []
