"""``tracepro archive`` as an operator calls it: a plan, the files, and rows found in them again."""

import json
import random
import subprocess
import sys
from contextlib import suppress

import pytest
from tracepro_workers.models import LogEntry

from tracepro.archive import files
from tracepro.cli.main import main
from tracepro.cli.site import opened_site
from tracepro.clock import DAY, now_micros, text
from tracepro.database import Insert

NEW = Insert(LogEntry)
ROWS, KILLS = 20_000, 15
NO_BARCODE = "No table in kept has a column barcode; choose from action, id, info, op, order_id, param, tm, worker_id, wp_id."


@pytest.fixture
def old(databases, tmp_path, monkeypatch):
    """The time of two old rows of a worker log, which has a young one too, in the plant of this folder."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("TRACEPRO_DATABASE", databases.fresh("sqlite", ("workplaces", "workers"), tmp_path))
    (tmp_path / "plugins.ini").write_text("[plugins]\nenabled = workplaces workers\n")
    now = now_micros()
    with opened_site() as site:
        for tm, info in ((now - 400 * DAY, "díra"), (now - 400 * DAY, "dust"), (now, "now")):
            row = {"tm": tm, "worker_id": 7, "wp_id": 4, "action": 1, "info": info}
            site.store.write_inline(lambda db, row=row: db.insert(NEW, **row))
    return text(now - 400 * DAY)


@pytest.fixture
def said(old, capsys):
    """Run a command and return exit code, stdout and stderr."""

    def run(*words):
        code = main(words)
        told = capsys.readouterr()
        return code, told.out.strip(), told.err.strip()

    return run


def test_a_plan_counts_and_writes_nothing(said, old, tmp_path):
    code, out, err = said("archive", "kept", "--older-than", "365", "--plan")
    head, row = out.splitlines()
    assert (code, err) == (0, "")
    assert head.split() == ["table", "plugin", "rows", "oldest", "newest", "what", "it", "is"]
    assert row.split()[:5] == ["workers_log", "workers", "2", old, old]
    assert not (tmp_path / "kept").exists()


def test_rows_are_moved_and_found_again_by_any_of_their_columns(said, old, tmp_path):
    code, out, err = said("archive", "kept", "--older-than", "365")
    assert (code, err) == (0, "")
    assert out.startswith(f"workers_log: 2 rows from {old[:-1]}")
    assert out.endswith(" in workers_log-1-2.jsonl.gz")
    assert said("archive", "kept", "--older-than", "365") == (0, "Nothing is that old.", "")
    for place in ("kept", "kept/workers_log-1-2.jsonl.gz"):
        code, out, err = said("archive", place, "--show", "worker_id=7")
        assert [json.loads(line)["info"] for line in out.splitlines()] == ["díra", "dust"]
    code, out, err = said("archive", "kept", "--show", "info=díra")
    shown = json.loads(out)
    assert (code, shown["id"], shown["table"], shown["tm"][:19]) == (0, 1, "workers_log", old[:19])
    assert said("archive", "kept", "--show", "info=now") == (1, "", "No row in kept has info=now.")
    assert said("archive", "kept", "--show", "barcode=C7") == (1, "", NO_BARCODE)


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["--older-than", "0"], "--older-than must be from 1 to 36500 days here, not 0."),
        (
            ["--older-than", "9", "--only", "boxes"],
            "No plugin lets boxes be archived; choose from workers_log.",
        ),
        (
            ["--show", "barcode=1", "--plan"],
            "--show moves nothing and looks through all tables; leave --only and --plan out, or ask with --older-than.",
        ),
        (["--show", "C7-000001"], "--show takes COLUMN=VALUE, such as barcode=C7-000001, not C7-000001."),
    ],
)
def test_what_can_not_be_done_is_said_in_a_sentence(said, words, sentence):
    assert said("archive", "kept", *words) == (1, "", sentence)


def test_files_that_were_changed_or_lost_their_manifest_are_not_shown(said, tmp_path):
    said("archive", "kept", "--older-than", "365")
    lines, manifest = tmp_path / "kept/workers_log-1-2.jsonl.gz", tmp_path / "kept/workers_log-1-2.json"
    lines.write_bytes(lines.read_bytes()[:-3])
    code, out, err = said("archive", "kept", "--show", "worker_id=7")
    assert (code, out) == (1, "")
    assert "is not what its manifest says" in err
    manifest.write_text(manifest.read_text().replace('"format": 1', '"format": 2'))
    assert "has format 2, this version reads 1" in said("archive", "kept", "--show", "worker_id=7")[2]
    manifest.unlink()
    assert "can't be read" in said("archive", "kept", "--show", "worker_id=7")[2]


def test_a_folder_that_can_not_be_made_is_said(said):
    code, out, err = said("archive", "no/such/folder", "--older-than", "365")
    assert (code, out) == (1, "")
    assert "no/such/folder (No such file or directory); mend that" in err


@pytest.mark.faults("a command killed")
@pytest.mark.slow
def test_a_command_that_is_killed_at_any_moment_loses_nothing_and_doubles_nothing(
    said, tmp_path, seed, tried
):
    with opened_site() as site:
        old_row = {"tm": 0, "worker_id": 7, "wp_id": 4, "action": 1, "info": "dust"}
        site.store.write_inline(lambda db: db.insert_many(NEW, [NEW.row(old_row)] * ROWS))
    command = [sys.executable, "-c", "import sys; from tracepro.cli.main import main; sys.exit(main())"]
    chance = random.Random(seed)
    for _ in range(KILLS):
        with suppress(subprocess.TimeoutExpired):
            subprocess.run(
                [*command, "archive", "kept", "--older-than", "365"], timeout=chance.uniform(0.5, 4)
            )
    ended, *_ = said("archive", "kept", "--older-than", "365")
    moved = [row["id"] for path in (tmp_path / "kept").glob("*.jsonl.gz") for row in files.read(path)]
    assert (ended, sorted(moved)) == (0, [1, 2, *range(4, ROWS + 4)])
    assert said("archive", "kept", "--older-than", "365") == (0, "Nothing is that old.", "")
    tried(kills=KILLS, rows=ROWS)
