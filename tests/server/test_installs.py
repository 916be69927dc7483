"""What is installed while the server runs is found by the children that a reload starts."""

import subprocess
import sys

SCRIPT = """
import os, site, sys
from pathlib import Path

folder = Path(sys.argv[1])
site.getsitepackages = lambda: [str(folder)]
sys.path.append(str(folder))
from tracepro.plugin.discovery import installed
from tracepro.server.installs import find_new

assert "latecomer" not in installed()
source = folder / "source"
info = folder / "tracepro_latecomer-1.0.dist-info"
for new in (source, info):
    new.mkdir()
(source / "tracepro_latecomer.py").write_text("")
(info / "METADATA").write_text("Metadata-Version: 2.1\\nName: tracepro-latecomer\\nVersion: 1.0\\n")
(info / "entry_points.txt").write_text("[tracepro.plugins]\\nlatecomer = tracepro_latecomer\\n")
(folder / "latecomer.pth").write_text(f"{source}\\n")
pid = os.fork()
if pid == 0:
    find_new()
    installed()["latecomer"][0].load()
    os._exit(0)
sys.exit(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]))
"""


def test_an_editable_install_is_found_by_the_next_child(tmp_path):
    done = subprocess.run(
        [sys.executable, "-c", SCRIPT, str(tmp_path)], capture_output=True, text=True, timeout=60
    )
    assert done.returncode == 0, done.stderr
