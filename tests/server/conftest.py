"""Raw connections to a real server."""

import pytest

from tracepro.testing.wire import Wire


@pytest.fixture
def wire(server):
    opened = []

    def connect():
        opened.append(Wire(server.port))
        return opened[-1]

    yield connect
    for one in opened:
        one.close()
