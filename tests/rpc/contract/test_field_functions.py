"""The 98 functions that the terminals of the field call are all there, with the parameter names they send, in the order they send them."""

import re
from pathlib import Path

FUNCTION = re.compile(r"(\w+)\(([\w, ]*)\)")


def field_functions():
    """Return the functions of the list beside this test: each name with its parameters in order."""
    lines = Path(__file__).with_name("field_functions.txt").read_text("utf-8").splitlines()
    found = [FUNCTION.fullmatch(line).groups() for line in lines]
    return {name: [part for part in params.split(", ") if part] for name, params in found}


def test_the_list_names_98_functions():
    assert len(field_functions()) == 98


def test_every_function_of_the_field_is_described_with_its_parameters_in_order(example_plant):
    described = {
        method["name"]: [param["name"] for param in method["params"]]
        for method in example_plant.call("rpc.discover")["methods"]
    }
    listed = field_functions()
    assert {name: described.get(name) for name in listed} == listed
