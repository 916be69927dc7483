"""Methods bound to their schemas: built once at start, so that a call costs a look-up and a check in C."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from copy import copy
from functools import cached_property
from types import MappingProxyType
from typing import Any
from zoneinfo import ZoneInfo

import jsonschema_rs
import orjson

from tracepro.calls.invocation import Endpoint, Fault, line_pairs
from tracepro.findings import Findings
from tracepro.plugin.contributions import Registered
from tracepro.rpc import explain
from tracepro.rpc.agreement import disagreements
from tracepro.rpc.coercions import Coerce, Coercion, Instants, coercion_of, coercions, refusal
from tracepro.rpc.envelope import Params
from tracepro.rpc.fragments import resolve_refs, shared_type
from tracepro.rpc.judge import Judge
from tracepro.rpc.validators import promise_fault, promise_validator, quick_validator
from tracepro_hookspecs import Method


class BoundMethod:
    """A method with its schema: ``by_name`` orders what a client sent, ``bind`` checks and coerces it, ``fits`` tells at
    once that it will not be refused for its schema.

    ``method`` is the declaration, ``plugin`` whose it is, ``spec`` its part of the fragment, ``endpoint`` how the
    way of a call sees it.
    """

    def __init__(
        self,
        method: Method,
        plugin: str,
        spec: Mapping[str, Any],
        fragment: Mapping[str, Any],
        known: Mapping[str, Coercion],
    ) -> None:
        self.method = method
        self.plugin = plugin
        self.spec = spec
        self.names = [param["name"] for param in spec["params"]]
        self.required = [param["name"] for param in spec["params"] if param.get("required")]
        self.schema = resolve_refs(_params_schema(spec), plugin, fragment)
        self._fragment = fragment
        self.endpoint = _endpoint(method, plugin, self._answer_fault)
        self.fits = quick_validator(self.schema)
        self._judge = Judge(self.schema)
        self._coercions = tuple(_coercions(spec, self.schema, known))
        times = {name: coerce for name, _, coerce in self._coercions if isinstance(coerce, Instants)}
        self._instants = times["tm1"] if {"tm0", "tm1"} <= times.keys() else None

    def handled_by(self, method: Method) -> BoundMethod:
        """Return the same with the declaration that the plugin has made for another site, whose handler knows that site."""
        bound = copy(self)
        bound.method, bound.endpoint = method, _endpoint(method, self.plugin, bound._answer_fault)
        return bound

    def result_fault(self, result: Any) -> str | None:
        """Return the sentence that says where a result is not what the schema promises, or None; for tests and ``--strict``."""
        return promise_fault(self._result_validator, result)

    def _answer_fault(self, answer: bytes) -> str | None:
        return self.result_fault(orjson.loads(answer))

    @cached_property
    def _result_validator(self) -> jsonschema_rs.Validator:
        """The validator of results, made when first asked for."""
        return promise_validator(resolve_refs(self.spec["result"]["schema"], self.plugin, self._fragment))

    def by_name(self, params: Params) -> dict[str, Any]:
        """Return parameters by name, whichever way they were sent. Raises InvalidParams for too many."""
        if type(params) is dict:
            return params
        if len(params) > len(self.names):
            raise explain.too_many(self.method.name, len(params), self.names)
        return dict(zip(self.names, params, strict=False))

    def bind(self, sent: Mapping[str, Any]) -> dict[str, Any]:
        """Return the handler's arguments for named parameters. Raises InvalidParams naming parameter and rule."""
        if not self.fits(sent):
            self._refuse(sent)
        arguments = dict(sent)
        for name, ready, coerce in self._coercions:
            value = arguments.get(name)
            if value is not None and type(value) is not ready:
                try:
                    arguments[name] = coerce(value)
                except ValueError as error:
                    raise refusal(name, error) from None
        if self._instants is not None and arguments.get("tm1") is not None:
            self._instants.take_later_end(arguments, sent)
        return arguments

    def _refuse(self, sent: Mapping[str, Any]) -> None:
        refusal = explain.names_refused(
            self.method.name, sent, self.names, self.required
        ) or self._judge.refusal(sent)
        if refusal is not None:
            raise refusal


def _endpoint(method: Method, plugin: str, fault: Fault) -> Endpoint:
    return Endpoint(
        name=method.name,
        plugin=plugin,
        handler=method.handler,
        access=method.access,
        scope=method.needed_scope,
        line_from=line_pairs(method.line_from),
        prepare=method.prepare,
        secret=method.secret,
        alone=method.alone,
        plant_wide=method.plant_wide,
        fault=fault,
    )


def _params_schema(spec: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "type": "object",
        "properties": {param["name"]: param["schema"] for param in spec["params"]},
        "required": [param["name"] for param in spec["params"] if param.get("required")],
        "additionalProperties": False,
    }


def _coercions(
    spec: Mapping[str, Any], schema: Mapping[str, Any], known: Mapping[str, Coercion]
) -> Iterator[tuple[str, type | None, Coerce]]:
    """Yield name, ready type and coercion of the parameters that have one."""
    for param in spec["params"]:
        name = param["name"]
        coercion = known.get(shared_type(param["schema"]) or "")
        if coercion is not None:
            yield name, coercion.ready, coercion.coerce
        elif change := coercion_of(schema["properties"][name], schema):
            yield name, int, change


def bind_methods(
    declared: Mapping[str, Registered[Method]],
    fragments: Mapping[str, Mapping[str, Any]],
    zone: ZoneInfo,
    findings: Findings,
    bound_before: Mapping[str, BoundMethod] = MappingProxyType({}),
) -> dict[str, BoundMethod]:
    """Bind every declared method to the fragment of its plugin (``fragments`` is by plugin).

    A method without a schema, a schema without a method, and whatever else disagrees is a finding; such a
    method is left out. ``bound_before`` are methods of another site of the same time zone; what was bound to the same
    schema is taken from there.
    """
    known = coercions(zone)
    bound: dict[str, BoundMethod] = {}
    for name, registered in declared.items():
        plugin, method = registered.plugin, registered.declaration
        fragment = fragments.get(plugin, {})
        spec = next((spec for spec in fragment.get("methods", ()) if spec.get("name") == name), None)
        if (before := bound_before.get(name)) is not None and before.spec is spec:
            bound[name] = before if before.method is method else before.handled_by(method)
            continue
        faults = list(disagreements(method, spec, plugin, fragment))
        for fault in faults:
            findings.error(f"Plugin {plugin}: method {name} {fault}")
        if spec is not None and not faults:
            bound[name] = BoundMethod(method, plugin, spec, fragment, known)
    _find_orphans(declared, fragments, findings)
    return bound


def _find_orphans(
    declared: Mapping[str, Registered[Method]], fragments: Mapping[str, Mapping[str, Any]], findings: Findings
) -> None:
    for plugin, fragment in fragments.items():
        for spec in fragment.get("methods", ()):
            registered = declared.get(spec.get("name"))
            if registered is None or registered.plugin != plugin:
                findings.error(
                    f"Plugin {plugin}: schemas/{plugin}.json describes {spec.get('name')}, which the plugin doesn't "
                    "register; register it or take it out."
                )
