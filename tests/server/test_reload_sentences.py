"""What the log says of a reload whose new workers didn't come to serve."""

import logging
import signal
from queue import SimpleQueue
from types import SimpleNamespace

import pytest

from tracepro.server import master
from tracepro.server.master import Master


class Reloading(Master):
    """A master without processes, whose new worker never serves; ``signals`` have come meanwhile."""

    num_workers = 1

    def __init__(self, signals, **report):
        self.WORKERS, self.SIG_QUEUE = {}, SimpleQueue()
        self._worker = SimpleNamespace(report=SimpleNamespace(is_ready=lambda: False, **report))
        for number in signals:
            self.SIG_QUEUE.put(number)

    def _spawn(self, count):
        return [self._worker]

    def _dismiss(self, worker):
        assert worker is self._worker


@pytest.fixture
def reload(monkeypatch, caplog):
    """Return a function that reloads with a worker that never serves, and returns the level and message of the log."""

    def reloaded(*signals, sentence=None, ended=False):
        monkeypatch.setattr(master, "READY_SECONDS", 0.01)
        with caplog.at_level(logging.INFO):
            Reloading(signals, sentence=lambda: sentence, ended=ended).reload()
        (record,) = caplog.records
        return record.levelname, record.getMessage()

    return reloaded


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_reload_that_a_stop_ends_is_no_failure(reload, number):
    assert reload(number) == ("INFO", "The reload was given up, for the server was told to stop.")


@pytest.mark.parametrize(
    ("what", "told"),
    [
        ({"ended": True, "sentence": "Plugin x is not there."}, "Plugin x is not there."),
        ({"ended": True}, "a new worker ended before it served, and left no reason."),
        ({}, "the new workers did not serve within 0.01 s."),
    ],
)
def test_a_reload_that_fails_says_why(reload, what, told):
    assert reload(**what) == ("ERROR", f"Reload failed, the old set goes on serving: {told}")
