"""What the pages name is there: sections, options, parameters, methods, routes, hooks, codes, plugins, commands."""

import ast
import importlib
import json
import re
from importlib.util import find_spec
from types import SimpleNamespace

import pytest
from repository_pages import NAMING, ROOT, blocks_of, prose_of, quoted_in, text_of

import tracepro_schemas
from pages.declared import Plugin, assembly, plugins
from tracepro import reserved
from tracepro.config.core_parameters import PARAMETERS
from tracepro.metrics.declared import METRICS
from tracepro.rpc.validators import quick_validator
from tracepro_hookspecs.specs import KINDS
from tracepro_schemas import defs

BEGINS_LIKE_A_METHOD = re.compile(
    r"(add|batch|block|can|cancel|check|clear|close|del|erp|find|get|is|line|log|make|mk|parse|process|query|receive|report|"
    r"set|stop|store|unblock|update|where|writeoff)[a-z]{2,}"
)
NO_METHODS = {"cancels", "logistics", "settled"}
NO_HOOKS = {"tracepro_server", "tracepro_owner"}
"""Roles of a database."""


@pytest.fixture(scope="module")
def known():
    """What the core, the plugins and the examples declare."""
    examples = [Plugin(file.parent) for file in ROOT.glob("examples/*/setup.cfg")]
    every = [*plugins(), *(each for each in examples if find_spec(f"tracepro_{each.name}"))]

    def declared(what):
        return [each for plugin in every for each in plugin.declared(what)]

    return SimpleNamespace(
        plugins={plugin.name for plugin in every},
        commands={*reserved.COMMANDS, *(command.name for command in declared("commands"))},
        methods={*reserved.METHODS, *(method.name for method in declared("methods"))},
        sections={*(section.name for section in declared("plant_sections"))},
        options={plugin.name: {option.name for option in plugin.declared("options")} for plugin in every},
        keys={
            ("plugins", "enabled"),
            *((parameter.section, parameter.name) for parameter in [*PARAMETERS, *declared("parameters")]),
        },
        routes={
            (verb, _same_path(path))
            for verb, path in [
                *reserved.ROUTES,
                *((route.verb, route.path) for route in declared("routes")),
                *(("GET", page.path) for page in declared("pages")),
            ]
        },
        hooks={name for module in KINDS.values() for name in vars(module) if name.startswith("tracepro_")},
        codes={code for plugin in every for code in plugin.fragment.get("x-codes", ())},
    )


def unknown(faults_in):
    """Return what a rule finds wrong, by page."""
    return {page: faults for page in NAMING if (faults := set(faults_in(page)))}


def test_commands(known):
    named = re.compile(r"(?:^|`|; |/)tracepro ([a-z][a-z-]*)", flags=re.MULTILINE)
    assert unknown(lambda page: {*named.findall(text_of(page))} - known.commands) == {}


def test_methods(known):
    def named_in(page):
        called = {re.sub(r"\(.*\)$", "", text) for text in quoted_in(page)}
        yield from filter(BEGINS_LIKE_A_METHOD.fullmatch, called)
        yield from re.findall(r'"method": ?"([^"]+)"', text_of(page))

    assert unknown(lambda page: {*named_in(page)} - NO_METHODS - known.sections - known.methods) == {}


def settings_in(page):
    """Yield section and key, None for the section alone, of what sentences and blocks write as ini files do."""
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


def test_sections_options_and_parameters(known):
    def is_there(section, key):
        kind, _, name = section.partition(":")
        plugin = name.partition("@")[0]
        if kind == "plugin" and re.fullmatch(r"[a-z_]+", plugin):
            return key in known.options.get(plugin, ()) or (key is None and plugin in known.options)
        keys = {each for named, each in known.keys if named == section}
        return bool(name) or key in keys or "*" in keys or (key is None and bool(keys))

    assert unknown(lambda page: {each for each in settings_in(page) if not is_there(*each)}) == {}


def _same_path(path):
    return re.sub(r"\{\w+\}", "{}", path).rstrip("/")


def test_routes(known):
    def is_there(verb, path):
        return any(verb in ("", each) and _same_path(path) == other for each, other in known.routes)

    named = re.compile(r"`(?:([A-Z]+) )?(/(?:api/[\w/{}]*|[a-z]+z|plugins|metrics))`")
    assert unknown(lambda page: {each for each in named.findall(prose_of(page)) if not is_there(*each)}) == {}


def test_hooks_and_packages(known):
    named = re.compile(r"`(tracepro_\w+(?:\.\w+)*)[`(]")

    def is_there(name):
        return name in known.hooks or name in METRICS or name in NO_HOOKS or _is_importable(name)

    assert unknown(lambda page: {each for each in named.findall(prose_of(page)) if not is_there(each)}) == {}


def _is_importable(name):
    """Tell whether there is a module of this name, or something in one."""
    module, _, attribute = name.rpartition(".")
    if find_spec(name.partition(".")[0]) is None:
        return False
    return not module or hasattr(importlib.import_module(module), attribute) or find_spec(name) is not None


def test_codes(known):
    words = {f"tracepro-{plugin}" for plugin in known.plugins} | {*_texts_of_the_core()}

    def named_in(page):
        new = {f"tracepro-{name}" for name in re.findall(r"tracepro new-plugin (\w+)", text_of(page))}
        return {text for text in quoted_in(page) if re.fullmatch(r"[a-z]+(-[a-z]+)+", text)} - new

    assert unknown(lambda page: named_in(page) - known.codes - words) == {}


def _texts_of_the_core():
    """Yield the texts of the core, its codes among them."""
    for file in (*ROOT.glob("tracepro/**/*.py"), *ROOT.glob("hookspecs/**/errors.py")):
        for node in ast.walk(ast.parse(file.read_text("utf-8"))):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                yield node.value


def test_constants():
    ends = {"_".join(name.split("_")[start:]) for name in defs.constants() for start in range(3)}
    named = re.compile(r"`(?!TRACEPRO_|API_VERSION)([A-Z]+(?:_[A-Z]+)+)`")
    assert unknown(lambda page: {*named.findall(prose_of(page))} - ends) == {}


def test_plugins(known):
    assert unknown(lambda page: {*re.findall(r"\bplugins? `(\w+)`", prose_of(page))} - known.plugins) == {}


def test_sections_of_the_plant_file(known):
    named = re.compile(r"\b[Ss]ections? (?:of the plant file: )?((?:`\w+`(?:,| and)? ?)+)")

    def named_in(page):
        return {name for names in named.findall(prose_of(page)) for name in re.findall(r"`(\w+)`", names)}

    assert unknown(lambda page: named_in(page) - known.sections) == {}


def test_plant_files_that_are_shown_fit_their_schema():
    fits = quick_validator(tracepro_schemas.load("plant"))
    shown = [
        block for page in NAMING for block in blocks_of(page, "json") if re.match(r'\{"\w+": \[\{', block)
    ]
    assert len(shown) > 4
    assert [block for block in shown if not fits(json.loads(block))] == []


def test_what_the_pages_name_was_found(known):
    """Else a rule would pass that finds no names."""
    assert len({each for page in NAMING for each in settings_in(page)}) > 60
    assert len(known.methods) > 90 and set(assembly().contributions.plant_sections) <= known.sections
