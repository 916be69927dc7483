"""A server's memory: what many threads have given back lies in one heap, where any of them can have it again."""

import platform
import re
from concurrent.futures import ThreadPoolExecutor

import pytest

from tracepro.testing.client import Client

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


@pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="only glibc has several heaps")
def test_the_threads_of_a_worker_share_one_heap(serve_plant):
    server = serve_plant(("workplaces", "counters"))
    with ThreadPoolExecutor(20) as terminals:
        list(terminals.map(lambda _: Client("127.0.0.1", server.port).call("getnext", "t", "n"), range(200)))
    (worker,) = server.workers()
    assert further_heaps(worker) == 0
