"""Trims the ERP references of workplaces that were stored before codes were trimmed."""

from tracepro.database import Key, Model, ShortText
from tracepro.database.stored_codes import Trimming


class Workplace(Model):
    id = Key()
    erp_ref = ShortText()

    class Meta:
        table_name = "workplaces_workplace"


def migrate(schema):
    """Trims; two workplaces may have one reference."""
    Trimming("workplaces", Workplace, "erp_ref").run(schema)
