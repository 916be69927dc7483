"""What the plugins beside orders, items and material leave in a long history, made by SQL beside units that are there already."""

from __future__ import annotations

from examples.generator.driver import connected

UNITS_A_BOX = 100
PARTS_A_LIFE = 500
TOOLS = 10


def older_than_units(url: str, wp_id: int) -> None:
    """Pack all units in boxes, and have ten tools at a workplace that counted every unit and were replaced ever so often."""
    with connected(url) as (run_sql, dialect):
        now = "(SELECT max(created) FROM items_unit)"
        run_sql("BEGIN", ())
        run_sql(
            "INSERT INTO boxes_box (id, item, box_size, status) "
            f"SELECT DISTINCT id / {UNITS_A_BOX} + 1, '', 0, 0 FROM items_unit",
            (),
        )
        run_sql(
            f"INSERT INTO boxes_packed (box_id, item_id) SELECT id / {UNITS_A_BOX} + 1, id FROM items_unit ORDER BY id",
            (),
        )
        run_sql(
            "INSERT INTO tooling_process (id, name, machine_id, description, archived) "
            f"VALUES (1, 'Printing', {wp_id}, '', 0)",
            (),
        )
        run_sql(
            "INSERT INTO tooling_program (id, name, process_id, item, archived) "
            "VALUES (1, 'P1', 1, 'CTRL-VP-RECENT', 0)",
            (),
        )
        run_sql(
            "INSERT INTO tooling_assembly (id, name, location, notes, process_id, shared) "
            "VALUES (1, 'Stencil and blades', '', '', 1, 0)",
            (),
        )
        for tool in range(1, TOOLS + 1):
            run_sql(
                "INSERT INTO tooling_tool (id, name, notes, assembly_id, usage_mode, part_life, warn_percent, part_count, runtime, "
                "start_day, is_critical, durable, created, counted_from) "
                f"VALUES ({tool}, 'Blade {tool}', '', 1, 0, 1000000, 90, 950000, 0, 0, 0, 0, {now}, 0)",
                (),
            )
            run_sql(
                "INSERT INTO tooling_life_record (tool_id, timestamp, usage_mode, notes) "
                f"SELECT {tool}, created, 0, '' FROM items_unit WHERE id % {PARTS_A_LIFE} = 0",
                (),
            )
            run_sql(
                "INSERT INTO tooling_replacement (tool_id, assembly_id, process_id, condition, reason, day_count, indexed, notes, runtime, "
                "static_part_count, testing, timestamp, counted_from) "
                f"SELECT {tool}, 1, 1, 0, 0, 1, 0, '', 0, {PARTS_A_LIFE}, 0, created, 0 "
                f"FROM items_unit WHERE id % {PARTS_A_LIFE} = 0",
                (),
            )
        run_sql(
            "INSERT INTO tooling_counted (op_id, program_id, tool_ids, parts, runtime) "
            "SELECT id, 1, '[1,2,3,4,5,6,7,8,9,10]', 1, 0 FROM items_operation WHERE op = 10",
            (),
        )
        for table in ("boxes_box", "tooling_process", "tooling_program", "tooling_assembly", "tooling_tool"):
            if dialect == "postgresql":
                run_sql(f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), max(id)) FROM {table}", ())
        run_sql("COMMIT", ())
        run_sql("ANALYZE", ())
