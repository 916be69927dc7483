"""What docs/operating.md shows for every night keeps the newest files, whatever they are called in between."""

import os
import re
import subprocess
from pathlib import Path

PAGE = (Path(__file__).parents[2] / "docs" / "operating.md").read_text("utf-8")
KEPT = 14


def test_the_nightly_script_keeps_fourteen(tmp_path):
    (script,) = re.findall(r"```sh\n(tracepro backup.*?)```", PAGE, re.DOTALL)
    files = [tmp_path / f"plant-{number}.db" for number in range(20)]
    for number, file in enumerate(files):
        file.touch()
        os.utime(file, (number, number))
    other = tmp_path / "other.db"
    other.touch()
    (tmp_path / "tracepro").write_text('#!/bin/sh\n[ "$1" = backup ] && touch "$2"\n')
    (tmp_path / "tracepro").chmod(0o700)
    told = script.replace("/var/backups/tracepro", str(tmp_path))
    path = {"PATH": f"{tmp_path}:{os.environ['PATH']}"}
    subprocess.run(["sh", "-e", "-c", told], env=path, check=True)
    left = set(tmp_path.glob("plant-*.db"))
    (made,) = left - set(files)
    assert re.fullmatch(r"plant-\d{4}-\d\d-\d\dT\d{4}\.db", made.name)
    assert left == {made, *files[-(KEPT - 1) :]} and other.exists()
