"""What tracepro check says of tools."""

from tracepro_tooling import plugin


def test_a_critical_tool_without_the_life_that_its_usage_counts_is_a_finding(mill):
    _, _, assembly = mill.process()
    mill.tool(assembly, is_critical=True, usage_mode=1, max_runtime=60_000_000)
    mill.tool(assembly, is_critical=False)
    mill.tool(assembly, is_critical=True, out_service_date=mill.plant.clock())
    lifeless = mill.tool(assembly, is_critical=True, usage_mode=1, part_life=100, max_runtime=0)
    assert mill.plant.read(plugin.tracepro_site_findings) == {
        f"tool {lifeless} (End mill)": "it is critical, but without a life it never refuses work; set its max_runtime, "
        "or the usage_mode that it has a life for."
    }
