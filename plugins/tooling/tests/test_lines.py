"""On which line a tool and its replacements stand: where a token for a line may write, and where the plugin is off."""

import pytest
from tracepro_tooling import models as m

GIF = b"GIF89a\x01\x00\x01\x00\x00\x00\x00,\x00\x00\x00\x00\x01\x00\x01\x00\x00\x02\x02D\x01\x00;"
PLACES = {"L1": 101, "L2": 102, "L3": 103, None: 104}
"""A workplace on each line, and one on none; tooling is off on L3."""
PLANT = {
    "workplaces": [{"id": wp_id, "name": f"Mill {wp_id}"} for wp_id in PLACES.values()],
    "lines": [
        {"name": line, "machines": [{"name": f"M{wp_id}", "wp_id": wp_id}]}
        for line, wp_id in PLACES.items()
        if line
    ],
}
WITHOUT_TOOLING = ("workplaces", "workers", "orders", "items", "lines")


class Bench:
    """A process with a tool at each place, and a client with the token of L1."""

    def __init__(self, rest):
        self.rest = rest
        self.token = rest.plant.token("read", "write", lines=["L1"])
        self.processes = {line: self._process(wp_id) for line, wp_id in PLACES.items()}
        self.assemblies = {
            line: rest.make("tools/assemblies", name="T", process_id=process)["id"]
            for line, process in self.processes.items()
        }
        self.tools = {line: self.tool(assembly) for line, assembly in self.assemblies.items()}
        self.replacements = {line: self.replaced(tool) for line, tool in self.tools.items()}
        rest.plant.write(lambda call: call.db.run(_put_at(self.processes["L3"], PLACES["L3"])))

    def _process(self, wp_id):
        """Return a process; where the plugin is off none can be made, and the machine came there later."""
        where = {} if wp_id == PLACES["L3"] else {"machine_id": wp_id}
        return self.rest.make("processes", name=f"At {wp_id}", **where)["id"]

    def tool(self, assembly=None):
        return self.rest.make("tools", name="Mill", durable=True, assembly_id=assembly)["id"]

    def replaced(self, tool):
        return self.rest("POST", f"tools/{tool}/replace", {}).json["id"]

    def terminal(self, verb, path, body=None, **headers):
        """Return what a request of the terminal of L1 is answered."""
        kind = {"content_type": "image/gif"} if isinstance(body, bytes) else {}
        return self.rest(verb, path, body, token=self.token, **kind, **headers)

    def writes(self, line):
        """Return what a terminal does with the tool and the replacement of a line."""
        one = f"tools/replacements/{self.replacements[line]}"
        return [
            ("POST", f"tools/{self.tools[line]}/replace", {"reason": 1}),
            ("PATCH", one, {"notes": "worn"}),
            ("POST", one + "/image", GIF),
            ("DELETE", one + "/image", None),
        ]

    def replacements_of(self, line):
        tool = str(self.tools[line])
        told = self.rest.get(f"tools/replacements/process/{self.processes[line]}")
        return told[tool]["replacements"]

    def reads(self, line):
        return [
            ("GET", f"tools/{self.tools[line]}", None),
            ("GET", f"tools/replacements/process/{self.processes[line]}", None),
        ]


def _put_at(process, wp_id):
    return m.Process.update(machine_id=wp_id).where(m.Process.id == process)


@pytest.fixture
def bench(rest_of):
    return Bench(rest_of(plant=PLANT, lines={"L3": WITHOUT_TOOLING}))


def test_a_terminal_replaces_corrects_and_shows_what_stands_on_its_line_only(bench):
    assert [bench.terminal(*each).status for each in bench.writes("L1")] == [201, 200, 200, 200]
    for line in ("L2", None):
        for each in bench.writes(line):
            refused = bench.terminal(*each)
            assert (refused.status, refused.json["code"]) == (403, "scope-missing"), each
    for line, status in (("L1", 200), ("L2", 403), (None, 200)):
        assert [bench.terminal(*each).status for each in bench.reads(line)] == [status] * 2, line
    counts = [len(each) for each in map(bench.replacements_of, ("L1", "L2", None))]
    assert counts == [2, 1, 1]


