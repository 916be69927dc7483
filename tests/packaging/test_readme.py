"""What the README shows as a first call works on the demo plant that ``make run`` serves."""

import json
import re
from pathlib import Path

import pytest
import requests

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text("utf-8")


@pytest.fixture(scope="module")
def url(serve_plant_once):
    """The demo plant, served."""
    plant = json.loads((ROOT / "examples" / "plant.json").read_text("utf-8"))
    return serve_plant_once(plant=plant).url


def test_the_call_by_curl(url):
    header, body = re.search(r"^curl .*?-H '(.*?)' \\\n  -d '(.*?)'$", README, flags=re.MULTILINE).groups()
    name, value = header.split(": ")
    answer = requests.post(f"{url}/api/", data=body, headers={name: value}, timeout=30).json()
    assert answer["result"]["erp_ref"] == "VP-12345"


def test_the_call_by_a_client_library(url, capsys):
    (code,) = re.findall(r"```python\n(.*?)```", README, flags=re.DOTALL)
    exec(code.replace("http://127.0.0.1:8080", url), {})
    assert capsys.readouterr().out.startswith("{'ok': True")


def test_it_fits_on_one_screen():
    assert len(README.splitlines()) <= 60
