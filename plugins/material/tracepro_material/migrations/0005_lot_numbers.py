"""Lots are found by their number alone, whatever the article: whoever searches has scanned no more."""


def migrate(schema):
    """Add the index."""
    schema.define("CREATE INDEX material_lot_mat_lot ON material_lot (mat_lot)")
