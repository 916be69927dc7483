"""Checking results against the methods' schemas, so that no test passes with an answer nobody promised."""

from __future__ import annotations

from typing import Any

import jsonschema_rs

import tracepro_schemas

BASE = "https://tracepro/"


class Results:
    """The result schemas of all methods a site has; a validator is made when a method is first called."""

    def __init__(self, site: Any) -> None:
        fragments = {plugin.name: plugin.fragment for plugin in site.plugins if plugin.fragment}
        contents = [(f"{BASE}{name}.json", fragment) for name, fragment in fragments.items()]
        contents.append((f"{BASE}shared.json", tracepro_schemas.load("shared")))
        self._registry = jsonschema_rs.Registry(contents)
        self._places = {
            method["name"]: f"{BASE}{name}.json#/methods/{index}/result/schema"
            for name, fragment in fragments.items()
            for index, method in enumerate(fragment.get("methods", ()))
        }
        self._validators: dict[str, Any] = {}

    def check(self, method: str, result: Any) -> None:
        """Raises AssertionError with a sentence when a result is not what the method's schema promises."""
        if method not in self._places:
            return
        error = next(self._validator(method).iter_errors(result), None)
        assert error is None, (
            f"{method} answers what its schema doesn't promise: {error.message} ({error.instance_path})"
        )

    def _validator(self, method: str) -> Any:
        if method not in self._validators:
            schema = {"$ref": self._places[method]}
            self._validators[method] = jsonschema_rs.Draft202012Validator(schema, registry=self._registry)
        return self._validators[method]
