"""Every table of ours that grows is one that a site may archive, purges itself, or is needed for ever; a new one is to be judged."""

from tracepro.database.core_models import CORE_MODELS
from tracepro.testing.makers import usual_plugins

from .test_plans import BOUNDED

PURGED = {
    "core_idempotency": "[api] idempotency_days",
    "erp_entry": "[erp] keep_days, once the ERP has them",
    "erp_work": "longer than any shift",
}
NEEDED = {
    "boxes_box": "getbox and the rules of packing; which box lies in which",
    "boxes_packed": "getbox, getboxbyitem: which unit lies in which box",
    "core_archive": "one row a file: answers say how far back data goes",
    "core_backup_file": "one row a backup: since when none was made",
    "core_audit": "who changed what; no command deletes of it",
    "erp_overrun": "an overrun is told once",
    "items_again": "cancelop: a component that was named twice",
    "items_cancellation": "the counter-entry is part of the operation's record",
    "items_code": "a scan finds its unit",
    "items_component": "genealogy: which unit is in which",
    "items_noncharged": "counts of work without units",
    "items_operation": "genealogy, getwplog, cancelop; which operations a unit passed, with their lots",
    "items_removal": "cancelop puts back what was taken out",
    "items_run_record": "the first piece of a run",
    "items_slot": "getitemslots",
    "items_state": "the route of each unit, by which every rule judges",
    "items_tally": "counts of orders by step",
    "items_unit": "genealogy",
    "items_unit_count": "counts of orders by kind of unit",
    "lines_data": "what terminals keep under a key, with no end to its use",
    "lines_ls_param": "one row a parameter of a line",
    "material_lot": "genealogy: lots, and what is left of them",
    "material_move": "genealogy: whereused, the lots of each operation, and the ledger that a lot's amount follows from",
    "material_receipt": "a delivery counts once",
    "orders_order": "the routing of each unit's order",
    "seal_block": "tracepro audit verify, and proofs of units; a block for up to a thousand rows of the audit",
    "sitedata_user_data": "what programs keep under a name, with no end to its use",
    "smdcarts_cart": "one row a cart",
    "smdcarts_listing": "the carts of each order's steps",
    "tooling_assembly": "one row a holder of tools",
    "tooling_counted": "cancelop takes off what an operation counted on its tools",
    "tooling_image": "one picture a replacement, tool or holder, which REST shows",
    "tooling_inventory_item": "one row an article of the stock",
    "tooling_inventory_point": "one row a place of the stock",
    "tooling_life_record": "the average life of tools, and undoing",
    "tooling_parts": "one row a tool and program",
    "tooling_process": "one row a process",
    "tooling_program": "one row a program",
    "tooling_replacement": "the history of tools, their average life, and undoing",
    "tooling_stock": "one row an article and place",
}
"""Each with what reads it."""


def test_every_table_is_judged_once(make_plant):
    contributions = make_plant(usual_plugins()).site.contributions
    tables = {*contributions.models, *(model._meta.table_name for model in CORE_MODELS)}
    judged = [*PURGED, *NEEDED, *BOUNDED, *contributions.archives]
    assert sorted(tables - set(judged)) == [], "say in this file what reads them, or let them be archived"
    assert sorted(judged) == sorted(tables)
