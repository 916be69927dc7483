"""Forms are made of JSON Schemas of plain fields, and of nothing else; what was filled in is judged field by field."""

import pytest

from tracepro.forms import BadForm, form_of


def form(required=(), **properties):
    return form_of({"type": "object", "properties": properties, "required": list(required)})


def test_equal_schemas_are_one_form():
    assert form(a={"type": "string"}) is form(a={"type": "string"})
    assert form(a={"type": "string"}) is not form(a={"type": "number"})


def test_fields_keep_their_order_and_fall_back_to_their_names():
    made = form(
        ("z",),
        z={"type": "boolean"},
        a={"enum": [1, "b", True], "title": "A"},
        m={"type": "string", "title": ""},
    )
    assert [(field.name, field.title, field.type, field.required) for field in made.fields] == [
        ("z", "z", "boolean", True),
        ("a", "A", "choice", False),
        ("m", "m", "string", False),
    ]
    assert [field.choices for field in made.fields] == [None, [1, "b", True], None]


@pytest.mark.parametrize(
    ("schema", "said"),
    [
        ({}, '"type": "object"'),
        ({"type": "object"}, '"type": "object"'),
        ({"type": "object", "properties": {"a": True}}, "the field 'a' has no schema"),
        ({"type": "object", "properties": {"a": {}}}, "must be of type string, integer, number, boolean"),
        ({"type": "object", "properties": {"a": {"type": ["string", "null"]}}}, "must be of type string"),
        ({"type": "object", "properties": {"a": {"type": "array"}}}, "must be of type string"),
        ({"type": "object", "properties": {"a": {"$ref": "#/$defs/b"}}}, "leads nowhere"),
        ({"type": "object", "properties": {"a": {"anyOf": [{"type": "string"}]}}}, "anyOf of the field 'a'"),
        ({"type": "object", "properties": {"a": {"enum": []}}}, "the choices of the field 'a'"),
        ({"type": "object", "properties": {"a": {"enum": [None]}}}, "the choices of the field 'a'"),
        ({"type": "object", "properties": {"a": {"enum": [["x"]]}}}, "the choices of the field 'a'"),
        ({"type": "object", "properties": {"a": {"type": "string", "minLength": "x"}}}, "is not of type"),
        ({"type": "object", "properties": {"a": {"type": "string", "pattern": "(a)\\1"}}}, "the pattern"),
        ({"type": "object", "properties": {}, "required": ["b"]}, "b is required and no field of it"),
        ({"type": "object", "properties": {}, "required": [[]]}, "is not of type"),
        (
            {"type": "object", "properties": {}, "additionalProperties": True},
            "leave additionalProperties out",
        ),
        (
            {"type": "object", "properties": {}, "patternProperties": {}},
            "patternProperties is nothing a form has",
        ),
        ({"type": "object", "properties": {f"f{n}": {"type": "string"} for n in range(101)}}, "at most 100"),
        ({"type": "object", "properties": {"a": {"type": "string", "default": object()}}}, "it is not JSON"),
    ],
)
def test_what_is_no_form_is_said(schema, said):
    with pytest.raises(BadForm) as refused:
        form_of(schema)
    assert said in str(refused.value)


def test_a_schema_that_contains_itself_is_no_form():
    schema = {"type": "object"}
    schema["properties"] = schema
    with pytest.raises(BadForm):
        form_of(schema)


@pytest.mark.parametrize(
    ("schema", "good", "bad"),
    [
        ({"type": "string"}, ["", "x"], [1, True, [], {}, "x" * 65_536]),
        ({"type": "string", "minLength": 2, "maxLength": 3}, ["ab"], ["a", "abcd"]),
        ({"type": "string", "pattern": "^(a+)+$"}, ["aaa"], ["b", "a" * 5000 + "b"]),
        ({"type": "integer"}, [1, -1, 2.0], [1.5, "1", True]),
        ({"type": "number", "exclusiveMinimum": 0}, [0.1], [0, "0.1", False]),
        ({"type": "number", "multipleOf": 0.5}, [1.5], [1.2]),
        ({"type": "boolean"}, [True, False], [0, 1, "yes"]),
        ({"enum": ["fan", 1, True]}, ["fan", 1, True], ["Fan", 2, False, []]),
        ({"type": "string", "enum": ["1", 1]}, ["1"], [1]),
        ({"type": "string", "format": "date"}, ["whatever"], []),
    ],
)
def test_a_field_takes_what_its_schema_takes(schema, good, bad):
    made = form(a=schema)
    assert [value for value in good if made.judge({"a": value})] == []
    assert [value for value in bad if not made.judge({"a": value})] == []


def test_what_is_null_or_blank_is_not_filled_in():
    made = form(("a", "n"), a={"type": "string"}, b={"type": "string"}, n={"type": "integer"})
    faults = {"a": "a must be filled in.", "n": "n must be filled in."}
    assert [made.judge(filled) for filled in ({}, {"a": " \t", "n": None, "b": None})] == [faults] * 2
    assert made.judge({"a": "x", "b": " ", "n": 0}) == {}
    assert made.values({"n": 3.0, "a": "x", "b": None}) == {"a": "x", "n": 3}


def test_fields_there_are_none_of_are_told_up_to_a_bound_and_can_t_repaint_a_terminal():
    faults = form(a={"type": "string"}).judge({f"\x1b[31m{n}": n for n in range(500)})
    assert len(faults) == 100
    assert faults["\x1b[31m7"] == r"There is no field \x1b[31m7; the fields are a."


@pytest.mark.parametrize(
    ("field", "value", "good"),
    [
        ({"type": "integer"}, 1e18, True),
        ({"type": "integer"}, 1e300, False),
        ({"type": "integer", "maximum": 1e300}, 1e19, False),
        ({"type": "integer", "minimum": 5}, 4, False),
        ({"type": "number"}, 1e300, True),
        ({"type": "number", "multipleOf": 0.1}, 0.3, True),
        ({"type": "number", "multipleOf": 0.1}, 0.35, False),
        ({"type": "number", "multipleOf": 0.1}, 1e300, True),
    ],
)
def test_numbers_are_judged_as_they_are_written_and_whole_ones_have_64_bits(field, value, good):
    assert bool(form(a=field).judge({"a": value})) is not good
