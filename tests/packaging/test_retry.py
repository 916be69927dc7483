"""What ``make test`` tries once more: tests marked ``deadline``, where nothing else failed."""

from pathlib import Path
from types import SimpleNamespace

import pytest

MAKEFILE = (Path(__file__).parents[2] / "Makefile").read_text("utf-8")
DEADLINE, OTHER = (SimpleNamespace(keywords=keywords) for keywords in ({"deadline": 1}, {}))
COLLECTION = SimpleNamespace()


@pytest.fixture
def conftest(request):
    """The conftest.py of all tests."""
    plugins = request.config.pluginmanager.get_plugins()
    return next(plugin for plugin in plugins if hasattr(plugin, "ONLY_DEADLINES"))


@pytest.mark.parametrize(
    ("failed", "errors", "status", "tried_again"),
    [
        ([DEADLINE], [], 1, True),
        ([DEADLINE, DEADLINE], [DEADLINE], 1, True),
        ([DEADLINE, OTHER], [], 1, False),
        ([DEADLINE], [OTHER], 1, False),
        ([DEADLINE], [COLLECTION], 1, False),
        ([], [], 1, False),
        ([DEADLINE], [], 2, False),
        ([], [], 0, False),
    ],
)
def test_a_failure_without_the_mark_stays_one(conftest, failed, errors, status, tried_again):
    reporter = SimpleNamespace(stats={"failed": failed, "error": errors})
    config = SimpleNamespace(pluginmanager=SimpleNamespace(get_plugin=lambda name: reporter))
    session = SimpleNamespace(config=config, exitstatus=status)
    conftest.pytest_sessionfinish(session, status)
    assert session.exitstatus == (conftest.ONLY_DEADLINES if tried_again else status)


def test_the_makefile_knows_the_status(conftest):
    assert f"test $$? -eq {conftest.ONLY_DEADLINES} &&" in MAKEFILE
