"""The core's own tables: answers kept for repeated calls, the audit, and tokens."""

from __future__ import annotations

from peewee import CompositeKey

from tracepro.database.fields import Instant, Integer, Json, Key, LongText, Model, ShortText


class Idempotency(Model):
    """The answer of a call that was sent with an idempotency key; it is only ever added and purged."""

    caller = ShortText()
    key = ShortText()
    fingerprint = ShortText()
    answer = LongText(null=True)
    created = Instant(index=True)

    class Meta:
        table_name = "core_idempotency"
        primary_key = CompositeKey("caller", "key")


class Audit(Model):
    """Who changed what, when and from where; rows are never changed or deleted."""

    id = Key()
    tm = Instant(index=True)
    caller = ShortText()
    worker = ShortText(null=True)
    wp_id = Integer(null=True)
    line = ShortText(null=True)
    method = ShortText()
    params = LongText()
    changes = LongText()
    idempotency_key = ShortText(null=True)
    request_id = ShortText()
    address = ShortText(default="")
    client_request_id = ShortText(null=True)

    class Meta:
        table_name = "core_audit"


class Token(Model):
    """A caller's token; of its secret only the hash is kept."""

    id = Key()
    name = ShortText(unique=True)
    secret_hash = ShortText()
    scopes = Json()
    lines = Json(null=True)
    created = Instant()
    expires = Instant(null=True)
    last_used = Instant(null=True)
    revoked = Instant(null=True)

    class Meta:
        table_name = "core_token"


class BrowserSession(Model):
    """The session of somebody at a browser; of its secret only the hash is kept."""

    id = Key()
    secret_hash = ShortText()
    name = ShortText()
    scopes = Json()
    lines = Json(null=True)
    user_id = Integer(null=True, index=True)
    token_id = Integer(null=True)
    token_hash = ShortText(null=True)
    created = Instant()
    expires = Instant(index=True)
    ended = Instant(null=True)

    class Meta:
        table_name = "core_session"


class Secret(Model):
    """A secret of the site, such as the key of its keyed hashes."""

    name = ShortText(primary_key=True)
    value = ShortText()

    class Meta:
        table_name = "core_secret"


class Guess(Model):
    """A wrong guess of a password or code."""

    id = Key()
    account = ShortText()
    tm = Instant()

    class Meta:
        table_name = "core_guess"
        indexes = ((("account", "tm"), False),)


class OutOfService(Model):
    """A plugin that was taken out of service because one of its hooks hung."""

    plugin = ShortText(primary_key=True)
    hook = ShortText()
    reason = ShortText()
    tm = Instant()

    class Meta:
        table_name = "core_out_of_service"


class CodeClash(Model):
    """A row whose stored code was not trimmed, for it would have become that of the other row."""

    id = Key()
    plugin = ShortText()
    table_name = ShortText()
    row = Json()
    other = Json()

    class Meta:
        table_name = "core_code_clash"


class ArchiveFile(Model):
    """A file that old rows of a table were moved into, older than ``before``; ``cleared`` is null until they are deleted here."""

    id = Key()
    tm = Instant()
    table_name = ShortText()
    path = LongText()
    before = Instant()
    manifest = Json()
    cleared = Instant(null=True)

    class Meta:
        table_name = "core_archive"
        indexes = ((("table_name", "before"), False),)


# One at a time is moved of a table.
ArchiveFile.add_index(
    ArchiveFile.index(ArchiveFile.table_name, unique=True).where(ArchiveFile.cleared.is_null())
)


class BackupFile(Model):
    """A backup that was made and proven: the moment it shows, its file, and how many rows and bytes it has."""

    id = Key()
    tm = Instant()
    path = LongText()
    rows = Integer()
    size = Integer()

    class Meta:
        table_name = "core_backup_file"


CORE_MODELS = (
    Idempotency,
    Audit,
    Token,
    BrowserSession,
    Secret,
    Guess,
    OutOfService,
    CodeClash,
    ArchiveFile,
    BackupFile,
)
