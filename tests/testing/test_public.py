"""The testing kit finds what a plugin uses beside what is public."""

import re

import pytest

from tracepro.testing.public import private_uses


@pytest.mark.parametrize(
    ("code", "found"),
    [
        ("from tracepro.database import Model, Store", ["tracepro.database.Store"]),
        ("def f():\n    from tracepro.site import open_site", ["tracepro.site.open_site"]),
        ("import tracepro.app", ["tracepro.app"]),
        ("from tracepro import app", ["tracepro.app"]),
        ("from tracepro import clock as c\nc.text(c.SECOND)\nc.time", ["tracepro.clock.time"]),
        ("from tracepro_items.models import Unit", ["tracepro_items.models.Unit"]),
        (
            "from tracepro_items import api as items\nitems.item(items.nothing)",
            ["tracepro_items.api.nothing"],
        ),
        ("from tracepro_items.api import *", ["tracepro_items.api.*"]),
        ("from tracepro_own.models import Row\nfrom .models import Row\nimport os, tracepro_own", []),
        ("from tracepro_hookspecs import Call\nfrom tracepro_schemas import defs\ndefs.ITEM_TP_PCB", []),
    ],
)
def test_a_private_use_is_found_wherever_it_stands(tmp_path, code, found):
    package = tmp_path / "tracepro_own"
    package.mkdir()
    (package / "plugin.py").write_text(code)
    told = [
        re.fullmatch(r".*plugin\.py:\d+ uses (\S+), which is not public; .*", each)
        for each in private_uses(package)
    ]
    assert [each[1] for each in told] == found
