"""What a server has used so far: CPU time, context switches and memory of its processes, from /proc."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

_TICK = os.sysconf("SC_CLK_TCK")
_SWITCHES = re.compile(r"^(non)?voluntary_ctxt_switches:\t(\d+)$", re.MULTILINE)
_RESIDENT = re.compile(r"^VmRSS:\t *(\d+) kB$", re.MULTILINE)


@dataclass(frozen=True)
class Usage:
    """Seconds of CPU, context switches that threads asked for by waiting and those forced on them, and bytes resident."""

    cpu: float
    waits: int
    forced: int
    memory: int

    @property
    def switches(self) -> int:
        """All context switches."""
        return self.waits + self.forced

    def since(self, before: Usage) -> Usage:
        """Return what was used since; the memory is that of now."""
        return Usage(
            self.cpu - before.cpu, self.waits - before.waits, self.forced - before.forced, self.memory
        )


def usage(pid: int) -> Usage:
    """Return what a process and all it has started have used."""
    return _sum([_of_one(Path(f"/proc/{each}")) for each in processes(pid)])


def _sum(parts: list[Usage]) -> Usage:
    return Usage(
        sum(part.cpu for part in parts),
        sum(part.waits for part in parts),
        sum(part.forced for part in parts),
        sum(part.memory for part in parts),
    )


def processes(pid: int) -> Iterator[int]:
    """Yield the ids of a process and of all it has started that are still there."""
    yield pid
    with suppress(OSError):
        for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split():
            yield from processes(int(child))


def _of_one(process: Path) -> Usage:
    fields = (process / "stat").read_text().rpartition(")")[2].split()
    switches = [_SWITCHES.findall((task / "status").read_text()) for task in (process / "task").iterdir()]
    counts = {
        kind: sum(int(n) for each in switches for name, n in each if name == kind) for kind in ("", "non")
    }
    resident = _RESIDENT.search((process / "status").read_text())
    cpu = (int(fields[11]) + int(fields[12])) / _TICK
    return Usage(cpu, counts[""], counts["non"], int(resident[1]) * 1024 if resident else 0)
