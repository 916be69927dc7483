"""Where the name of a tool leads."""

from tracepro_tooling import search


def test_a_name_leads_to_all_tools_that_have_it(mill):
    _, _, assembly = mill.process()
    tools = [mill.tool(assembly), mill.tool(assembly)]
    for tool in tools:
        mill.set_tool(tool, name="T/1")
    found = mill.plant.read(lambda call: [search.pages_of_code(call, code) for code in ("T/1", "T")])
    assert found == [{f"/ui/tool/{tool}": f"Tool {tool} T/1" for tool in tools}, {}]
