"""Bodies changed by chance: none is answered by a failure of ours, and none differently by one of the databases."""

import json
import re
from functools import partial

import pytest

from tracepro.testing.wire import Wire

from . import odd_requests
from .conftest import UNTHROTTLED
from .mutations import changed_bytes, dice_of, mutated
from .shrinking import shrunk
from .walking import MOST_SHOWN, Faults, bodies, body_of, walk
from .wire_mutations import mutated_wire

pytestmark = [pytest.mark.faults("bodies changed by chance"), pytest.mark.timeout(600)]
LONG = [pytest.mark.slow, pytest.mark.timeout(3600)]

FAILED = re.compile(r'^.*(?:"level":"error"|Traceback).*$', re.MULTILINE)
STATUS = re.compile(rb"HTTP/1\.[01] (\d{3}) ")
NOT_OURS = (b"501", b"505")
"""What a server says of framings and versions that nobody has."""
ANYWHERE = b"/srv/documents"
"""What stands in bodies for the folder of documents while they are changed: seeds make the same of them wherever it lies."""
SLICES = 20
ONE_OF = 25
"""Of so many bodies at full length one goes to PostgreSQL too, where each answer takes its time."""
FEW = 300
CALLS, REQUESTS = 900_000, 100_000
"""How many bodies there are at full length, in all slices together."""


def of_all(number):
    """Return the parameters of a test: a few bodies in the suite, and ``number`` in slices that run side by side."""
    full = [pytest.param(number // SLICES, n, marks=LONG, id=f"{n + 1} of {SLICES}") for n in range(SLICES)]
    return pytest.mark.parametrize(("count", "piece"), [pytest.param(FEW, -1, id="few"), *full])


@of_all(CALLS)
def test_no_change_of_a_call_makes_it_fail(twins, documents, seed, tried, count, piece):
    faults, here = Faults(), str(documents).encode()
    others = [body.replace(here, ANYWHERE) for body in bodies(twins.plants[0], documents)]
    for number, place in enumerate(walk(twins, documents)):
        right = body_of(place.method, place.params).replace(here, ANYWHERE)
        for n in range(count // len(others)):
            dice = dice_of(seed, f"{piece}-{number}-{n}")
            body = mutated(_with_others(right, others, dice), others, dice).replace(ANYWHERE, here)
            key = f"mutated-{dice.randrange(10)}" if dice.random() < 0.1 else None
            send = partial(twins.send, key=key, both=piece < 0 or n % ONE_OF == 0)
            note(faults, body, send, seed, piece, number, n)
    assert faults.asked > count // 2
    tried(bodies=faults.asked)
    faults.check()


@of_all(REQUESTS)
def test_no_change_of_a_request_makes_it_fail(sites, seed, tried, count, piece):
    faults, places = (
        Faults(),
        [*odd_requests.routes(sites.plants[0].site), *odd_requests.pages(sites.plants[0].site, {})],
    )
    places = [place for place in places if place.body is not None]
    others = [json.dumps(place.body).encode() for place in places if not isinstance(place.body, bytes)]
    for number, place in enumerate(places):
        for n in range(max(1, count // len(places))):
            dice = dice_of(seed, f"{piece}-{number}-{n}")
            verb, path, body, headers = place.sent(body=_changed(place.body, others, dice))
            note(
                faults,
                body,
                lambda body, verb=verb, path=path, headers=headers: sites.http(verb, path, body, headers),
                *(verb, path, seed, piece, number, n),
            )
    assert faults.asked >= len(places)
    tried(bodies=faults.asked)
    faults.check()


def note(faults, body, send, *told):
    """Send a body; one that is answered wrongly is shrunk, and noted with what makes it again."""
    fault = send(body)
    if fault is not None and len(faults.found) < MOST_SHOWN:
        body = shrunk(body, lambda less: send(less) is not None)
        fault = send(body)
    faults.note(fault, *told, body)


def _with_others(body, others, dice):
    """Return a call alone, or in a batch with others."""
    if dice.random() < 0.85:
        return body
    batch = [body, *dice.sample(others, dice.randint(0, 3))]
    return b"[%b]" % b",".join(dice.sample(batch, len(batch)))


def _changed(body, others, dice):
    if isinstance(body, bytes):
        return changed_bytes(body, others, dice, dice.randint(1, 4))
    return mutated(json.dumps(body).encode(), others, dice)


@pytest.mark.parametrize("count", [pytest.param(FEW // 2, id="few"), pytest.param(20_000, marks=LONG)])
def test_no_change_of_what_is_sent_makes_a_server_fail(serve_plant, seed, tried, count):
    server = serve_plant(parameters={"api": UNTHROTTLED})
    workers, faults = server.workers(), Faults()
    for number in range(count):
        sent = mutated_wire(dice_of(seed, number))
        note(faults, sent, partial(fault_over, server.port), seed, number)
    assert server.workers() == workers
    assert b"getnext" in server.client().send("POST", "/api/", body_of("rpc.discover", {})).body
    assert not FAILED.findall(server.log())
    tried(connections=count)
    faults.check()


def fault_over(port, sent):
    """Send bytes over a connection and return what is wrong with what comes back, or None."""
    try:
        got = Wire(port).send(sent).half_close().all()
    except TimeoutError:
        return "the connection doesn't end"
    statuses = STATUS.findall(got)
    failed = [status for status in statuses if status >= b"500" and status not in NOT_OURS]
    return f"it answers {failed}" if failed else None
