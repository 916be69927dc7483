"""The disk is full while terminals book: they are told so, nothing is half written, and with room again all goes on."""

import contextlib
import subprocess
import time
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from .cluster import Cluster
from .load import Bookings, settle

pytestmark = [pytest.mark.faults("a full disk"), pytest.mark.slow, pytest.mark.timeout(1800)]

MEGABYTES = {"sqlite": 24, "postgresql": 220}
TIMES, BOOKINGS, SECONDS = 4, 2000, 60


class SmallDisk:
    """A disk of some megabytes, in memory, that can be filled up."""

    def __init__(self, folder: Path, megabytes: int):
        words = ["mount", "-t", "tmpfs", "-o", f"size={megabytes}m,mode=755", "faults", str(folder)]
        made = subprocess.run(words, capture_output=True, text=True)
        if made.returncode:
            pytest.skip(f"Only root may mount a small disk: {made.stderr.strip()}")
        self.folder, self._ballast = folder, folder / "ballast"

    def fill(self):
        """Leave no room."""
        with self._ballast.open("ab", buffering=0) as file, contextlib.suppress(OSError):
            while file.write(bytes(4096)):
                pass

    def empty(self):
        """Give the room back."""
        self._ballast.unlink()

    def close(self):
        """Unmount it."""
        subprocess.run(["umount", "-l", str(self.folder)], check=True)


@pytest.fixture
def disk(database):
    with (
        TemporaryDirectory(prefix="tracepro-disk-") as folder,
        contextlib.closing(SmallDisk(Path(folder), MEGABYTES[database])) as made,
    ):
        yield made


@pytest.fixture
def cluster(database, disk):
    """The PostgreSQL on that disk, where the test wants one."""
    if database == "sqlite":
        yield None
        return
    (disk.folder / "data").mkdir()
    with contextlib.closing(Cluster(disk.folder / "data")) as made:
        yield made


def test_a_full_disk_is_told_and_when_there_is_room_again_nothing_is_lost_or_doubled(
    disk, cluster, serve_plant, demo, plugins, seed, tried
):
    server = serve_plant(plugins, start=False)
    settle(server, cluster.url if cluster else f"sqlite:///{disk.folder}/plant.db", demo)
    workers, told = server.workers(), []

    def ready():
        with contextlib.closing(server.client()) as client:
            return client.send("GET", "/readyz")

    def fill(server):
        disk.fill()
        with contextlib.suppress(TimeoutError):  # what was allotted before may hold some bookings more
            told.append(_until(partial(_answer, ready, 503), 10).text)
        assert server.client().send("GET", "/healthz").status == 200
        disk.empty()
        if cluster:
            cluster.come_back()
        _until(partial(_answer, ready, 200))

    Bookings(server, BOOKINGS).book_during([fill] * TIMES, seed)
    assert server.workers() == workers
    assert told and all("full" in text or "space" in text or "not available" in text for text in told), told
    assert "full" in server.log() or "No space left" in server.log()
    tried(disks_filled=TIMES, bookings=BOOKINGS)


def _answer(ready, status):
    answer = ready()
    return answer if answer.status == status else None


def _until(reached, seconds=SECONDS):
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if result := reached():
            return result
        time.sleep(0.05)
    raise TimeoutError
