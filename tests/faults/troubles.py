"""What happens to a server's processes while terminals book: killed, stopped for a while, reloaded."""

import os
import signal
import time
from contextlib import contextmanager, suppress

PAUSE = 0.3


def kill_worker(server):
    """Kill a worker where it stands."""
    with suppress(ProcessLookupError, IndexError):
        os.kill(server.workers()[0], signal.SIGKILL)


def kill_server(server):
    """Kill master and workers as a power cut does, and start anew."""
    server.kill()
    server.start()


def reload(server):
    """Have the server hand over to new workers; the next trouble may come in the middle of that."""
    os.kill(server.pid, signal.SIGHUP)


def stop_worker(server):
    """Let a worker stand still for a moment."""
    with suppress(IndexError), stopped(server.workers()[0]):
        time.sleep(PAUSE)


def stop_master(server):
    """Let the master stand still for a moment."""
    with stopped(server.pid):
        time.sleep(PAUSE)


def stop_all(server):
    """Let master and workers stand still for a moment, as a paused machine does."""
    with stopped(server.pid, *server.workers()):
        time.sleep(PAUSE)


@contextmanager
def stopped(*pids):
    """Let processes stand still meanwhile, and then go on."""
    for number, pids_in_order in ((signal.SIGSTOP, pids), (signal.SIGCONT, pids[::-1])):
        for pid in pids_in_order:
            with suppress(ProcessLookupError):
                os.kill(pid, number)
        if number == signal.SIGSTOP:
            yield
