"""Raw connections to a real server."""

import pytest

from tracepro.testing.wire import Wire


@pytest.fixture
def wires():
    """Open connections to any server."""
    opened = []

    def connect(server):
        opened.append(Wire(server.port))
        return opened[-1]

    yield connect
    for one in opened:
        one.close()


@pytest.fixture
def wire(server, wires):
    """Open connections to the module's server."""
    return lambda: wires(server)
