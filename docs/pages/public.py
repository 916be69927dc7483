"""docs/public.md: every public name with its signature and what its docstring says."""

from __future__ import annotations

import inspect
import re
from functools import cached_property
from importlib import import_module
from typing import Any, ForwardRef

import msgspec
import peewee

from pages import assigned
from pages.declared import plugins
from pages.markdown import MADE, joined
from tracepro.database import Insert, Statement
from tracepro.testing import PlantClock, RpcError
from tracepro.testing.public import MODULES, names

INTRODUCTION = """\
What a plugin may use, module by module, beside the hooks ([hooks.md](hooks.md)). [plugins.md](plugins.md) shows how, and says what is
promised of it; what is not here may change with any version. Types of `peewee` and of Python's library stand in signatures as they are.
"""
FIXTURES = "tracepro.testing.fixtures"
HANDED_ON = (Insert, Statement)
"""Classes of which plugins hand objects to a session, which alone uses what they have."""
LONGEST_DEFAULT = 30


def page() -> str:
    """Return the page."""
    contents = " · ".join(f"[`{name}`](#{name.replace('.', '')})" for name in modules())
    return "\n".join(["# Everything public\n", MADE, INTRODUCTION, f"{contents}\n", *map(_module, modules())])


def modules() -> list[str]:
    """Return every public module, those of the core first."""
    return [*MODULES, *(f"tracepro_{plugin.name}.api" for plugin in plugins() if plugin.has_api)]


def doc_of(module: str, name: str) -> str:
    """Return what the docstring of a public name says, "" where it says nothing."""
    value = getattr(import_module(module), name)
    return _said(value) if _is_defined(value) else assigned.doc_of(module, name)


def signature_of(value: Any) -> str:
    """Return a signature as it is written, without the object itself; "" of a class of which plugins make no object."""
    if inspect.isclass(value) and not _is_made_by_plugins(value):
        return ""
    signature = inspect.signature(value)
    parameters = [
        _parameter(each) for each in signature.parameters.values() if each.name not in ("self", "cls")
    ]
    returned = signature.empty if inspect.isclass(value) else _text(signature.return_annotation)
    return str(signature.replace(parameters=parameters, return_annotation=returned))


def members_of(value: object) -> dict[str, tuple[str, str]]:
    """Return what a class, or an object of one of ours, has: the signature and the docstring of each member by its name."""
    return {name: (_member(name, each), _said(each)) for name, each in _members(value)}


def _is_defined(value: Any) -> bool:
    """Return True for classes and functions, which have docstrings, False for what is assigned."""
    return inspect.isclass(value) or inspect.isfunction(inspect.unwrap(value))


def _said(value: Any) -> str:
    """Return a docstring that somebody wrote; the one that dataclasses make begins with the name."""
    text = inspect.unwrap(value).__doc__ or ""
    return "" if text.startswith(f"{getattr(value, '__name__', '')}(") else inspect.cleandoc(text)


def _module(name: str) -> str:
    module, public = import_module(name), names(name)
    classes = [each for each in public if _members(getattr(module, each))]
    plain = "".join(f"{_entry(name, each)}\n" for each in public if each not in classes)
    parts = [f"## `{name}`\n", f"{joined(_said(module))}\n", plain, *(_class(name, each) for each in classes)]
    return "\n".join(part for part in parts if part)


def _entry(module: str, name: str) -> str:
    """Return the line of a name that has no members of its own."""
    value, said = getattr(import_module(module), name), joined(doc_of(module, name))
    if module == FIXTURES:
        return f"- fixture `{name}`, {_given_by(value)}: {said}"
    written = signature_of(value) if _is_defined(value) else assigned.value_of(module, name)
    return f"- `{name}{written}` {said}".rstrip()


def _class(module: str, name: str) -> str:
    """Return a class, or an object of one, with its members."""
    value = getattr(import_module(module), name)
    written = signature_of(value) if inspect.isclass(value) else ""
    members = "".join(f"- `{text}` {joined(said)}\n" for text, said in members_of(value).values())
    return f"### `{name}{written}`\n\n{joined(doc_of(module, name))}\n\n{members}"


def _members(value: object) -> list[tuple[str, Any]]:
    kind = value if inspect.isclass(value) else type(value)
    if not kind.__module__.startswith("tracepro") or issubclass(
        kind, (*HANDED_ON, peewee.Node, peewee.Model)
    ):
        return []  # what a column has is peewee's
    found = [(name, getattr(each, "__func__", each)) for name, each in vars(kind).items()]
    return [(name, each) for name, each in found if _is_member(name, each)]


def _is_member(name: str, each: Any) -> bool:
    if name.startswith("_") and name != "__call__":
        return False
    return isinstance(each, (property, cached_property)) or inspect.isfunction(inspect.unwrap(each))


def _member(name: str, member: Any) -> str:
    if isinstance(member, (property, cached_property)):
        getter: Any = member.fget if isinstance(member, property) else member.func
        return f"{name}: {_annotation(inspect.signature(getter).return_annotation)}"
    return f"{name}{signature_of(member)}"


def _given_by(fixture: Any) -> str:
    """Return what a fixture gives, by its annotation."""
    kind = _annotation(inspect.signature(fixture).return_annotation)
    return f"`{kind.removeprefix('Iterator[').removesuffix(']')}`"


def _is_made_by_plugins(kind: type) -> bool:
    if kind.__module__.startswith("tracepro.testing."):  # its fixtures make most
        return kind in (PlantClock, RpcError)
    ours = [vars(each) for each in kind.__mro__ if each.__module__.startswith("tracepro")]
    made = issubclass(kind, msgspec.Struct) or any("__init__" in each or "__new__" in each for each in ours)
    return made and not getattr(kind, "_is_protocol", False)


def _parameter(parameter: inspect.Parameter) -> inspect.Parameter:
    default = parameter.default
    if default is not parameter.empty:
        text = _short(default.__name__ if inspect.isclass(default) else repr(default))
        is_long = text.startswith("<") or len(text) > LONGEST_DEFAULT
        default = _Written("…" if is_long else text.replace("'", '"'))
    return parameter.replace(annotation=_text(parameter.annotation), default=default)


class _Written:
    """A piece of a signature, as it is to stand there."""

    def __init__(self, text: str) -> None:
        self._text = text

    def __repr__(self) -> str:
        return self._text


def _text(annotation: Any) -> Any:
    return annotation if annotation is inspect.Signature.empty else _Written(_annotation(annotation))


def _annotation(annotation: Any) -> str:
    if isinstance(annotation, ForwardRef):
        annotation = annotation.__forward_arg__
    return _short(annotation if isinstance(annotation, str) else inspect.formatannotation(annotation))


def _short(text: str) -> str:
    """Return names without the modules before them."""
    return re.sub(r"\b(?:[a-z_]+\.)+(?=[A-Z])", "", text)
