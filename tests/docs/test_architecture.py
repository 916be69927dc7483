"""The picture of the layers and the walk of a call are those of the code."""

import asyncio
import importlib
import importlib.util
import json
import re
import sys
import threading
from pathlib import Path

import pytest

from tracepro.app import create_app
from tracepro.testing.asgi import AsgiClient

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "architecture.md").read_text("utf-8")
PLACE = re.compile(r"`([\w/]+\.py)(?:: ([\w.]+))?`")
STOPS = re.findall(r"^\| \d+ \| `([\w/]+\.py): ([\w.]+)` \|", PAGE, flags=re.MULTILINE)
PLANT = {
    "acts": [{"id": 1, "name": "Print", "desc": ""}],
    "workplaces": [{"id": 100, "name": "Printer", "erp_ref": "WP100", "esd": False, "acts": [1]}],
    "workers": [{"id": 31, "name": "J. Novak", "code": "JN31", "active": True}],
}


def _layers():
    spec = importlib.util.spec_from_file_location("layers", ROOT / "tests" / "packaging" / "test_layers.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module.LAYERS


def _found(file, name=""):
    """Import the module of a file and return the thing of this name in it."""
    assert (ROOT / file).is_file(), f"there is no {file}"
    parts = Path(file).with_suffix("").parts
    skipped = {"hookspecs": 1, "schemas": 1, "plugins": 2}.get(parts[0], 0)
    thing = importlib.import_module(".".join(parts[skipped:]))
    for attribute in filter(None, name.split(".")):
        thing = getattr(thing, attribute)
    return thing


@pytest.mark.parametrize("page", sorted(path.name for path in (ROOT / "docs").glob("*.md")))
def test_the_files_and_names_of_code_that_the_docs_show_exist(page):
    for file, name in PLACE.findall((ROOT / "docs" / page).read_text("utf-8")):
        if "/" in file and not file.startswith(("tests/", "examples/", "docs/")):
            _found(file, name)


def test_the_picture_shows_every_layer_in_its_order():
    drawn_as = dict(re.findall(r'^ +(\w+)\["<b>(.*?)</b>', PAGE, flags=re.MULTILINE))
    (tower,) = re.findall(r"^ +(cli --> .*)$", PAGE, flags=re.MULTILINE)
    drawn = [
        {part.removeprefix("tracepro.") for part in drawn_as[name].split(", ")}
        for name in tower.split(" --> ")
    ]
    layers = [{part.removeprefix("tracepro.") for part in parts} for parts in reversed(_layers())]
    assert _merged(drawn) == _merged(layers[1:])  # nobody stands on testing, so it isn't drawn


def _merged(layers):
    """Return the layers with ``secret`` in that of ``access``, which it is for."""
    return [layer | {"secret"} if "access" in layer else layer for layer in layers if layer != {"secret"}]


def test_the_walk_has_at_most_twelve_stops():
    assert 8 <= len(STOPS) <= 12


@pytest.fixture
def addop(make_plant):
    """A plant whose server's side runs in this process, and the body of an addop that it will take."""
    plant = make_plant(plugins=("workplaces", "workers", "orders", "items"), plant=PLANT)
    order = plant.call("makeorder", "VP-1", "PCB-A", 1, 1)
    plant.call("updateorder", order["id"], {}, [{"op": 10, "act": 1, "name": "Print"}])
    unit = plant.call("getitem", order["id"], "PCB-A-1", 1)
    params = {"item_id": unit["id"], "op": 10, "act": 1, "wp_id": 100, "workers": [31]}
    return plant.site, json.dumps({"jsonrpc": "2.0", "id": 1, "method": "addop", "params": params}).encode()


def test_an_addop_passes_the_stops_in_their_order(addop):
    site, body = addop
    codes = {_found(*stop).__code__: number for number, stop in enumerate(STOPS)}
    passed = []

    def note(frame, event, argument):
        if event == "call" and frame.f_code in codes and codes[frame.f_code] not in passed:
            passed.append(codes[frame.f_code])

    threading.setprofile(note)
    sys.setprofile(note)
    try:
        site.start()
        edge = create_app(site)
        sending = AsgiClient(edge).send("POST", "/api/", [body], content_type="application/json")
        answer = asyncio.run(sending)  # in this thread, which is watched
        edge.pool.close()
    finally:
        sys.setprofile(None)
        threading.setprofile(None)
    assert json.loads(answer.body)["result"]["op_id"] == 1
    assert passed == list(range(1, len(STOPS)))  # the connection is gunicorn's, and not in this process
