"""The docs are in step with the code: every hook described, generated pages fresh, snippets from tested files."""

import re
from pathlib import Path

import pluggy
import pytest

import generate
import tracepro_hookspecs
from pages import hooks
from tracepro_hookspecs.specs import KINDS

ROOT = Path(__file__).parents[2]

HOOKS = [(kind, hook) for kind in KINDS for hook in hooks.hooks_of(kind)]
each_hook = pytest.mark.parametrize(
    ("kind", "hook"), HOOKS, ids=lambda value: getattr(value, "__name__", None)
)


@each_hook
def test_every_hook_answers_the_same_questions_in_the_same_order(kind, hook):
    summary, texts = hooks.sections(hook)
    assert summary.endswith(".") and "\n" not in summary
    assert tuple(texts) == hooks.HEADINGS
    assert texts["Kind"].strip() == kind


@each_hook
def test_every_argument_of_a_hook_is_described(kind, hook):
    _, texts = hooks.sections(hook)
    named = re.findall(r"^(\w+): ", texts["Arguments"], flags=re.MULTILINE)
    arguments = hook.__code__.co_varnames[: hook.__code__.co_argcount]
    assert tuple(named) == arguments or (not arguments and texts["Arguments"].strip() == "none.")


@each_hook
def test_every_example_is_an_implementation_the_core_would_take(kind, hook):
    _, texts = hooks.sections(hook)
    names = dict(vars(tracepro_hookspecs))
    exec(compile(texts["Example"], hook.__name__, "exec"), names)
    manager = pluggy.PluginManager("tracepro")
    manager.add_hookspecs(KINDS[kind])
    example = type("Example", (), {hook.__name__: staticmethod(names[hook.__name__])})
    manager.register(example)
    manager.check_pending()
    if kind == "register":
        assert isinstance(names[hook.__name__](), list)


@pytest.mark.parametrize("name", generate.PAGES)
def test_the_generated_pages_are_in_step_with_the_declarations(name):
    written = (ROOT / "docs" / name).read_text("utf-8")
    assert written == generate.text_of(name), "run `make docs` and commit what it writes"


def _citations():
    """Yield file, page and heading of every page of docs that a module cites, as in ``docs/rules.md, Interlock``."""
    for folder in ("tracepro", "hookspecs", "schemas", "plugins", "examples"):
        for file in sorted((ROOT / folder).rglob("*.py")):
            text = " ".join(file.read_text("utf-8").split())
            for page, heading in re.findall(r"([\w/]+\.md)(?:, ([A-Z][\w -]*))?", text):
                yield str(file.relative_to(ROOT)), page, heading


def test_the_pages_and_headings_that_the_code_cites_exist():
    cited = list(_citations())
    assert len(cited) > 4
    for file, page, heading in cited:
        assert (ROOT / page).is_file(), f"{file} cites {page}, which is not in the repository"
        headings = re.findall(
            r"^(?:## |\*\*|- \*\*)(.+?)(?:\.?\*\*|$)", (ROOT / page).read_text("utf-8"), flags=re.MULTILINE
        )
        assert not heading or heading in headings, (
            f"{file} cites {heading!r} of {page}, which has no such heading"
        )


def _snippets():
    for page in sorted((ROOT / "docs").glob("*.md")):
        found = re.finditer(
            r"<!-- from (\S+) -->\n```\w*\n(.*?)```", page.read_text("utf-8"), flags=re.DOTALL
        )
        yield from ((page.name, one.group(1), one.group(2)) for one in found)


@pytest.mark.parametrize(("page", "source", "text"), list(_snippets()))
def test_snippets_stand_word_for_word_in_tested_files(page, source, text):
    assert text.strip("\n") in (ROOT / source).read_text("utf-8"), (
        f"{page} shows what {source} no longer says"
    )


def test_the_guide_for_authors_is_made_of_snippets():
    text = (ROOT / "docs" / "plugins.md").read_text("utf-8")
    blocks = re.findall(r"^```python", text, flags=re.MULTILINE)
    assert len(blocks) == len(re.findall(r"-->\n```python", text)) > 4


def test_the_guide_for_authors_names_what_a_session_has():
    text = (ROOT / "docs" / "plugins.md").read_text("utf-8")
    table = text[text.index("| of `call.db` |") :].partition("\n\n")[0]
    named = re.findall(r"^\| `(\w+)\(", table, flags=re.MULTILINE)
    assert len(named) > 4
    assert all(hasattr(tracepro_hookspecs.Session, name) for name in named)


PAGE = (ROOT / "docs" / "security.md").read_text()


def test_the_security_page_names_tests_that_are_there_and_every_security_test():
    named = set(re.findall(r"`((?:tests/\w+/)?test_\w+\.py)`", PAGE))
    paths = {name if "/" in name else f"tests/security/{name}" for name in named}
    assert not [path for path in paths if not (ROOT / path).is_file()]
    assert {f"tests/security/{path.name}" for path in (ROOT / "tests/security").glob("test_*.py")} <= paths


FAULTS = (ROOT / "docs" / "faults.md").read_text()


def test_the_page_of_faults_has_each_kind_that_tests_provoke_and_names_all_their_files():
    files = [*ROOT.glob("tests/**/test_*.py"), *ROOT.glob("plugins/*/tests/test_*.py")]
    marked = {
        file.relative_to(ROOT): re.findall(r'mark\.faults\("(\w[^"]+)"', file.read_text("utf-8"))
        for file in files
    }
    rows = dict(re.findall(r"^\| ([^|*]+) \|[^|]+\|[^|]+\|([^|]+)\|$", FAULTS, flags=re.MULTILINE))
    rows.pop("fault")
    assert {kind for kinds in marked.values() for kind in kinds} <= set(rows)
    for file, kinds in marked.items():
        named = f"`{file.name if file.parts[1] == 'faults' else file}`"
        for kind in kinds:
            assert (
                named in rows[kind]
                or "the tests of" in rows[kind]
                and file.parts[0] == "plugins"
                or kind == "a race"
            ), (file, kind)
