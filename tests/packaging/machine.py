"""An empty machine in a folder, on which the commands of docs/operating.md run as they stand there.

One substitution is made in the commands and in the files of ``deploy/``: paths lie below the folder, the user ``tracepro`` is the
one who runs the tests, the ports are free ones. What only root or systemd can do is done by the stand-ins of ``STAND_INS``.
"""

import grp
import os
import pwd
import re
import shutil
import subprocess
import sys
import sysconfig
from pathlib import Path
from textwrap import dedent

from tests.packaging.test_layers import ROOT
from tracepro.testing.server import free_port

LEFT_OUT = shutil.ignore_patterns(
    ".*", "*.egg-info", "__pycache__", "build", "dist", "*.db*", "secrets", "tests"
)
PORTS = (80, 443, 8080)
STAND_INS = {
    "apt-get": "#!/bin/sh\n",
    "useradd": "#!/bin/sh\n",
    "runuser": '#!/bin/sh\nshift 3\nexec "$@"\n',
    "python3": '#!/bin/sh\nexec {python} "$@"\n',
    "nginx": '#!/bin/sh\nexec {nginx} -c {root}/etc/nginx/nginx.conf -e {root}/nginx.log "$@"\n',
    "systemctl": """\
        #!{python}
        # Starts what systemd would, with the environment and the command of the unit, and stops it.
        import configparser, os, pathlib, shlex, signal, subprocess, sys, time
        root = pathlib.Path("{root}")
        pid = root / "server.pid"

        def start(unit):
            read = configparser.ConfigParser(strict=False, interpolation=None)
            read.optionxform = str
            read.read(root / "etc/systemd/system" / f"{{unit}}.service")
            service = read["Service"]
            lines = pathlib.Path(service["EnvironmentFile"]).read_text().splitlines()
            environment = dict(line.split("=", 1) for line in lines if line[0] != "#")
            with open(root / "server.log", "ab") as log:
                server = subprocess.Popen(
                    shlex.split(service["ExecStart"]), env=environment, cwd="/", stdin=subprocess.DEVNULL,
                    stdout=log, stderr=log, start_new_session=True, umask=int(service["UMask"], 8),
                )
            pid.write_text(str(server.pid))

        def stop(unit):
            if not pid.exists():
                return
            number = int(pid.read_text())
            os.kill(number, signal.SIGTERM)
            told = pathlib.Path(f"/proc/{{number}}/cmdline")
            while told.exists() and told.read_bytes():
                time.sleep(0.02)
            pid.unlink()

        ACTIONS = {{"enable": start, "start": start, "stop": stop, "daemon-reload": lambda unit: None}}
        ACTIONS["reload"] = lambda unit: subprocess.run([unit], check=True)
        ACTIONS[sys.argv[1]](sys.argv[-1])
        """,
}
BUILD_ALL = """\
    #!{own_python}
    # What `make wheels` builds, in one process and without the network.
    import contextlib, os, pathlib
    from setuptools import build_meta
    checkout = pathlib.Path.cwd()
    (checkout / "dist").mkdir()
    for folder in [checkout, *checkout.glob("plugins/*/")]:
        os.chdir(folder)
        with contextlib.redirect_stdout(None):
            build_meta.build_wheel(str(checkout / "dist"))
    """
OFFLINE = {
    "make": BUILD_ALL,
    "python3": '#!/bin/sh\n{python} "$@" --without-pip && cp {root}/tools/pip "$3/bin/pip"\n',
    "pip": """\
        #!/bin/sh
        # Packages of others are those of the tests; ours are installed from the wheels.
        venv=$(dirname "$(dirname "$0")")
        case "$*" in
        *requirements.lock) echo {packages} > "$venv/lib/python{version}/site-packages/others.pth" ;;
        *) exec {own_python} -m pip --quiet --python "$venv/bin/python" "$@" --no-deps --ignore-installed ;;
        esac
        """,
}
"""Stand-ins for the network, for the short test."""
NGINX = """\
user {user} {group};
pid {root}/nginx.pid;
error_log {root}/nginx.log;
events {{}}
http {{
    access_log off;
    client_body_temp_path {root}/nginx-body;
    proxy_temp_path {root}/nginx-proxy;
    fastcgi_temp_path {root}/nginx-unused;
    uwsgi_temp_path {root}/nginx-unused;
    scgi_temp_path {root}/nginx-unused;
    include {root}/etc/nginx/sites-enabled/*;
}}
"""


