"""Trims the codes of units, slots and positions that were stored before codes were trimmed."""

from peewee import CompositeKey

from tracepro.codes import trim
from tracepro.database import Integer, Json, Key, Model, ShortText, p, statement
from tracepro.database.stored_codes import Trimming

SLOT, COMPONENT, COMPONENT_OUT = 10, 11, 12


class Unit(Model):
    id = Key()
    barcode = ShortText()
    barcode2 = ShortText()

    class Meta:
        table_name = "items_unit"


class Code(Model):
    code = ShortText()
    product = ShortText()
    item_id = Integer()

    class Meta:
        table_name = "items_code"
        primary_key = CompositeKey("code", "product")


class Data(Model):
    id = Key()
    tp = Integer()
    key = ShortText()
    value = Json(null=True)

    class Meta:
        table_name = "items_data"


class Slot(Model):
    item_id = Integer()
    slot = ShortText()

    class Meta:
        table_name = "items_slot"
        primary_key = CompositeKey("item_id", "slot")


class Component(Model):
    id = Key()
    parent_id = Integer()
    ref = ShortText()

    class Meta:
        table_name = "items_component"


class Removal(Model):
    id = Key()
    ref = ShortText()

    class Meta:
        table_name = "items_removal"


@statement
def code_of_unit():
    """A code of a unit, as it is stored."""
    return Code.select(Code.item_id).where(Code.code == p("code"), Code.item_id == p("item_id"))


def unit_code(text):
    """Trim a unit's code; that of a board, ``PANEL/1``, has its panel's code inside."""
    trimmed = trim(text)
    head, slash, position = trimmed.rpartition("/")
    board = slash and position.isdigit() and not trimmed.isprintable()
    return f"{trim(head)}/{position}" if board and trim(head) else trimmed


def value(sent):
    """Trim the value of a component's row where it is a text."""
    return trim(sent) if isinstance(sent, str) else sent


def stays(db, row):
    """Tell whether a code of a unit was left as it is, for another unit has it trimmed."""
    text = row.get("barcode") or row.get("barcode2")
    return db.one(code_of_unit, code=text, item_id=row["id"]) is not None


def migrate(schema):
    """Trims."""
    unique = ["code", "product"]
    Trimming("items", Code, *unique, unique=unique, owner="item_id", clean=unit_code).run(schema)
    for column in ("barcode", "barcode2"):
        Trimming("items", Unit, column, clean=unit_code, stays=stays).run(schema)
    coded = Data.tp.in_([SLOT, COMPONENT, COMPONENT_OUT])
    Trimming("items", Data, "key", where=coded).run(schema)
    Trimming("items", Data, "value", clean=value, where=Data.tp.in_([COMPONENT, COMPONENT_OUT])).run(schema)
    Trimming("items", Slot, "slot", unique=["item_id", "slot"]).run(schema)
    Trimming("items", Component, "ref", unique=["parent_id", "ref"]).run(schema)
    Trimming("items", Removal, "ref").run(schema)
