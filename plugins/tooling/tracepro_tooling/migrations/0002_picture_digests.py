"""Adds the digest of an object's picture, by which its ETag and the audit know it."""

import hashlib

from tracepro.database import Bytes, Integer, Key, Model, ShortText

TEXT = {"sqlite": "TEXT", "postgresql": 'TEXT COLLATE "C"'}


class ToolAssembly(Model):
    id = Key()
    image_sha256 = ShortText(null=True)

    class Meta:
        table_name = "tooling_assembly"


class Tool(Model):
    id = Key()
    image_sha256 = ShortText(null=True)

    class Meta:
        table_name = "tooling_tool"


class ToolReplacement(Model):
    id = Key()
    image_sha256 = ShortText(null=True)

    class Meta:
        table_name = "tooling_replacement"


class Image(Model):
    id = Key()
    kind = ShortText()
    owner_id = Integer()
    content = Bytes()

    class Meta:
        table_name = "tooling_image"


OWNERS = {"assembly": ToolAssembly, "tool": Tool, "replacement": ToolReplacement}


def migrate(schema):
    """Add the columns and fill them in, one picture at a time."""
    for model in OWNERS.values():
        schema.define(
            f"ALTER TABLE {model._meta.table_name} ADD COLUMN image_sha256 {TEXT[schema.dialect]} NULL"
        )
    for image_id, kind, owner_id in schema.db.rows(Image.select(Image.id, Image.kind, Image.owner_id)):
        content = schema.db.value(Image.select(Image.content).where(Image.id == image_id))
        model = OWNERS[kind]
        digest = hashlib.sha256(content).hexdigest()
        schema.run(model.update({model.image_sha256: digest}).where(model.id == owner_id))
