"""Two made-up plugins for protocol tests: methods for every way a call can go."""

from tracepro.database import Insert, Integer, Key, LongText, Model, p, statement
from tracepro_hookspecs import Forbidden, Method, Reason, Refused, hookimpl

LINES = {100: "A", 101: "A", 200: "B"}


class Note(Model):
    id = Key()
    text = LongText()
    wp_id = Integer(null=True)

    class Meta:
        table_name = "bench_note"


NEW = Insert(Note)


@statement
def all_notes():
    """The notes in order of id."""
    return Note.select(Note.id, Note.text).order_by(Note.id)


@statement
def note_by_text():
    """The note with a text."""
    return Note.select(Note.id).where(Note.text == p("text"))


def echo(call, value=None):
    return value


def many(call, one, two=2, three=None):
    return [one, two, three]


def note(call, text, wp_id=None, workers=()):
    number = call.db.insert(NEW, text=text, wp_id=wp_id)
    call.changed("note", "text", None, text)
    return {"id": number, "line": call.line}


def notes(call):
    return [text for _, text in call.db.rows(all_notes)]


def findnote(call, text):
    found = call.db.value(note_by_text, text=text)
    if found is None:
        call.need_write()
        found = call.db.insert(NEW, text=text)
    return {"id": found}


def refuse(call, text):
    call.db.insert(NEW, text=text)
    call.after_refusal(lambda later: later.db.insert(NEW, text=f"refused {text}"))
    raise Refused(
        [Reason("too-much", "The bench is full; take something off."), Reason("also", "And closed.")]
    )


def crash(call):
    call.db.insert(NEW, text="crash")
    raise KeyError("secret-looking value")


def liar(call):
    call.need_write()


def unspeakable(call):
    return object()


def checkpassword(call, password):
    return password == "right"


def enter(call, password):
    if not call.prepared:
        raise Forbidden("auth-failed", "Name or password is wrong.")
    call.db.insert(NEW, text="entered")
    return {"prepared": call.prepared}


def tell(call, text):
    call.db.insert(NEW, text=text)
    call.after_commit(lambda: call._site.heard.append(text))


def reopen(call):
    return call._site.store.read(lambda db: 1)


def recall(call):
    return call._site.dispatcher.answer(b"{}", call.caller).decode()


def places(call, wp_ids):
    return {"line": call.line, "lines": list(call.lines)}


def rows(call, data):
    return len(data)


def leave(call):
    raise SystemExit(1)


ID, IDS, JSON, TEXT = ({"$ref": f"shared.json#/$defs/{name}"} for name in ("Id", "Ids", "Json", "Text"))
OBJECT = {"type": "object"}


def spec(name, *params, result=None):
    described = [
        {"name": name, "required": "default" not in schema, "schema": schema} for name, schema in params
    ]
    return {
        "name": name,
        "summary": f"Does {name}.",
        "params": described,
        "result": {"name": "result", "schema": result or {}},
    }


class Bench:
    """The plugin most tests call."""

    fragment = {
        "methods": [
            spec("echo", ("value", {**JSON, "default": None})),
            spec(
                "many", ("one", JSON), ("two", {**JSON, "default": 2}), ("three", {**JSON, "default": None})
            ),
            spec(
                "note",
                ("text", TEXT),
                ("wp_id", {"$ref": "shared.json#/$defs/IdOrNull", "default": None}),
                ("workers", {**IDS, "default": []}),
                result={"$ref": "#/components/schemas/Noted"},
            ),
            spec("notes"),
            spec("findnote", ("text", TEXT)),
            spec("refuse", ("text", TEXT)),
            spec("crash"),
            spec("leave"),
            spec("liar"),
            spec("unspeakable"),
            spec("enter", ("password", TEXT)),
            spec("tell", ("text", TEXT)),
            spec("reopen"),
            spec("recall"),
            spec("places", ("wp_ids", IDS)),
            spec("rows", ("data", {"$ref": "shared.json#/$defs/DataRows"})),
        ],
        "components": {"schemas": {"Noted": {"type": "object", "required": ["id"]}}},
        "x-codes": {"too-much": "The bench is full."},
    }

    @hookimpl
    def tracepro_register_methods(self):
        return [
            Method("echo", echo, "read"),
            Method("many", many, "read"),
            Method("note", note, "write", line_from=("wp_id",)),
            Method("notes", notes, "read"),
            Method("findnote", findnote, "upgrade"),
            Method("refuse", refuse, "write"),
            Method("crash", crash, "write"),
            Method("leave", leave, "write"),
            Method("liar", liar, "read"),
            Method("unspeakable", unspeakable, "write"),
            Method("enter", enter, "write", secret=True, prepare=checkpassword),
            Method("tell", tell, "write"),
            Method("reopen", reopen, "write"),
            Method("recall", recall, "write"),
            Method("places", places, "write", line_from=("wp_ids",)),
            Method("rows", rows, "read"),
        ]

    @hookimpl
    def tracepro_line_of(self, parameter, value):
        return LINES.get(value)


class Side:
    """A plugin that is off on line B."""

    fragment = {"methods": [spec("blank", ("wp_id", ID)), spec("sides"), spec("rename")]}

    @hookimpl
    def tracepro_register_methods(self):
        return [
            Method("blank", lambda call, wp_id: {"wp_id": wp_id}, "read", line_from=("wp_id",)),
            Method("sides", lambda call: "here", "read"),
            Method("rename", lambda call: "renamed", "read", plant_wide=True),
        ]
