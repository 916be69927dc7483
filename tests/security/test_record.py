"""Nobody changes the record: what was done, by whom and from where stays as it was written."""

import json
import os
import re
from hashlib import sha256
from pathlib import Path

import psycopg
import pytest

from tracepro import plant_file
from tracepro.config.settings import Settings
from tracepro.findings import StartError
from tracepro.site import open_site
from tracepro.testing.postgres import postgres_url

DOCS = Path(__file__).parents[2] / "docs"
PLUGINS = ("workplaces", "workers", "orders", "items", "counters")
EXAMPLE = {
    "acts": [{"id": 1, "name": "Print"}],
    "workplaces": [{"id": 100, "name": "Printer", "acts": [1]}],
    "workers": [{"id": 31, "name": "J. Novak", "code": "JN31", "active": True}],
}


class TwoRoles:
    """A database set up as docs/operating.md says, under names of this process; its roles are ``owner`` and ``server``."""

    def __init__(self, name):
        self.name = name
        page = (DOCS / "operating.md").read_text()
        section = page.partition("## Two roles on PostgreSQL\n")[2].partition("\n## ")[0]
        blocks = re.findall(r"```sql\n(.*?)```", section, re.DOTALL)
        self._setting_up, self._revoking = (
            block.replace("tracepro", name).split(";\n")[:-1] for block in blocks
        )
        self._administrator = postgres_url("postgres")
        self.drop()

    def url(self, role=None):
        """The url by which a role reaches the database, the administrator without one."""
        url = self._administrator.replace("/postgres?", f"/{self.name}?")
        return url if role is None else url.replace("//postgres:", f"//{self.name}_{role}:")

    def set_up(self):
        self._run(self._administrator, self._setting_up[:3])
        self._run(self.url(), self._setting_up[3:])

    def revoke(self):
        self._run(self.url("owner"), self._revoking)

    def drop(self):
        roles = [f'DROP ROLE IF EXISTS "{self.name}_{role}"' for role in ("owner", "server")]
        self._run(self._administrator, [f'DROP DATABASE IF EXISTS "{self.name}" WITH (FORCE)', *roles])

    def _run(self, url, statements):
        with psycopg.connect(url, autocommit=True) as connection:
            for sql in statements:
                connection.execute(sql)


@pytest.fixture
def two_roles():
    roles = TwoRoles(f"tracepro_of_{os.getpid()}_roles")
    roles.set_up()
    yield roles
    roles.drop()


def test_the_server_runs_with_a_role_that_cannot_touch_the_record(serve_plant, two_roles):
    open_site(Settings.of(PLUGINS, database=two_roles.url("owner")), migrate=True).close()
    two_roles.revoke()
    site = open_site(Settings.of(PLUGINS, database=two_roles.url("server")))
    plant_file.import_parts(site, plant_file.checked(site, EXAMPLE))
    site.close()
    server = serve_plant(plugins=PLUGINS, start=False)
    server.database = two_roles.url("server")
    server.start()
    order = server.rpc("makeorder", "VP-1", "PCB-A", 1, 1)["id"]
    server.rpc("updateorder", order, {}, [{"op": 10, "act": 1}])
    unit = server.rpc("getitem", order, "U1", 1)["id"]
    server.rpc("addop", unit, 10, None, 100, [31])
    assert server.rpc("getnext", "serial", "A") == 1
    with psycopg.connect(server.database, autocommit=True) as connection:
        assert connection.execute("SELECT count(*) FROM core_audit").fetchone() == (6,)
        for sql in (
            "UPDATE core_audit SET method = ''",
            "DELETE FROM core_audit",
            "TRUNCATE core_audit",
            "DROP TRIGGER core_audit_only_grows ON core_audit",
            "ALTER TABLE core_audit DISABLE TRIGGER ALL",
            "CREATE TABLE mine (id bigint)",
            "DELETE FROM core_migration",
        ):
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                connection.execute(sql)
    _restored_by_the_owner_only(server, two_roles, server.folder / "plant.backup")