def test_what_concerns_the_plant_is_not_the_terminals(bench):
    one = f"tools/replacements/{bench.replacements['L1']}"
    tool, assembly = f"tools/{bench.tools['L1']}", f"tools/assemblies/{bench.assemblies['L1']}"
    for verb, path, body in (
        ("DELETE", one + "?undo=1", None),
        ("DELETE", one, None),
        ("PATCH", tool, {"part_count": 1}),
        ("POST", tool + "/image", GIF),
        ("DELETE", tool, None),
        ("PATCH", assembly, {"process_id": bench.processes["L2"]}),
        ("PUT", "tools", {"name": "New"}),
    ):
        assert bench.terminal(verb, path, body).status == 403, (verb, path)


def test_a_substitute_comes_from_the_terminals_line_or_from_no_assembly(bench):
    path = f"tools/{bench.tools['L1']}/replace"
    for assembly, status in (("L2", 403), (None, 403), ("L1", 201)):
        substitute = bench.tool(bench.assemblies[assembly])
        assert bench.terminal("POST", path, {"substitute_id": substitute}).status == status, assembly
    bench.rest.change(f"tools/{bench.tools['L1']}", assembly_id=bench.assemblies["L1"])
    assert bench.terminal("POST", path, {"substitute_id": bench.tool()}).status == 201


def test_a_replacement_stands_where_the_machine_of_its_process_is_now(bench):
    path = f"tools/replacements/{bench.replacements['L1']}"
    bench.rest.change(f"processes/{bench.processes['L1']}", archived=True)
    archived = bench.terminal("POST", f"tools/{bench.tools['L1']}/replace", {})
    assert archived.status == 201
    later = f"tools/replacements/{archived.json['id']}"
    bench.rest.change(f"tools/{bench.tools['L1']}", assembly_id=bench.assemblies["L2"])
    for one in (path, later):
        assert bench.terminal("PATCH", one, {"notes": "here"}).status == 200
    bench.rest.change(f"processes/{bench.processes['L1']}", machine_id=PLACES["L2"])
    assert bench.terminal("PATCH", path, {"notes": "there"}).status == 403
    bench.rest("DELETE", f"processes/{bench.processes['L1']}")
    assert bench.terminal("PATCH", path, {"notes": "nowhere"}).status == 403
    assert bench.rest("PATCH", path, {"notes": "office"}).status == 200


def test_where_the_plugin_is_off_everything_is_refused_naming_the_line(bench):
    for each in (*bench.writes("L3"), *bench.reads("L3")):
        kind = {"content_type": "image/gif"} if isinstance(each[2], bytes) else {}
        refused = bench.rest(*each, **kind)
        said = [refused.json.get(name) for name in ("code", "plugin", "line")]
        assert (refused.status, said) == (409, ["plugin-off", "tooling", "L3"]), each
    off = bench.rest("PUT", "processes", {"name": "A", "machine_id": PLACES["L3"]})
    assert (off.status, off.json["line"]) == (409, "L3")


def test_a_replacement_that_is_sent_again_under_its_key_happens_once(bench):
    path, key = f"tools/{bench.tools['L1']}/replace", {"idempotency_key": "terminal-1-77"}
    first = bench.terminal("POST", path, {"notes": "once"}, **key)
    again = bench.terminal("POST", path, {"notes": "once"}, **key)
    assert (again.status, again.json) == (201, first.json)
    assert again.headers["etag"] == first.headers["etag"]
    other = bench.terminal("POST", path, {"notes": "twice"}, **key)
    assert (other.status, other.json["code"]) == (422, "key-reused")
    assert len(bench.replacements_of("L1")) == 2
