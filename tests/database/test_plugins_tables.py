"""Every installed plugin's migrations make the tables its models describe, in words of its own."""

import importlib
import inspect
from importlib.metadata import entry_points
from pathlib import Path

import pytest

from tracepro.database import Model
from tracepro.database.comparing import differences

PLUGINS = {point.name: point.module.rpartition(".")[0] for point in entry_points(group="tracepro.plugins")}


def models_of(package):
    try:
        module = importlib.import_module(f"{package}.models")
    except ModuleNotFoundError:
        return []
    found = [thing for thing in vars(module).values() if inspect.isclass(thing) and issubclass(thing, Model)]
    return [model for model in found if model.__module__ == module.__name__]


@pytest.mark.parametrize("name", sorted(PLUGINS))
def test_migrations_make_what_models_describe(name):
    folder = Path(importlib.import_module(PLUGINS[name]).__file__).parent / "migrations"
    models = models_of(PLUGINS[name])
    assert differences({name: folder} if folder.is_dir() else {}, models) == []
    assert [model for model in models if not model._meta.table_name.startswith(f"{name}_")] == []
