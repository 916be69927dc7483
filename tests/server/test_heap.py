"""A server's memory: what many threads have given back lies in one heap, where any of them can have it again."""

import platform
import re
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

import pytest

from tracepro.testing.client import Client

GLIBC = platform.libc_ver()[0] == "glibc"
HEAP = 64 * 1024 * 1024
"""glibc reserves so much address space for each further heap, of which only the beginning may be used."""
BOUNDS = re.compile(r"([0-9a-f]+)-([0-9a-f]+) (\S+) \S+ 00:00 0 *$", re.MULTILINE)


def further_heaps(process):
    with open(f"/proc/{process}/maps") as file:
        areas = [(int(start, 16), int(end, 16), mode) for start, end, mode in BOUNDS.findall(file.read())]
    return sum(
        used == "rw-p" and free == "---p" and end == start_of_free and end_of_free - start == HEAP
        for (start, end, used), (start_of_free, end_of_free, free) in zip(areas, areas[1:], strict=False)
    )


MEGABYTES_BEFORE_AND_AFTER = """
import time
from pathlib import Path
from tracepro.server import heap

def megabytes():
    return int(Path("/proc/self/statm").read_text().split()[1]) * 4096 // 1_000_000

free = heap.FreeMemory()
pieces = [bytearray(5000) for _ in range(20_000)]
del pieces[::2], pieces[::3]
full = megabytes()
free.give_back()
too_soon = megabytes()
heap.EVERY_SECONDS = 0.0
free.give_back()
print(full, too_soon, megabytes())
"""


def test_what_lies_free_goes_back_to_the_system_once_a_minute():
    said = subprocess.run([sys.executable, "-c", MEGABYTES_BEFORE_AND_AFTER], capture_output=True, check=True)
    full, too_soon, given_back = map(int, said.stdout.split())
    assert too_soon == full
    if GLIBC:
        assert given_back < full - 20


@pytest.mark.skipif(not GLIBC, reason="only glibc has several heaps")
def test_the_threads_of_a_worker_share_one_heap(serve_plant):
    server = serve_plant(("workplaces", "counters"))
    with ThreadPoolExecutor(20) as terminals:
        list(terminals.map(lambda _: Client("127.0.0.1", server.port).call("getnext", "t", "n"), range(200)))
    (worker,) = server.workers()
    assert further_heaps(worker) == 0
