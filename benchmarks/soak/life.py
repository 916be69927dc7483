"""Runs a soak: the plant is made and warmed, people work for the time that is given, then everything is counted."""

from __future__ import annotations

import json
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from benchmarks.scene import Scene, copies_of
from benchmarks.soak import accounts, people, record, verdict
from benchmarks.soak.commands import KILLS, Deed, Export, back_up, kill_worker, reload, timetable
from benchmarks.soak.crew import Crew
from benchmarks.soak.floor import PARAMETERS, WARMING, bays, plant_file
from benchmarks.soak.journal import Journal
from benchmarks.soak.record import Record
from benchmarks.soak.samples import Sample, Sampler, watching
from benchmarks.soak.terminal import Ended, Terminal
from examples.generator.driver import connected
from examples.generator.plant import PRINTING
from tracepro.reserved import FIRST_PARTY
from tracepro.testing.server import Server, write_ini
from tracepro_hookspecs import Page

BATCH = 100
"""Units of a call that warms a server."""
CHANGED, EARLY, WARMED, BACKED_UP = (0.02, 0.04, 0.92, 0.96), 2, 0.06, (0.3, 0.5, 0.8)
"""The shares of the time after which a server is reloaded, or its worker killed, how many of these come early, and of warming and backups."""
LONG = 120.0
"""Seconds from which there are backups, and late reloads."""


@dataclass(frozen=True)
class Plan:
    """How long, how fast, how warm: ``rate`` is API calls a second of all people together, ``warming`` operations beforehand."""

    url: str
    folder: Path
    seconds: float
    rate: float
    warming: int
    faults: bool = False

    @property
    def kind(self) -> str:
        """Which kind of database."""
        return "SQLite" if self.url.startswith("sqlite") else "PostgreSQL"

    @property
    def every(self) -> float:
        """Seconds between two samples."""
        return min(10.0, self.seconds / 60)


class SoakedServer(Server):
    """A server whose temporary files lie in a folder of their own."""

    @property
    def environment(self) -> dict[str, str]:
        """The environment, with that folder."""
        return {**super().environment, "TMPDIR": str(self.folder / "tmp")}


def run(plan: Plan) -> Record:
    """Make the plant, let it live, and judge it."""
    pages, units = _made(plan)
    others = _connected(plan.url)
    (plan.folder / "tmp").mkdir()
    write_ini(plan.folder / "plugins.ini", {"plugins": {"enabled": FIRST_PARTY}})
    write_ini(plan.folder / "parameters.ini", PARAMETERS)
    server = SoakedServer(plan.folder, plan.url).start()
    try:
        before = accounts.mark(plan.url)
        journal, samples = _lived(server, plan, pages, units)
        left = _left_while_running(server)
        stopped = _stopped(server)
    finally:
        server.kill()
    minutes = record.minutes(journal)
    wrong = accounts.faults(plan.url, journal, before, plan.folder / "erp.jsonl")
    limits = [
        *verdict.of_samples(samples, journal.ended),
        verdict.of_latency(minutes, journal.ended),
        verdict.none_of("faults", "refusals and failures that nobody expected", journal.faults),
        verdict.none_of("accounts", "accounts that are not right", wrong),
        verdict.none_of("errors", "errors in the log", _errors(server.log(), journal)),
        verdict.none_of("left", "things left behind", [*left, *_left_behind(server, others)]),
        verdict.of_stop(stopped),
    ]
    return Record(
        plan.kind,
        plan.rate,
        round(journal.ended, 1),
        record.columns(samples),
        minutes,
        journal.counts() | {"warnings in the log": _warnings(server.log())},
        limits,
    )


def _made(plan: Plan) -> tuple[list[Page], Sequence[int]]:
    """Make the plant with what the server is warmed by; return the pages that can be looked at, and these units."""
    scene = Scene(plan.url, FIRST_PARTY, plant=plant_file())
    pages = [registered.declaration for registered in scene.site.contributions.pages.values()]
    first = scene.units(scene.order("VP-WARM"), 1)[0]
    scene.call("receivemat", ["R-10K-0402", "SOAK", 1000])
    scene.close()
    return pages, copies_of(plan.url, first, plan.warming)


def _warm(stop: threading.Event, units: Sequence[int], server: Server, journal: Journal) -> None:
    """Record the first operation of many units, so that SQLite's page cache is full before memory is judged."""
    step: dict[str, Any] = {"op": 10, "act": PRINTING, "wp_id": WARMING["id"], "workers": [1]}
    with closing(Terminal("warming", server.port, journal, stop, 0.0)) as terminal, suppress(Ended):
        for start in range(0, len(units), BATCH):
            terminal.write("batch_addop", item_ids=list(units[start : start + BATCH]), **step)


def _lived(
    server: Server, plan: Plan, pages: Sequence[Page], units: Sequence[int]
) -> tuple[Journal, list[Sample]]:
    journal, stop = Journal(), threading.Event()
    export = Export(server)
    times = _times(plan, partial(_warm, stop, units))
    work = [*_people(server, plan, journal, stop, pages), timetable(server, journal, stop, times)]
    try:
        with Sampler(server, export.pid, lambda: journal.elapsed, plan.every) as sampler:
            with ThreadPoolExecutor(len(work)) as threads:
                working = [threads.submit(_guarded, journal, stop, each) for each in work]
                stop.wait(plan.seconds)
                stop.set()
                for each in working:
                    each.result()
            journal.ended = journal.elapsed
        _wait(lambda: _exported_all(plan.url))
    finally:
        export.stop(journal)
    return journal, sampler.samples