def blocks(heading):
    """Return the blocks of commands of a section of docs/operating.md."""
    page = (ROOT / "docs" / "operating.md").read_text("utf-8")
    section = page.partition(f"\n## {heading}\n")[2].partition("\n## ")[0]
    return re.findall(r"^```\n(.*?)^```", section, flags=re.MULTILINE | re.DOTALL)


class Machine:
    """A folder with a checkout of the release in it."""

    def __init__(self, root, *, offline):
        self.root = root
        self.ports = {port: free_port(self) for port in PORTS}
        self.nginx = shutil.which("nginx", path=f"{os.environ['PATH']}:/usr/sbin")
        self.checkout = root / "checkout"
        shutil.copytree(ROOT, self.checkout, ignore=LEFT_OUT)
        for file in (self.checkout / "deploy").iterdir():
            file.write_text(self.mapped(file.read_text("utf-8")), "utf-8")
        for name in (
            "etc/systemd/system",
            "etc/nginx/sites-available",
            "etc/nginx/sites-enabled",
            "etc/ssl/certs",
        ):
            (root / name).mkdir(parents=True)
        for name in ("etc/ssl/private", "usr/local/bin", "tools"):
            (root / name).mkdir(parents=True)
        (root / "etc/nginx/nginx.conf").write_text(
            NGINX.format(
                root=root, user=pwd.getpwuid(os.getuid()).pw_name, group=grp.getgrgid(os.getgid()).gr_name
            )
        )
        for name, text in {**STAND_INS, **(OFFLINE if offline else {})}.items():
            self._put(name, text)

    def _put(self, name, text):
        base = Path(sys.base_prefix) / "bin" / f"python{sysconfig.get_python_version()}"
        values = {"root": self.root, "python": base, "own_python": sys.executable, "nginx": self.nginx}
        values |= {"packages": sysconfig.get_path("purelib"), "version": sysconfig.get_python_version()}
        file = self.root / "tools" / name
        file.write_text(dedent(text).format(**values))
        file.chmod(0o755)

    def mapped(self, text):
        """Make the one substitution."""
        text = re.sub(r"(?<![\w.*}])/(?=(?:etc|opt|var/lib|usr/local)/)", f"{self.root}/", text)
        text = re.sub(r"-([og]) tracepro\b", lambda found: f"-{found[1]} {self._own(found[1])}", text)
        text = re.sub(r"https://mes\.plant/", f"https://mes.plant:{self.ports[443]}/", text)
        return re.sub(
            r"(listen (?:\[::\]:)?|mes\.plant:|127\.0\.0\.1:)(80|443|8080)\b",
            lambda found: f"{found[1]}{self.ports[int(found[2])]}",
            text,
        )

    @staticmethod
    def _own(kind):
        return os.getuid() if kind == "o" else os.getgid()

    @property
    def environment(self):
        """What a new shell has, with the stand-ins in front of what is installed."""
        path = f"{self.root}/tools:{self.root}/usr/local/bin:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
        ours = ("TRACEPRO_", "PYTHON", "MAKE", "VENV", "PORT")
        return {name: value for name, value in os.environ.items() if not name.startswith(ours)} | {
            "PATH": path
        }

    def run(self, commands):
        """Run commands in the checkout and return what they print; the first that fails is the last.

        Who follows the guide stays in one shell: a token that one block notes is there in the next.
        """
        shell = self.root / "shell"
        before = f"umask 077; test ! -e {shell} || . {shell}"
        after = f"declare -p TOKEN > {shell} 2>/dev/null || true"
        done = subprocess.run(
            ["bash", "-euc", "\n".join((before, self.mapped(commands), after))],
            cwd=self.checkout,
            env=self.environment,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=900,
        )
        assert done.returncode == 0, f"{commands}\n{done.stdout}{done.stderr}{self.log()}"
        return done.stdout + done.stderr

    def mode(self, path):
        """Return the mode of a file or folder, in octal."""
        return oct((self.root / path).stat().st_mode & 0o7777)

    def log(self):
        """Return what the server wrote to its log."""
        file = self.root / "server.log"
        return file.read_text() if file.exists() else ""

    def stop(self):
        """End what the commands left running."""
        self.run("systemctl stop tracepro")
        if (self.root / "nginx.pid").exists():
            self.run("nginx -s stop")
