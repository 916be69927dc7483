"""Pictures of objects, apart from their rows; an object's ``image_type`` tells whether there is one."""

from __future__ import annotations

import hashlib

from peewee import Query

from tracepro.database import Insert, p, statement
from tracepro.rest import check_if_match, etag_of
from tracepro_hookspecs import Call, Reply, Request
from tracepro_tooling import models as m
from tracepro_tooling import reasons
from tracepro_tooling.images import checked_image
from tracepro_tooling.resource import Resource, Stored

LARGEST = 5_000_000
PUT = Insert(m.Image, keys=(m.Image.kind, m.Image.owner_id), update=(m.Image.content,))


@statement
def image_of() -> Query:
    """The picture of an object."""
    return m.Image.select(m.Image.content).where(m.Image.kind == p("kind"), m.Image.owner_id == p("id"))


@statement
def delete_image_of() -> Query:
    """Delete the picture of an object."""
    return m.Image.delete().where(m.Image.kind == p("kind"), m.Image.owner_id == p("id"))


class Pictures:
    """The pictures of one kind of object."""

    def __init__(self, kind: Resource) -> None:
        self.kind = kind

    def checked(self, call: Call, request: Request) -> tuple[bytes, str]:
        """Return the picture that was sent as it is stored, and its digest. Raises NotFound, HttpProblem 415."""
        self.kind.get(call, request.path[self.kind.id_name])
        content = checked_image(request.body, request.media_type)
        return content, hashlib.sha256(content).hexdigest()

    def show(self, call: Call, request: Request) -> Reply:
        """Return the picture. Raises NotFound, HttpProblem 412 where there is none."""
        row = self.kind.get(call, request.path[self.kind.id_name])
        content = call.db.value(image_of, kind=self.kind.what, id=row["id"])
        if row["image_type"] is None or content is None:
            raise reasons.no_image(self.kind.what, row["id"])
        headers = {"Content-Type": row["image_type"], "ETag": etag_of(row["image_sha256"])}
        return Reply(bytes(content), headers=headers)

    def put(self, call: Call, request: Request) -> Reply:
        """Set the picture and return the object."""
        row = self._locked(call, request)
        content, digest = call.prepared
        call.db.insert(PUT, kind=self.kind.what, owner_id=row["id"], content=content)
        return self._noted(call, row, request.media_type, digest)

    def remove(self, call: Call, request: Request) -> Reply:
        """Take the picture away and return the object."""
        row = self._locked(call, request)
        call.db.run(delete_image_of, kind=self.kind.what, id=row["id"])
        return self._noted(call, row, None, None)

    def _locked(self, call: Call, request: Request) -> Stored:
        """Return the object's row, locked; ``If-Match`` may name the object or the picture, whichever the client saw."""
        row = self.kind.lock(call, request.path[self.kind.id_name])
        picture = [] if row["image_type"] is None else [row["image_sha256"]]
        check_if_match(request, self.kind.state_of(call, row), *picture)
        return row

    def _noted(self, call: Call, row: Stored, media_type: str | None, digest: str | None) -> Reply:
        """Say in the object's row which picture it has, and in the audit which one it had."""
        before = self.kind.state_of(call, row)
        after = {**row, "image_type": media_type, "image_sha256": digest}
        call.db.run(self.kind.update, **after)
        return self.kind.note_changes(call, before, after)
