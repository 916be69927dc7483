"""What a process remembers of arguments is bounded: a server runs for years, and callers say the arguments."""

import ast

from tests.packaging.test_folders import FOLDERS, ROOT, TEMPLATE

ASKED_AT_THE_START = {
    "tracepro/rpc/fragments.py: _shared_definitions",
    "plugins/pages/tracepro_pages/frame.py: _compiled",
}
"""Asked when a site is opened, for what schemas and configuration name, and never by a call."""


def unbounded(tree):
    """Yield the functions with arguments whose answers are all kept."""
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef):
            arguments = [each.arg for each in (*node.args.args, *node.args.kwonlyargs) if each.arg != "self"]
            if arguments and any(map(keeps_all, node.decorator_list)):
                yield node.name


def keeps_all(decorator):
    """Tell whether a decorator is ``cache``, or ``lru_cache`` without a limit."""
    text = ast.unparse(decorator).removeprefix("functools.")
    return text in ("cache", "lru_cache(None)", "lru_cache(maxsize=None)")


def test_no_function_keeps_an_answer_for_every_argument():
    code = [
        ROOT / "tracepro",
        ROOT / "hookspecs",
        *(folder / f"tracepro_{folder.name}" for folder in FOLDERS),
    ]
    files = [file for part in code for file in part.rglob("*.py") if TEMPLATE not in file.parents]
    found = {
        f"{file.relative_to(ROOT)}: {name}"
        for file in files
        if "testing" not in file.parts
        for name in unbounded(ast.parse(file.read_text("utf-8")))
    }
    assert found == ASKED_AT_THE_START


def test_functions_that_keep_everything_are_found():
    kept = [
        "@cache\ndef f(a): ...",
        "@functools.cache\ndef f(*, a): ...",
        "@lru_cache(maxsize=None)\ndef f(a): ...",
    ]
    others = ["@cache\ndef f(): ...", "@lru_cache(8)\ndef f(a): ...", "@cached_property\ndef f(self): ..."]
    assert [list(unbounded(ast.parse(text))) for text in (*kept, *others)] == [["f"]] * 3 + [[]] * 3
