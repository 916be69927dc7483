"""What plugins answer, judged and put together."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

import msgspec

from tracepro.calls.invocation import encode_json
from tracepro.calls.running import Kind
from tracepro_hookspecs import Reason
from tracepro_hookspecs.specs import KINDS
from tracepro_hookspecs.specs.answers import ANSWERS

Judge = Callable[[Any], Any]
"""Returns a hook's answer, which isn't None, as the relay takes it; raises WrongAnswer."""
FORMS = {
    hook: msgspec.defstruct("Answer", [("answer", form)], array_like=True) for hook, form in ANSWERS.items()
}
"""The answers' types, each in a struct: what msgspec knows of a struct it keeps, of any other type it finds it out anew."""


class WrongAnswer(TypeError):
    """A hook returned what it may not; the text says what it was and what to return instead, and shows no value."""


def judge_of(hook: str, kind: Kind, plugin: str) -> Judge | None:
    """Return the judge of a plugin's answers to a hook; None where anything goes."""
    if kind == "check":
        return partial(reasons_of, plugin=plugin)
    if kind == "collect":
        return partial(_collected, hook=hook)
    if hook in ANSWERS:
        return partial(in_form, hook=hook)
    return _nothing if kind == "apply" else None


def reasons_of(answer: Any, plugin: str) -> list[Reason]:
    """Return the reasons of a check's answer under its plugin's name. Raises WrongAnswer."""
    if not isinstance(answer, (list, tuple)):
        raise WrongAnswer(f"it returned {shown(answer)}; return a list of Reason, [] for yes")
    for reason in answer:
        if type(reason) is not Reason:
            raise WrongAnswer(
                f"it returned a list with {shown(reason)} in it; return a list of Reason, [] for yes"
            )
    return [
        reason if reason.plugin is not None else msgspec.structs.replace(reason, plugin=plugin)
        for reason in _typed(answer)
    ]


def _typed(answer: Any) -> list[Reason]:
    if not answer:
        return []
    try:
        return msgspec.json.decode(encode_json(answer), type=list[Reason])
    except Exception as error:
        raise WrongAnswer(f"it returned a Reason with a member of another type: {error}") from error


def in_form(answer: Any, hook: str) -> Any:
    """Return an answer of the hook's form. Raises WrongAnswer."""
    try:
        msgspec.convert((answer,), FORMS[hook])
    except msgspec.ValidationError as error:
        raise WrongAnswer(f"it returned {shown(answer)}; return {wanted(hook)}: {error}") from error
    return answer


def _collected(answer: Any, hook: str) -> dict[Any, Any]:
    if not isinstance(answer, dict):
        raise WrongAnswer(f"it returned {shown(answer)}; return a dict, {{}} for nothing")
    try:
        encode_json(answer)
    except Exception as error:
        raise WrongAnswer(f"it returned a dict that is not JSON: {error}") from error
    return dict(in_form(answer, hook) if hook in ANSWERS else answer)


def _nothing(answer: Any) -> Any:
    raise WrongAnswer(f"it returned {shown(answer)}; return nothing, and raise Refused to say no")


def wanted(hook: str) -> str:
    """Return what a hook is to return, as its specification writes it."""
    spec = next(vars(module)[hook] for module in KINDS.values() if hook in vars(module))
    return str(spec.__annotations__["return"])


def shown(answer: Any) -> str:
    """Return what an answer is, without its value, which may be anybody's secret."""
    return repr(answer) if isinstance(answer, bool) else type(answer).__name__


def is_json(value: Any) -> bool:
    """Tell whether a value can be answered."""
    try:
        encode_json(value)
    except Exception:
        return False
    return True


def merge(merged: dict[Any, Any], answer: Mapping[Any, Any]) -> None:
    """Add an answer to those of others: dicts and lists under one key are joined, of other values the last counts."""
    if not merged:
        merged.update(answer)
        return
    for key, value in answer.items():
        known = merged.get(key)
        if isinstance(known, dict) and isinstance(value, dict):
            merged[key] = {**known, **value}
        elif isinstance(known, list) and isinstance(value, list):
            merged[key] = [*known, *value]
        else:
            merged[key] = value