def _guarded(journal: Journal, stop: threading.Event, work: Callable[[], None]) -> None:
    """Do somebody's work; who fails ends the soak."""
    try:
        work()
    except Exception as error:
        journal.fault(f"Somebody stopped working: {error!r}")
        stop.set()


def _people(
    server: Server, plan: Plan, journal: Journal, stop: threading.Event, pages: Sequence[Page]
) -> Iterator[Callable[[], None]]:
    """Yield the work of everybody: of ten calls the crews make nine, everybody else one; on the line a board comes every few seconds."""

    def terminal(name: str, share: float) -> Terminal:
        return Terminal(name, server.port, journal, stop, 1 / (share * plan.rate))

    for number, bay in enumerate(bays(), 1):
        crew = terminal(f"C{number}", 0.88 / len(bays()))
        yield partial(people.at_work, crew, Crew(crew, bay).produce)
    machines = terminal("line", 0.02)
    line = people.Line(machines)
    yield partial(people.at_work, machines, line.board)
    deeds = (people.alert, people.shift_change, people.small_things, people.tool)
    others = {"clerk": (0.03, deeds), "office": (0.05, (people.Office(pages, line).visit,))}
    others |= {"monitoring": (0.01, (people.watch,)), "passer-by": (0.01, (people.pass_by,))}
    for name, (share, its_deeds) in others.items():
        yield partial(people.at_work, terminal(name, share), *its_deeds)


def _times(plan: Plan, warm: Deed) -> list[tuple[float, Deed]]:
    """Return when what is done: it is warmed when the processes are there that are judged; others come near the end only."""
    change = kill_worker if plan.faults else reload
    times = [*((share, change) for share in CHANGED[:EARLY]), (WARMED, warm)]
    if plan.seconds >= LONG:
        times += [*((share, change) for share in CHANGED[EARLY:]), *((share, back_up) for share in BACKED_UP)]
    return [(share * plan.seconds, deed) for share, deed in times]


def _exported_all(url: str) -> bool:
    with connected(url) as (run_sql, _):
        return not run_sql("SELECT 1 FROM erp_entry WHERE done IS NULL LIMIT 1", ())


def _wait(reached: Callable[[], bool], seconds: float = 60.0) -> bool:
    deadline = time.monotonic() + seconds
    while not (done := reached()) and time.monotonic() < deadline:
        time.sleep(0.1)
    return done


def _left_while_running(server: Server) -> list[str]:
    """Return what the server still holds although nobody calls any more."""
    if _wait(lambda: not _clients(server.port)):
        return []
    return [f"{len(_clients(server.port))} connections of terminals that have gone"]


def _clients(port: int) -> list[str]:
    """Return the states of the server's connections to clients, without the listener and what the kernel alone still keeps."""
    rows = (line.split() for line in Path("/proc/net/tcp").read_text().splitlines()[1:])
    kept = {"01", "08"}  # ESTABLISHED, CLOSE_WAIT
    return [row[3] for row in rows if int(row[1].partition(":")[2], 16) == port and row[3] in kept]


def _stopped(server: Server) -> float:
    begun = time.monotonic()
    server.stop()
    return time.monotonic() - begun


def _left_behind(server: Server, others: int) -> Iterator[str]:
    """Yield what is there although the server has ended; ``others`` were connected to PostgreSQL before."""
    temporary = [str(file.relative_to(server.folder)) for file in (server.folder / "tmp").rglob("*")]
    if temporary:
        yield f"{len(temporary)} temporary files: {temporary[:5]}"
    if not _wait(lambda: _connected(server.database) <= others):
        yield f"{_connected(server.database) - others} connections to PostgreSQL"
    with watching(server.database) as database:
        if database.wal():
            yield f"a WAL of {database.wal()} bytes"


def _connected(url: str) -> int:
    with watching(url) as database:
        return database.connections()[0]


def _levels(log: str) -> Iterator[tuple[str, str]]:
    """Yield the level of each record, and its first line with what was raised; what is no record has no level."""
    for line in log.splitlines():
        try:
            record = json.loads(line)
        except ValueError:
            yield "", line
        else:
            raised = record.get("stack", "").splitlines()[-1:]
            yield record["level"], " | ".join([record["message"].partition("\n")[0], *raised])


def _errors(log: str, journal: Journal) -> list[str]:
    """Return what the log says of failures, but for one of each worker that was killed here."""
    errors = [message for level, message in _levels(log) if level not in ("info", "debug", "warning")]
    of_kills = [message for message in errors if "was sent SIGKILL" in message]
    for message in of_kills[: journal.done[KILLS]]:
        errors.remove(message)
    return errors


def _warnings(log: str) -> dict[str, int]:
    return dict(Counter(message for level, message in _levels(log) if level == "warning").most_common())
