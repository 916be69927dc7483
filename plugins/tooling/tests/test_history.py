"""The history of a process: every replacement once, in pages, over a socket, and no more than a page is ever held."""

import json
from pathlib import Path

import pytest
from tracepro_tooling import history
from tracepro_tooling import models as m
from tracepro_tooling.replacements import REPLACEMENTS

from tracepro.config.settings import Settings
from tracepro.database import Insert, statement
from tracepro.site import open_site
from tracepro.testing.wire import Wire

SECOND, BEGUN = 1_000_000, 1_700_000_000
PLUGINS = ("workplaces", "workers", "orders", "items", "tooling")
TOOL = {"name": "Mill", "start_day": 1, "created": 0}
MANY, NOTES = 4000, "worn " * 100


def replacements(tool_id, number, *, every=1, notes=""):
    """Return rows, three of a tool at one time each."""
    values = {"day_count": 0, "runtime": 0, "static_part_count": 0, "parts": {}, "notes": notes}
    times = ((BEGUN + n // 3 * every) * SECOND for n in range(number))
    return [REPLACEMENTS.new.row({"tool_id": tool_id, "timestamp": time, **values}) for time in times]


def fill(db, tools, notes=""):
    """Make a process with tools that were replaced so many times, and return its id."""
    process = db.insert(Insert(m.Process), name="Housing")
    assembly = db.insert(Insert(m.ToolAssembly), name="T1", process_id=process)
    for number in tools:
        tool = db.insert(Insert(m.Tool), assembly_id=assembly, **TOOL)
        db.insert_many(REPLACEMENTS.new, replacements(tool, number, notes=notes))
    return process


@pytest.fixture
def small_pages(monkeypatch):
    """Have pages of three."""
    monkeypatch.setattr(history, "PAGE", 3)
    monkeypatch.setattr(history, "page_of_tool", statement(history.page_of_tool.build))


class Pieces:
    """What an answer is sent in; something happens ``after_first``."""

    def __init__(self, rest, path, after_first=lambda: None):
        self.sizes, self._after_first = [], after_first
        app, rest.send.app = rest.send.app, self._app(rest.send.app)
        self.answer = rest("GET", path)
        rest.send.app = app

    def _app(self, app):
        async def watched(scope, receive, send):
            async def sent(event):
                if event["type"] == "http.response.body":
                    self.sizes.append(len(event.get("body", b"")))
                await send(event)
                if len(self.sizes) == 1:
                    self._after_first()

            await app(scope, receive, sent)

        return watched


def test_every_replacement_is_told_once_whatever_the_pages_are(rest, small_pages):
    tools = [0, 1, 2, 3, 4, 0, 6, 7, 0, 0, 0, 0, 9, 10, 0]
    process = rest.plant.write(lambda call: fill(call.db, tools))
    told = rest.get(f"tools/replacements/process/{process}")
    assert [len(each["replacements"]) for each in told.values()] == tools
    assert rest("GET", "tools/replacements/process/999").status == 404
    for tool in told.values():
        times = [(each["timestamp"], each["id"]) for each in tool["replacements"].values()]
        assert times == sorted(times) and list(tool["replacements"]) == [str(id) for _, id in times]
    for start, end in ((0, 1), (1, 1), (1, 2), (2, 0), (3, 99)):
        query = f"?start={BEGUN + start}&end={BEGUN + end}"
        some = rest.get(f"tools/replacements/process/{process}{query}")
        within = [
            [id for id, each in tool["replacements"].items() if start <= each["timestamp"] - BEGUN <= end]
            for tool in told.values()
        ]
        assert [list(each["replacements"]) for each in some.values()] == within


def test_no_piece_of_an_answer_is_larger_than_a_page(rest, small_pages):
    few, many, tools = (
        rest.plant.write(lambda call, tools=tools: fill(call.db, tools)) for tools in ([30], [600], [0] * 90)
    )
    sizes = [Pieces(rest, f"tools/replacements/process/{process}").sizes for process in (few, many, tools)]
    assert max(sizes[1]) < 1.05 * max(sizes[0]) and len(sizes[1]) > 200
    assert len(sizes[2]) > 30


def test_what_is_deleted_meanwhile_is_told_no_more(rest, small_pages):
    process = rest.plant.write(lambda call: fill(call.db, [7, 7, 7]))

    def delete(call):
        call.db.run(m.ToolReplacement.delete())
        call.db.run(m.Tool.delete().where(m.Tool.id == 2))

    path = f"tools/replacements/process/{process}"
    told = Pieces(rest, path, after_first=lambda: rest.plant.write(delete)).answer.json
    assert {id: len(tool["replacements"]) for id, tool in told.items()} == {"1": 3, "3": 0}


@pytest.fixture
def server(serve_plant, database):
    server = serve_plant(PLUGINS, start=False)
    site = open_site(Settings.of(PLUGINS, database=server.database))
    server.process = site.store.write_inline(lambda db: fill(db, [MANY], NOTES))
    site.close()
    made = server.start().command("token", "create", "T", "--scope", "read")
    server.token = made.stdout.split()[-1].encode()
    return server


def asked(server, version):
    path = f"/api/tools/replacements/process/{server.process}".encode()
    head = b"GET %b HTTP/%b\r\nHost: localhost\r\nAuthorization: Bearer %b\r\n" % (
        path,
        version,
        server.token,
    )
    return Wire(server.port).send(head, b"Connection: close\r\n\r\n")


def test_over_a_socket_whoever_stays_gets_it_all_and_whoever_leaves_holds_nobody_up(server):
    leaver = asked(server, b"1.1")
    assert leaver.socket.recv(4096).startswith(b"HTTP/1.1 200")
    leaver.close()
    head, _, body = asked(server, b"1.0").all().partition(b"\r\n\r\n")
    assert b"transfer-encoding" not in head.lower()
    assert len(json.loads(body)["1"]["replacements"]) == MANY
    client = server.client()
    answer = client.send("GET", f"/api/tools/replacements/process/{server.process}")
    assert answer.json == json.loads(body)
    client.close()
    assert "breaks off" in server.log()
    assert server.stop() == 0


def resident(server):
    """Return the resident memory of the worker, in bytes."""
    (worker,) = server.workers()
    return int(Path(f"/proc/{worker}/statm").read_text().split()[1]) * 4096


@pytest.mark.slow
@pytest.mark.timeout(600)
def test_a_hundred_thousand_replacements_take_no_memory(server):
    asked(server, b"1.0").all()
    before = resident(server)
    site = open_site(Settings.of(PLUGINS, database=server.database))
    for _ in range(25):
        site.store.write_inline(
            lambda db: db.insert_many(REPLACEMENTS.new, replacements(1, MANY, notes=NOTES))
        )
    site.close()
    wire, length, most = asked(server, b"1.0"), 0, 0
    while more := wire.socket.recv(1_000_000):
        length, most = length + len(more), max(most, resident(server))
    assert length > 100_000 * len(NOTES)
    assert most - before < length // 3
