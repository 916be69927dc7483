"""Trims the login codes and cards that were stored before codes were trimmed."""

from tracepro.database import Key, Model, ShortText, p, statement
from tracepro.database.stored_codes import Trimming


class Worker(Model):
    id = Key()
    code = ShortText(null=True)
    card = ShortText(null=True)

    class Meta:
        table_name = "workers_worker"


@statement
def meant_by_text():
    """The workers whom a text means already."""
    meant = (Worker.code == p("text")) | (Worker.card == p("text")) | (Worker.id == p("id"))
    return Worker.select(Worker.id, Worker.code, Worker.card).where(meant)


def rivals(db, row):
    """Return other workers whom the trimmed text means: as code, as card or as an id in digits."""
    text = row.get("code") or row.get("card")
    worker_id = int(text) if text.isascii() and text.isdigit() and len(text) < 19 else -1
    found = db.rows(meant_by_text, text=text, id=worker_id)
    return [dict(zip(("id", "code", "card"), other, strict=True)) for other in found if other[0] != row["id"]]


def migrate(schema):
    """Trims."""
    for column in ("code", "card"):
        Trimming("workers", Worker, column, unique=[column], rivals=rivals).run(schema)
