import os
import sys
from textwrap import dedent

import pytest

from tests.demo import plant_file

ONLY_DEADLINES = 75
"""The exit status of a run in which nothing failed but tests marked ``deadline``; the Makefile knows it."""


def pytest_xdist_auto_num_workers(config):
    """Return for ``-n auto`` half as many processes again as there are cores: servers, browsers and deadlines are waited for."""
    cores = len(os.sched_getaffinity(0))
    return cores + cores // 2


def pytest_sessionfinish(session, exitstatus):
    """Tell by the exit status whether what failed may be tried once more, alone."""
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")  # None in xdist's workers
    if exitstatus == pytest.ExitCode.TESTS_FAILED and reporter is not None:
        failed = [*reporter.stats.get("failed", ()), *reporter.stats.get("error", ())]
        if failed and all("deadline" in getattr(report, "keywords", ()) for report in failed):
            session.exitstatus = ONLY_DEADLINES


class Shelf:
    """A folder on the path of Python into which tests put distributions."""

    def __init__(self, folder, monkeypatch):
        self.folder = folder
        self.names = []
        monkeypatch.syspath_prepend(str(folder))

    def put(self, plugin, code="", *, dist=None, version="1.0", fragment=None):
        """Install a plugin of this code."""
        dist = dist or f"tracepro-{plugin}"
        package = dist.replace("-", "_") + "_pkg"
        info = self.folder / f"{dist.replace('-', '_')}-{version}.dist-info"
        info.mkdir()
        (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {dist}\nVersion: {version}\n")
        (info / "entry_points.txt").write_text(f"[tracepro.plugins]\n{plugin} = {package}.plugin\n")
        (self.folder / package / "schemas").mkdir(parents=True)
        (self.folder / package / "__init__.py").write_text("")
        (self.folder / package / "plugin.py").write_text(dedent(code))
        if fragment is not None:
            (self.folder / package / "schemas" / f"{plugin}.json").write_text(fragment)
        self.names.append(package)

    def imported(self, plugin, dist=None):
        """Tell whether a plugin's module was imported."""
        return f"{(dist or f'tracepro-{plugin}').replace('-', '_')}_pkg.plugin" in sys.modules

    def clear(self):
        """Forget the imported modules."""
        for name in list(sys.modules):
            if name.partition(".")[0] in self.names:
                del sys.modules[name]


@pytest.fixture
def shelf(tmp_path, monkeypatch):
    """A place where fake distributions are installed."""
    folder = tmp_path / "site-packages"
    folder.mkdir()
    shelf = Shelf(folder, monkeypatch)
    yield shelf
    shelf.clear()


@pytest.fixture(scope="session")
def demo():
    """The plant file of the examples."""
    return plant_file()


@pytest.fixture(scope="session")
def plugins():
    """All plugins that are installed."""
    from tracepro.testing.makers import usual_plugins

    return usual_plugins()
