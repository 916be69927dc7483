"""A plant behind HTTP with its audit record."""

import json

import pytest

from tracepro.app import create_app
from tracepro.database.core_models import Audit
from tracepro.testing.asgi import AsgiClient

COLUMNS = Audit._meta.fields


class Audited:
    """A plant behind HTTP, without a socket, and its audit record."""

    def __init__(self, plant):
        self.site = plant.site
        self.send = AsgiClient(create_app(plant.site))

    def rpc(self, method, params, **headers):
        """Send a call and return the whole answer."""
        body = json.dumps({"jsonrpc": "2.0", "id": 1, "method": method, "params": params}).encode()
        return self.send("POST", "/api/", [body], content_type="application/json", **headers)

    def audit(self):
        """The audit rows in the order written, as dicts."""
        rows = self.site.store.read(lambda db: db.rows(Audit.select(*COLUMNS.values()).order_by(Audit.id)))
        return [dict(zip(COLUMNS, row, strict=True)) for row in rows]


@pytest.fixture
def make_audited(make_plant, database):
    def make(*plugins, **settings):
        return Audited(make_plant(plugins=plugins, database=database, queued=True, **settings))

    return make