def _restored_by_the_owner_only(server, two_roles, file):
    """The server's role makes backups; only the owner can put one in the place of the record."""
    made = server.command("backup", str(file))
    assert made.returncode == 0, made.stderr
    server.database = two_roles.url("owner")
    assert "stop it first" in server.command("restore", str(file), "--replace").stderr
    server.stop()
    server.database = two_roles.url("server")
    assert (
        "restore as the role that owns the tables" in server.command("restore", str(file), "--replace").stderr
    )
    server.database = two_roles.url("owner")
    restored = server.command("restore", str(file), "--replace")
    assert restored.returncode == 0, restored.stderr
    server.database = two_roles.url("server")
    assert server.start().rpc("getnext", "serial", "A") == 2


def test_a_role_that_may_not_migrate_is_told_who_may(two_roles):
    with pytest.raises(
        StartError, match="may not change tables .* run `tracepro migrate` as the role that owns"
    ):
        open_site(Settings.of(("workplaces",), database=two_roles.url("server")), migrate=True)


def test_the_request_id_of_the_record_is_ours(make_audited):
    """A caller who could choose it could make his call look like another one."""
    plant = make_audited("counters")
    answer = plant.rpc("getnext", {"clazz": "a", "name": "b"}, x_request_id="0123456789abcdef")
    (row,) = plant.audit()
    assert row["request_id"] == answer.headers["x-request-id"] != "0123456789abcdef"
    assert row["client_request_id"] == "0123456789abcdef"


def test_long_parameters_and_values_are_kept_as_their_digest(make_audited):
    plant = make_audited("workplaces", "orders", plant={"acts": [{"id": 1, "name": "Print"}]})
    order = plant.rpc("makeorder", {"erp_ref": "VP-1", "item": "PCB-A"}).json["result"]["id"]
    long, short = {"op": 10, "act": 1, "params": {"text": "x" * 70_000}}, {"op": 10, "act": 1}
    changed = {"order_id": order, "properties": {}, "operations": [long]}
    for operations in ([long], [short]):
        assert "result" in plant.rpc("updateorder", changed | {"operations": operations}).json
    _, first, second = plant.audit()
    assert json.loads(first["params"]) == digest_of(changed)
    assert len(first["changes"]) < 1000 and len(second["changes"]) < 1000
    (as_long,), (as_short,) = json.loads(first["changes"]), json.loads(second["changes"])
    assert as_long["what"] == f"order {order}" and as_long["field"] == "operations"
    assert as_long["before"] == [] and as_long["after"] == as_short["before"]
    stored = [{"op": 10, "act": 1, "name": "", "desc": "", "flags": 0, "params": long["params"]}]
    assert as_long["after"] == digest_of(stored)
    assert as_short["after"][0]["params"] == {}


def test_many_changes_are_kept_short_together(make_audited):
    acts = [{"id": n, "name": f"ACT {n}", "desc": "x" * 2000} for n in range(1, 301)]
    plant = make_audited("workplaces", plant={"acts": acts})
    site, changed = (
        plant.site,
        {"acts": [{**act, "name": f"A {act['id']}", "desc": "y" * 2000} for act in acts]},
    )
    plant_file.import_parts(site, plant_file.checked(site, changed))
    (row,) = plant.audit()
    changes = json.loads(row["changes"])
    assert len(changes) == 600 and len(row["changes"]) < 200_000
    names = [change for change in changes if change["field"] == "name"]
    assert names[0] == {"what": "act 1", "field": "name", "before": "ACT 1", "after": "A 1"}
    descriptions = [change for change in changes if change["field"] == "desc"]
    assert {json.dumps(change["after"]) for change in descriptions} == {json.dumps(digest_of("y" * 2000))}


def digest_of(value):
    text = json.dumps(value, separators=(",", ":")).encode()
    return {"$digest": "sha256", "hex": sha256(text).hexdigest(), "bytes": len(text)}
