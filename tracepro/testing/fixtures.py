"""The fixtures that pytest offers to every plugin: ``database``, ``make_plant``, ``serve_plant``, ``old_store``, ``at_once``."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

pytest_plugins = ("tracepro.testing.faults",)

__all__ = ["at_once", "database", "make_plant", "old_store", "serve_plant", "serve_plant_once"]

if TYPE_CHECKING:
    from tracepro.database import Store
    from tracepro.testing.databases import Databases
    from tracepro.testing.makers import PlantMaker, ServerMaker
    from tracepro.testing.races import Terminals

DATABASES = ("sqlite", "postgresql")


@pytest.fixture(params=DATABASES)
def database(request: pytest.FixtureRequest) -> str:
    """Run the test on SQLite and on PostgreSQL; the value is the kind's name."""
    kind: str = request.param
    return kind


@pytest.fixture(scope="session")
def databases(tmp_path_factory: pytest.TempPathFactory) -> Databases:
    """Return fresh databases; PostgreSQL is started when first asked for."""
    from tracepro.testing.databases import Databases

    return Databases(tmp_path_factory.mktemp("databases"))


@pytest.fixture
def make_plant(request: pytest.FixtureRequest, databases: Databases, tmp_path: Path) -> Iterator[PlantMaker]:
    """Make plants for this test, on the test's ``database`` if it has one, else on SQLite."""
    from tracepro.testing.makers import PlantMaker

    maker = PlantMaker(databases, tmp_path, _kind(request))
    yield maker
    maker.close()


@pytest.fixture
def serve_plant(
    request: pytest.FixtureRequest, databases: Databases, tmp_path: Path
) -> Iterator[ServerMaker]:
    """Make real servers for this test, on the test's ``database`` if it has one, else on SQLite."""
    from tracepro.testing.makers import ServerMaker

    maker = ServerMaker(databases, tmp_path, _kind(request))
    yield maker
    maker.close()


@pytest.fixture
def old_store(database: str, databases: Databases, tmp_path: Path) -> Iterator[Callable[[str, Path], Store]]:
    """Return a function that opens a database as the first migration in a plugin's folder of them left it: ``old_store("boxes", folder)``."""
    from tracepro.database import migrating, open_store

    store = open_store(databases.bare(database, tmp_path))

    def migrated(plugin: str, folder: Path) -> Store:
        first = tmp_path / "first"
        first.mkdir()
        shutil.copy(next(folder.glob("0001_*.py")), first)
        migrating.apply(store, {plugin: first})
        return store

    yield migrated
    store.close()


@pytest.fixture(scope="module")
def serve_plant_once(databases: Databases, tmp_path_factory: pytest.TempPathFactory) -> Iterator[ServerMaker]:
    """Make real servers that all tests of a module share."""
    from tracepro.testing.makers import ServerMaker

    maker = ServerMaker(databases, tmp_path_factory.mktemp("servers"), "sqlite")
    yield maker
    maker.close()


@pytest.fixture
def at_once() -> Iterator[Terminals]:
    """Return a function that makes several calls at the same moment and returns results or refusal codes.

    The plant of a race is made with ``queued=True``.
    """
    from tracepro.testing.races import TERMINALS, Terminals

    with ThreadPoolExecutor(TERMINALS) as threads:
        yield Terminals(threads)


def _kind(request: pytest.FixtureRequest) -> str:
    if "database" not in request.fixturenames:
        return "sqlite"
    kind: str = request.getfixturevalue("database")
    return kind
