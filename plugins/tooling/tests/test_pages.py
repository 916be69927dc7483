"""The pages of tools: those due first, and one with its life, its replacements and what may be done with it."""

import base64

import pytest
from tracepro_tooling.pages import one_tool, tool_list

PLUGINS = ("workplaces", "workers", "orders", "items", "lines", "tooling", "auth", "pages")
PNG = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAIAAACQd1PeAAAADElEQVR4nGP4z8AAAAMBAQDJ/pLvAAAAAElFTkSuQmCC"
)
MARKUP = "<script>alert(1)</script>"
ESCAPED = "&lt;script&gt;alert(1)&lt;/script&gt;"
PLANT = {
    "acts": [{"id": 1, "name": "MILLING"}],
    "workplaces": [{"id": n, "name": f"Mill {n} <i>", "acts": [1]} for n in (101, 102)],
    "lines": [
        {"name": "L1", "machines": [{"name": "M1", "wp_id": 101}]},
        {"name": "L2", "machines": [{"name": "M2", "wp_id": 102}]},
    ],
}


class Tools:
    """The REST API of a plant and its pages."""

    def __init__(self, plant):
        self.plant = plant

    def put(self, path, **fields):
        answer = self.plant.rest("PUT", f"/api/{path}", fields)
        assert answer.status == 201, answer.text
        return answer.json["id"]

    def make(self, name, used, machine=101, **more):
        """Make a tool that has used so many of its 100 parts, in a machine of its own process, and return its id."""
        process = self.put("processes", name="Housing", machine_id=machine)
        assembly = self.put("tools/assemblies", name="T1", process_id=process)
        return self.put("tools", name=name, assembly_id=assembly, part_life=100, part_count=used, **more)

    def replace(self, tool, **body):
        answer = self.plant.rest("POST", f"/api/tools/{tool}/replace", body)
        assert answer.status == 201, answer.text
        return answer.json["id"]

    def show(self, path, status=200, **headers):
        answer = self.plant.rest("GET", f"/ui/{path}", **headers)
        assert answer.status == status, answer.text
        return answer.text


@pytest.fixture
def tools(make_plant, database):
    return Tools(make_plant(PLUGINS, PLANT, database=database))


def order(text, *names):
    return sorted(names, key=text.index)


def test_tools_that_are_due_come_first_with_their_state_in_words(tools):
    assert "There are no tools" in tools.show("tools")
    for name, used in (("Fresh", 10), ("Worn", 250), ("Tired", 95)):
        tools.make(name, used)
    tools.put("tools", name="Endless", part_count=900)
    text = tools.show("tools")
    assert order(text, "Fresh", "Endless", "Worn", "Tired") == ["Worn", "Tired", "Fresh", "Endless"]
    assert order(text, "Good", "Replace now", "No life set") == ["Replace now", "Good", "No life set"]
    assert '<a class="button" href="/ui/tools?machine=101">Mill 101 &lt;i&gt;: 2</a>' in text
    assert "Fresh" not in tools.show("tools?machine=102")


def test_the_list_goes_on_behind_its_last_tool(tools):
    ids = [
        tools.put("tools", name=f"Tool {n}", part_life=100, part_count=99 - n)
        for n in range(tool_list.SHOWN + 2)
    ]
    last = ids[tool_list.SHOWN - 1]
    text = tools.show("tools")
    assert f'href="/ui/tools?after={last}"' in text and len(text) < 100_000
    rest = tools.show(f"tools?after={last}")
    assert [f"/ui/tool/{id}" in rest for id in ids[-3:]] == [False, True, True] and "More tools" not in rest


def test_what_clients_store_is_shown_as_text(tools):
    tool = tools.make(MARKUP, 10, notes=MARKUP)
    item = tools.put("inventory/items", name=MARKUP, part_number="<b>")
    point = tools.put("inventory", name=MARKUP, items={str(item): 2})
    assert tools.plant.rest("PATCH", f"/api/tools/{tool}", {"inventory_item_id": item}).status == 200
    tools.replace(tool, notes=MARKUP, inventory_point_id=point, testing_notes=MARKUP)
    text = tools.show("tools") + tools.show(f"tool/{tool}")
    assert MARKUP not in text and text.count(ESCAPED) == 8


def test_a_tool_shows_what_it_reached_at_each_replacement_with_its_picture(tools):
    tool = tools.make("Mill", 80)
    first = tools.replace(tool, reason=1, notes="dull")
    path = f"/api/tools/replacements/{first}/image"
    assert tools.plant.rest("POST", path, PNG, content_type="image/png").status == 200
    text = tools.show(f"tool/{tool}")
    assert "Life reached at each replacement (parts)" in text and "<svg" in text
    assert f'src="{path}"' in text and 'loading="lazy"' in text and "Broken" in text
    assert f'data-replacement="{first}"' in text.partition("<dialog")[2]


def test_replacements_go_on_before_the_last_one(tools):
    tool = tools.make("Mill", 80)
    ids = [tools.replace(tool, notes="x" * 60_000) for _ in range(one_tool.SHOWN + 2)]
    text = tools.show(f"tool/{tool}")
    assert f'href="/ui/tool/{tool}?after={ids[2]}"' in text and len(text) < 100_000
    rest = tools.show(f"tool/{tool}?after={ids[2]}")
    assert f'data-replacement="{ids[1]}"' in rest and f'data-replacement="{ids[2]}"' not in rest
    assert 'id="replace"' not in rest and "<dialog" not in rest and "Earlier ones" not in rest


def test_only_what_the_caller_may_do_is_shown(tools):
    tool, other = tools.make("Mill", 80), tools.make("Elsewhere", 80, machine=102)
    tools.replace(tool)
    shown = {}
    for name, scopes, lines in (
        ("reader", ["read"], None),
        ("writer", ["read", "write"], None),
        ("tester", ["read", "write", "tooling:testing"], None),
        ("of a line", ["read", "write"], ["L1"]),
    ):
        text = tools.show(f"tool/{tool}", token=tools.plant.token(*scopes, lines=lines))
        shown[name] = ['id="replace"' in text, 'name="testing"' in text, 'id="undo"' in text]
    assert shown == {
        "reader": [False, False, False],
        "writer": [True, False, True],
        "tester": [True, True, True],
        "of a line": [True, False, False],
    }
    token = tools.plant.token("read", lines=["L1"])
    shown = tools.show("tools", token=token)
    assert "Elsewhere" not in shown and "Only what is at your lines is shown: L1." in shown
    tools.show(f"tool/{other}", status=403, token=token)


def test_an_unknown_tool_is_told(tools):
    assert "There is no tool 9" in tools.show("tool/9", status=404)
