"""docs/public.md has every public name, and says something about it in words that are public too."""

import re
import sys
from importlib import import_module
from inspect import getdoc, isclass, isfunction, unwrap
from pathlib import Path

import pytest

from pages import public
from tracepro.testing.public import names
from tracepro_hookspecs import Call, Session, records

PAGE = (Path(__file__).parents[2] / "docs" / "public.md").read_text("utf-8")
SECTIONS = dict(re.findall(r"^## `([\w.]+)`\n(.*?)(?=^## |\Z)", PAGE, flags=re.MULTILINE | re.DOTALL))
each_module = pytest.mark.parametrize("module", public.modules())


def members_on_page(module, name):
    """Return the names in the list below the heading of a class."""
    found = re.search(rf"^### `{name}\b.*?(?=^##|\Z)", SECTIONS[module], flags=re.MULTILINE | re.DOTALL)
    return set(re.findall(r"^- `(\w+)", found[0], flags=re.MULTILINE)) if found else set()


@each_module
def test_the_page_has_every_public_name_with_all_that_it_has(module):
    on_page = set(re.findall(r"^(?:- (?:fixture )?|### )`(\w+)", SECTIONS[module], flags=re.MULTILINE))
    assert set(names(module)) <= on_page
    for name in names(module):
        members = public.members_of(getattr(import_module(module), name))
        assert members_on_page(module, name) == set(members), name


@pytest.mark.parametrize("kind", [Call, Session])
def test_nothing_of_what_a_handler_is_given_is_left_out(kind):
    had = {name for name in vars(kind) if not name.startswith("_")}
    assert len(had) > 15 and members_on_page("tracepro_hookspecs", kind.__name__) == had


@pytest.mark.parametrize("name", records.__all__)
def test_every_field_of_a_record_is_told(name):
    kind = getattr(records, name)
    line = re.search(rf"^- `{name}\b.*", SECTIONS["tracepro_hookspecs.records"], flags=re.MULTILINE)[0]
    fields = kind.__struct_fields__ if isclass(kind) else ()
    assert [field for field in fields if f"{field}: " not in line] == []


@each_module
def test_every_public_name_has_a_docstring(module):
    assert getdoc(import_module(module))
    silent = [name for name in names(module) if not public.doc_of(module, name)]
    for name in names(module):
        members = public.members_of(getattr(import_module(module), name))
        silent += [f"{name}.{member}" for member, (_, said) in members.items() if not said]
    assert silent == [], f"{module}: the page would show nothing about these"


@each_module
def test_what_a_signature_names_is_public_too(module):
    known = {name for each in public.modules() for name in names(each)}
    for name in names(module):
        value = getattr(import_module(module), name)
        kind = value if hasattr(value, "__module__") else type(value)
        home = vars(sys.modules[kind.__module__])
        for text in [text for text, _ in public.members_of(value).values()] + signatures(module, value):
            words = set(re.findall(r"[A-Z]\w+", re.sub(r'"[^"]*"', "", text))) - known
            assert [word for word in words if is_ours(home.get(word))] == [], f"{module}.{name}: {text}"


def signatures(module, value):
    """Return the signature of what has one; that of a fixture is pytest's business."""
    has_one = isclass(value) or isfunction(unwrap(value))
    return [public.signature_of(value)] if has_one and module != public.FIXTURES else []


def is_ours(thing):
    """Return True for a class of ours, and for a type that has got a name."""
    return thing.__module__.startswith("tracepro") if isclass(thing) else hasattr(thing, "__origin__")
