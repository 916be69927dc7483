"""What the pages name is there: sections, options, parameters, methods, routes, hooks, codes, plugins, commands."""

import ast
import importlib
import json
import re
from importlib.util import find_spec

import pytest
from repository_pages import NAMING, ROOT, blocks_of, prose_of, quoted_in, text_of

import tracepro_schemas
from pages.declared import Plugin, assembly, plugins
from tracepro import reserved
from tracepro.config.core_parameters import PARAMETERS
from tracepro.rpc.validators import quick_validator
from tracepro_hookspecs.specs import KINDS
from tracepro_schemas import defs

EXAMPLES = [
    Plugin(folder.parent)
    for folder in ROOT.glob("examples/*/setup.cfg")
    if find_spec(f"tracepro_{folder.parent.name}")
]
EVERY = [*plugins(), *EXAMPLES]
METHODS = {*reserved.METHODS, *(method.name for plugin in EVERY for method in plugin.declared("methods"))}
BEGINS_LIKE_A_METHOD = re.compile(
    r"(add|batch|block|can|cancel|check|clear|close|del|erp|find|get|is|line|log|make|mk|parse|process|query|receive|report|"
    r"set|stop|store|unblock|update|where|writeoff)[a-z]{2,}"
)
NO_METHODS = {"cancels", "logistics", "settled"}
OPTIONS = {plugin.name: {option.name for option in plugin.declared("options")} for plugin in EVERY}
KEYS = {("plugins", "enabled"), *((parameter.section, parameter.name) for parameter in PARAMETERS)} | {
    (parameter.section, parameter.name) for plugin in EVERY for parameter in plugin.declared("parameters")
}
KEYS.add(("pages", "url"))
"""A parameter of a plugin that is not part of this version."""
HOOKS = {name for module in KINDS.values() for name in vars(module) if name.startswith("tracepro_")}
NO_HOOKS = {"tracepro_server", "tracepro_owner"}
"""Roles of a database."""
ROUTES = {
    *reserved.ROUTES,
    *((route.verb, route.path) for plugin in EVERY for route in plugin.declared("routes")),
}
SECTIONS = {*assembly().contributions.plant_sections} | {
    section.name for plugin in EXAMPLES for section in plugin.declared("plant_sections")
}
COMMANDS = {
    *reserved.COMMANDS,
    *(command.name for plugin in EVERY for command in plugin.declared("commands")),
}
each_page = pytest.mark.parametrize("page", NAMING)


def _texts_of_the_core():
    """Yield the texts of the core, its codes among them."""
    for file in (*ROOT.glob("tracepro/**/*.py"), *ROOT.glob("hookspecs/**/errors.py")):
        for node in ast.walk(ast.parse(file.read_text("utf-8"))):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                yield node.value


CODES = {code for plugin in EVERY for code in plugin.fragment.get("x-codes", ())}
CODES |= {f"tracepro-{plugin.name}" for plugin in EVERY} | {*_texts_of_the_core()}


@each_page
def test_commands(page):
    named = set(re.findall(r"(?:^|`|; |/)tracepro ([a-z][a-z-]*)", text_of(page), flags=re.MULTILINE))
    assert named <= COMMANDS


@each_page
def test_methods(page):
    named = {word for word in map(_called, quoted_in(page)) if BEGINS_LIKE_A_METHOD.fullmatch(word)}
    named |= set(re.findall(r'"method": ?"([^"]+)"', text_of(page)))
    assert named - NO_METHODS - SECTIONS <= METHODS


def _called(text):
    """Return the name of what is called, or the text."""
    return re.sub(r"\(.*\)$", "", text)


def settings_in(page):
    """Yield section and key, if there is one, of what the sentences and the blocks of a page write as ini files do."""
    for text in quoted_in(page):
        if found := re.fullmatch(r"\[([\w:@.<>…-]+)\](?: (\w+)(?: = .*)?)?", text):
            yield found.groups()
    for block in blocks_of(page, "ini", ""):
        section = None
        for line in block.splitlines():
            if header := re.fullmatch(r"\[([\w:@-]+)\]", line):
                section = header[1]
                yield section, None
            elif section and (key := re.match(r"(\w+) *=", line)):
                yield section, key[1]


@each_page
def test_sections_options_and_parameters(page):
    for section, key in settings_in(page):
        kind, _, name = section.partition(":")
        plugin = name.partition("@")[0]
        if kind == "plugin" and plugin.islower() and plugin.isidentifier():
            assert plugin in OPTIONS and (key is None or key in OPTIONS[plugin]), f"[{section}] {key}"
        elif not name:
            keys = {known for named, known in KEYS if named == section}
            assert keys and (key is None or key in keys or "*" in keys), f"[{section}] {key}"


def _same_path(path):
    return re.sub(r"\{\w+\}", "{}", path).rstrip("/")


@each_page
def test_routes(page):
    known = {(verb, _same_path(path)) for verb, path in ROUTES}
    for text in quoted_in(page):
        if found := re.fullmatch(r"(?:([A-Z]+) )?(/(?:api/[\w/{}]*|[a-z]+z|plugins|metrics))", text):
            verb, path = found[1], _same_path(found[2])
            assert any((verb in (None, each)) and path == known_path for each, known_path in known), text


@each_page
def test_hooks_and_packages(page):
    for text in quoted_in(page) - NO_HOOKS:
        if found := re.match(r"tracepro_\w+(?:\.\w+)*(?=\(|$)", text):
            assert found[0] in HOOKS or _importable(found[0]), text


def _importable(name):
    """Tell whether there is a module of this name, or something in one."""
    module, _, attribute = name.rpartition(".")
    if find_spec(name.partition(".")[0]) is None:
        return False
    return not module or hasattr(importlib.import_module(module), attribute) or find_spec(name) is not None


@each_page
def test_codes(page):
    new = {f"tracepro-{name}" for name in re.findall(r"tracepro new-plugin (\w+)", text_of(page))}
    assert {text for text in quoted_in(page) if re.fullmatch(r"[a-z]+(-[a-z]+)+", text)} <= CODES | new


@each_page
def test_constants(page):
    named = {text for text in quoted_in(page) if re.fullmatch(r"[A-Z]+(_[A-Z]+)+", text)}
    names = [*defs.constants()]
    assert [
        name
        for name in named
        if not name.startswith("TRACEPRO_") and not any(f"_{each}".endswith(f"_{name}") for each in names)
    ] in ([], ["API_VERSION"])


@each_page
def test_plugins(page):
    named = set(re.findall(r"\bplugins? `(\w+)`", prose_of(page)))
    assert named <= {plugin.name for plugin in EVERY}


@each_page
def test_sections_of_the_plant_file(page):
    fits = quick_validator(tracepro_schemas.load("plant"))
    named = re.findall(r"\b[Ss]ections? (?:of the plant file: )?((?:`\w+`(?:,| and)? ?)+)", prose_of(page))
    assert {name for names in named for name in re.findall(r"`(\w+)`", names)} <= SECTIONS
    for block in blocks_of(page, "json"):
        if _is_plant_file(block):
            assert fits(json.loads(block)), block


def _is_plant_file(block):
    return re.match(r'\{"\w+": \[\{', block) is not None and "<!--" not in block
