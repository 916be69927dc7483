"""docs/operating.md, Install and In containers, followed word for word on an empty machine."""

import re
import shutil
import subprocess
import warnings
import zipfile

import pytest

from tests.packaging.machine import Machine, blocks
from tests.packaging.test_layers import ROOT
from tracepro.reserved import FIRST_PARTY
from tracepro.testing.client import Client

PACKAGES, FILES, PROXY, DATABASE, SERVICE, TLS, FIRST_CALL = blocks("Install")
PLAIN_CALL = FIRST_CALL.replace("https://mes.plant/", "http://127.0.0.1:8080/")
(UPGRADE,) = blocks("Upgrade")


@pytest.fixture
def machine(request, tmp_path):
    """An empty machine; what was started on it is stopped."""
    machine = Machine(tmp_path, offline="slow" not in request.keywords)
    yield machine
    machine.stop()


def check_wheels(machine):
    """Every file that a package has in the checkout is in its wheel: schemas, migrations, py.typed."""
    packed = {
        name for file in (machine.checkout / "dist").iterdir() for name in zipfile.ZipFile(file).namelist()
    }
    checkout = machine.checkout
    for folder in (checkout, checkout / "hookspecs", checkout / "schemas", *checkout.glob("plugins/*/")):
        for start in folder.glob("tracepro*/__init__.py"):
            files = {str(file.relative_to(folder)) for file in start.parent.rglob("*") if file.is_file()}
            assert files <= packed, f"the wheels lack {sorted(files - packed)}"


def check_modes(machine):
    """Nobody but the server reads the database, nobody but it and root what may have a password; it reads its packages."""
    assert machine.mode("var/lib/tracepro") == "0o700"
    assert machine.mode("var/lib/tracepro/tracepro.db") == "0o600"
    assert machine.mode("etc/tracepro") == "0o750"
    for name in ("parameters.ini", "plugins.ini", "tracepro.env", "plant.json"):
        assert machine.mode(f"etc/tracepro/{name}") == "0o640"
    (package,) = (machine.root / "opt/tracepro").glob("lib/python*/site-packages/tracepro")
    assert machine.mode(package) == machine.mode("opt/tracepro/bin/tracepro") == "0o755"
    assert machine.mode(package / "__init__.py") == "0o644"


def check_installed(machine):
    """All plugins that the shipped plugins.ini enables are installed, none of them from the checkout."""
    rows = machine.run("tracepro plugins").splitlines()
    enabled = re.search(r"^enabled = (.*)$", (ROOT / "plugins.ini").read_text(), flags=re.MULTILINE)[
        1
    ].split()
    assert [row.split()[1] for row in rows[1 : len(enabled) + 1]] == [f"tracepro-{name}" for name in enabled]
    code = "import tracepro_tooling, tracepro; print(tracepro.__file__, tracepro_tooling.__file__)"
    paths = machine.run(f"/opt/tracepro/bin/python -I -c '{code}'").split()
    assert all(path.startswith(f"{machine.root}/opt/tracepro/lib/") for path in paths), paths


def check_command(machine):
    """The command works with the server's database, unless the caller names another."""
    said = machine.run("TRACEPRO_DATABASE=sqlite:////var/lib/tracepro/other.db tracepro check 2>&1 || true")
    assert "There is no database" in said


def check_upgrade(machine):
    """The new version serves what the former one had."""
    metadata = machine.checkout / "setup.cfg"
    metadata.write_text(metadata.read_text().replace("\nversion = 1.0\n", "\nversion = 1.0.1\n"))
    machine.run(UPGRADE)
    machine.run(SERVICE.splitlines()[-1])
    assert "TracePRO 1.0.1 serves" in machine.log()
    assert "SMT-1" in machine.run("tracepro token list")


def install(machine):
    """Follow the guide until the server runs."""
    machine.run(PACKAGES)
    check_wheels(machine)
    machine.run(FILES)
    machine.run(PROXY)
    assert f"All is well: {len(FIRST_PARTY)} plugins, no warnings." in machine.run(DATABASE)
    check_modes(machine)
    check_installed(machine)
    check_command(machine)
    assert '"ready"' in machine.run(SERVICE)


def test_the_guide_followed_until_the_first_call(machine):
    install(machine)
    assert Client("127.0.0.1", machine.ports[8080]).send("POST", "/api/", b"{}").status == 401
    assert '"erp_ref":"VP-12345"' in machine.run(PLAIN_CALL)


@pytest.mark.slow
def test_the_guide_followed_with_packages_of_the_registry_and_through_tls(machine):
    install(machine)
    if machine.nginx:
        machine.run(TLS)
        assert '"erp_ref":"VP-12345"' in machine.run(FIRST_CALL)
        check_proxy(machine)
    else:
        warnings.warn("nginx isn't installed: the guide was followed without TLS.", stacklevel=1)
        machine.run(PLAIN_CALL)
    check_upgrade(machine)


def check_proxy(machine):
    """Who has no token is refused through the proxy too, sizes are the server's, connections are kept."""
    call = FIRST_CALL.splitlines()[0].removesuffix("\\").replace("--fail", "--write-out ' %{http_code}'")
    call += "-H 'Content-Type: application/json'"
    bearer = f'{call} -H "Authorization: Bearer $TOKEN"'
    assert machine.run(f"{call} -d '[]'").endswith(" 401")
    (machine.checkout / "large").write_bytes(b" " * 5_000_000)
    large = machine.run(f"{bearer} --data-binary @large")
    assert large.endswith(" 413") and "over the limit of 4000000 bytes" in large
    twice = machine.run(f"{bearer} -d '[]' --next {bearer.removeprefix('curl ')} -d '[]' --verbose")
    assert "Re-using existing connection" in twice
    moved = machine.run("curl --silent --head -H 'Host: mes.plant' http://127.0.0.1:80/api/")
    assert "301" in moved and "https://mes.plant/api/" in moved


def test_the_unit_says_nothing_that_systemd_does_not_know(machine):
    if not shutil.which("systemd-analyze"):
        pytest.skip("systemd-analyze isn't installed.")
    command = machine.root / "opt/tracepro/bin/tracepro"
    command.parent.mkdir(parents=True)
    command.symlink_to("/bin/true")
    unit = machine.checkout / "deploy" / "tracepro.service"
    done = subprocess.run(["systemd-analyze", "verify", unit], capture_output=True, text=True, timeout=60)
    assert (done.returncode, done.stderr) == (0, "")
