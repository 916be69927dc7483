"""The testing kit finds what is wrong with a plugin: its examples, its tables, what its routes answer."""

import pytest

from tracepro.database import Key, Model
from tracepro_hookspecs import Method, Route, hookimpl

NUMBER = {"type": "integer", "minimum": 0, "maximum": 1000}
ANSWER = {"type": "object", "properties": {"number": NUMBER}, "required": ["number"]}


def example(shown):
    return {
        "name": f"shows {shown}",
        "params": [{"name": "number", "value": 2}],
        "result": {"name": "doubled", "value": shown},
    }


class Row(Model):
    id = Key()

    class Meta:
        table_name = "doubling_row"


class Doubling:
    """A plugin that doubles numbers."""

    fragment = {
        "methods": [
            {
                "name": "double",
                "summary": "Doubles a number.",
                "params": [{"name": "number", "required": True, "schema": NUMBER}],
                "result": {"name": "doubled", "schema": NUMBER},
                "errors": [],
                "examples": [],
            }
        ]
    }

    @staticmethod
    @hookimpl
    def tracepro_register_methods():
        return [Method("double", lambda call, number: 2 * number, "read")]

    @staticmethod
    @hookimpl
    def tracepro_register_models():
        return [Row]

    @staticmethod
    @hookimpl
    def tracepro_register_routes():
        return [
            Route(
                "GET", "/api/doubling/right/", lambda call, request: {"number": 4}, "read", "", answer=ANSWER
            ),
            Route(
                "GET",
                "/api/doubling/{id}",
                lambda call, request: {"number": "four"},
                "read",
                "",
                answer=ANSWER,
            ),
        ]


@pytest.fixture
def plant(make_plant):
    return make_plant(("doubling",), extra={"doubling": Doubling})


@pytest.mark.parametrize(
    ("shown", "fault"),
    [
        ([4], None),
        ([], "double has no example"),
        ([4, 5], "double, shows 5: shows 5, came 4"),
        ([True], "double, shows True: shows true, came 4"),
        (["4"], 'double, shows 4: shows "4", came 4'),
    ],
)
def test_an_example_that_is_missing_or_shows_something_else_is_told(plant, monkeypatch, shown, fault):
    monkeypatch.setitem(Doubling.fragment["methods"][0], "examples", [example(each) for each in shown])
    if fault is None:
        plant.check_examples("doubling")
    else:
        with pytest.raises(AssertionError) as raised:
            plant.check_examples("doubling")
        assert str(raised.value) == fault


def test_a_table_that_no_migration_makes_is_told(plant):
    with pytest.raises(AssertionError, match="doubling_row"):
        plant.check_tables("doubling")


def test_an_answer_that_the_routes_schema_does_not_promise_is_told(plant):
    assert plant.rest("GET", "/api/doubling/right").json == {"number": 4}
    with pytest.raises(AssertionError, match="GET /api/doubling/7: it answers what"):
        plant.rest("GET", "/api/doubling/7")
