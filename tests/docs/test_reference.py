"""The pages that look things up have all of them, and say what the code says."""

import re

from repository_pages import text_of

from pages.declared import assembly, plugins
from tracepro import reserved
from tracepro_schemas import defs


def rows_of(page):
    """Return the rows of a page's tables, each a list of cells."""
    lines = re.findall(r"^\| (.*) \|$", text_of(page), flags=re.MULTILINE)
    return [[cell.strip() for cell in line.split(" | ")] for line in lines]


def test_the_kind_of_each_code_is_that_with_which_methods_list_it():
    listed = {
        (f"`{error['message']}`", str(error["code"]))
        for plugin in plugins()
        for method in plugin.fragment.get("methods", ())
        for error in method.get("errors", ())
    }
    told = {(row[0], row[1]) for row in rows_of("docs/codes.md")}
    every = {f"`{code}`" for plugin in plugins() for code in plugin.fragment.get("x-codes", ())}
    assert every == {code for code, _ in told} - {"code"}
    assert {each for each in listed if each[0] in every} <= told


def test_every_constant_is_told_with_its_value():
    told = {row[0].strip("`"): row[1] for row in rows_of("docs/constants.md")}
    told.pop("name")
    assert told == {name: str(value) for name, value in defs.constants().items()}


def test_every_method_is_told_with_its_line_and_scope():
    methods = {name: each.declaration for name, each in assembly().contributions.methods.items()}
    rows = {row[0].strip("`"): row[1:] for row in rows_of("docs/methods.md") if len(row) == 4}
    assert {*methods, *reserved.METHODS} <= rows.keys()
    for name, method in methods.items():
        _, line, told = rows[name]
        assert told == method.needed_scope
        assert ("whole plant" in line) == method.plant_wide
        assert set(re.findall(r"`(\w+)`", line)) == set(method.line_from)
