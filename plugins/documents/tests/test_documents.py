"""Standard documents are named in parameters.ini; files come from below the allowed folders and from nowhere else."""

import base64
import os
import socket

import pytest
from tracepro_documents import files

from tracepro.findings import Findings
from tracepro.startup import check_plugins

SECRET = b"the secret"


@pytest.fixture
def docs(tmp_path):
    """An allowed folder among others, with one of everything in it."""
    docs = tmp_path / "plant" / "docs"
    (docs / "sub").mkdir(parents=True)
    for folder in ("docs-old", "docs2", "secret"):
        (docs.parent / folder).mkdir()
        (docs.parent / folder / "secret.txt").write_bytes(SECRET)
    (docs.parent / "docs.txt").write_bytes(SECRET)
    (docs / "PI10.txt").write_bytes(b"Apply the paste.\n")
    (docs / "sub" / "IL 21.txt").write_bytes(b"\0\xff")
    (docs / "Prüfplan Ω.txt").write_bytes(b"omega")
    (docs / "empty").touch()
    (docs / "current.txt").symlink_to("PI10.txt")
    (docs / "file_out").symlink_to("../secret/secret.txt")
    (docs / "folder_out").symlink_to("../secret")
    (docs / "dangling_out").symlink_to("../secret/none")
    (docs / "dangling").symlink_to("none")
    (docs / "loop").symlink_to("loop")
    os.mkfifo(docs / "pipe")
    return docs


@pytest.fixture
def plant(make_plant, docs):
    def plant(**more):
        site = {"docs_allowed_paths": [docs], **more.pop("site", {})}
        return make_plant(("documents",), parameters={"site": site, **more})

    return plant


def content(plant, path):
    return base64.b64decode(plant.call("getdocfile", str(path)))


def refusal(plant, path):
    error = plant.error("getdocfile", str(path))
    return error["code"], error["data"]["code"]


NOT_ALLOWED, NOT_FOUND, TOO_LARGE = (
    (1003, "path-not-allowed"),
    (1001, "file-not-found"),
    (1003, "file-too-large"),
)


def test_the_documents_are_those_the_site_names(plant, docs):
    named = {"PI10": str(docs / "PI10.txt"), "il 21": str(docs / "current.txt")}
    assert plant(stddocs=named).call("getstddocs") == named
    assert plant().call("getstddocs") == {}


def test_a_file_below_an_allowed_folder_is_given(plant, docs):
    plant = plant()
    assert content(plant, docs / "PI10.txt") == b"Apply the paste.\n"
    assert content(plant, docs / "sub" / "IL 21.txt") == b"\0\xff"
    assert content(plant, docs / "Prüfplan Ω.txt") == b"omega"
    assert content(plant, docs / "empty") == b""
    assert content(plant, docs / "current.txt") == content(plant, f"{docs}/sub/../PI10.txt")


def test_an_allowed_folder_may_be_a_link(make_plant, docs):
    (docs.parent / "link").symlink_to("docs")
    plant = make_plant(("documents",), parameters={"site": {"docs_allowed_paths": str(docs.parent / "link")}})
    for folder in (docs.parent / "link", docs):
        assert content(plant, folder / "PI10.txt") == b"Apply the paste.\n"
    assert refusal(plant, docs.parent / "docs2" / "secret.txt") == NOT_ALLOWED


def test_without_allowed_folders_nothing_is_given(make_plant, docs):
    assert refusal(make_plant(("documents",)), docs / "PI10.txt") == NOT_ALLOWED


def test_what_is_missing_inside_is_told(plant, docs):
    plant = plant()
    (docs / "socket").touch()
    with socket.socket(socket.AF_UNIX) as listener:
        (docs / "socket").unlink()
        folder = os.open(docs, os.O_PATH)
        listener.bind(f"/proc/self/fd/{folder}/socket")
        os.close(folder)
        for name in (
            "none",
            "sub",
            "",
            "pipe",
            "socket",
            "dangling",
            "loop",
            "loop/x",
            "PI10.txt/x",
            "x" * 300,
        ):
            assert refusal(plant, docs / name) == NOT_FOUND, name
    assert refusal(plant, f"{docs}/{'x/' * 3000}") == NOT_FOUND


def test_outside_nothing_tells_what_is_there(plant, docs):
    plant = plant()
    pairs = [
        (docs.parent / "docs-old" / "secret.txt", docs.parent / "docs-old" / "absent.txt"),
        (docs / "file_out", docs / "dangling_out"),
        (docs / "folder_out" / "secret.txt", docs / "folder_out" / "absent.txt"),
        (docs / "folder_out", docs / "folder_out" / "absent"),
        ("/etc/passwd", "/etc/absent"),
        (docs.parent, "/absent"),
    ]
    for there, absent in pairs:
        told = [plant.error("getdocfile", str(path)) for path in (there, absent)]
        assert [refusal(plant, path) for path in (there, absent)] == [NOT_ALLOWED] * 2
        said = [
            error["message"].replace(str(path), "") for error, path in zip(told, (there, absent), strict=True)
        ]
        assert said[0] == said[1]


def test_a_link_outside_can_t_be_found_out_by_a_way_over_it(plant, docs):
    """A way out and back in is judged as text, so that it is the same whether it leads over a folder, a link or nothing."""
    plant = plant()
    (docs.parent / "link").symlink_to("secret")
    for over in ("secret", "link", "none"):
        assert content(plant, f"{docs}/../{over}/../docs/PI10.txt") == b"Apply the paste.\n"


def corpus(docs):
    """Yield paths that try to get at what lies outside, in every way that ever worked somewhere."""
    ups = [
        "..",
        "%2e%2e",
        "%252e%252e",
        "..%00",
        "..;",
        "....",
        ". .",
        ".. ",
        "．．",
        "..\u200b",
        "․․",
        "%c0%ae%c0%ae",
        "..\\",
    ]
    slashes = ["/", "//", "/./", "\\", "%2f", "%5c", "%252f", "..%c0%af", "∕", "／"]
    targets = ["secret/secret.txt", "docs-old/secret.txt", "docs.txt"]
    for up in ups:
        for slash in slashes:
            yield from (f"{docs}/{up}{slash}{target}" for target in targets)
    for depth in range(1, 25):
        yield f"{docs}/{'../' * depth}etc/passwd"
        yield f"{'../' * depth}etc/passwd"
    for folder in (
        f"{docs}-old",
        f"{docs}2",
        f"{docs}/../secret",
        f"{docs}/folder_out",
        f"{docs}/sub/../../secret",
    ):
        for end in (
            "",
            "/",
            "/.",
            "%00.txt",
            "\0.txt",
            "?.txt",
            "#.txt",
            " ",
            ".",
            "::$DATA",
            "\n",
            "\udcff",
        ):
            yield f"{folder}/secret.txt{end}"
    for scheme in (
        "file://",
        "file:",
        "\\\\?\\",
        "//",
        "~root",
        "$HOME",
        "http://localhost",
        "./",
        " ",
        "\t",
    ):
        yield f"{scheme}{docs}/../secret/secret.txt"
        yield f"{scheme}/etc/passwd"
    for magic in (
        "/proc/self/root",
        "/proc/self/cwd",
        "/proc/self/fd/0",
        "/dev/fd/0",
        "/dev/zero",
        "/dev/stdin",
        "/dev/tty",
    ):
        yield magic
        yield f"{magic}{docs.parent}/secret/secret.txt"
    yield from (
        "",
        ".",
        "..",
        "/",
        "//",
        "~",
        "*",
        f"{docs.parent}",
        f"{docs}/../docs-old",
        f"{docs.parent}/doc?/secret.txt",
    )


def test_no_way_out_of_the_allowed_folder(plant, docs):
    plant = plant()
    attempts = list(dict.fromkeys(corpus(docs)))
    assert len(attempts) >= 200
    for path in attempts:
        answer = plant.answer("getdocfile", path)
        assert "result" not in answer, path
        error = answer["error"]
        known = (error["code"], error["data"]["code"])
        if "\0" in path or "\udcff" in path:
            assert error["code"] in (-32600, -32602), path
        elif str(docs) == os.path.commonpath([docs, os.path.normpath(f"/{path}")]) and path.startswith("/"):
            assert known in (NOT_FOUND, NOT_ALLOWED), path
        else:
            assert known == NOT_ALLOWED, path


def test_a_folder_that_becomes_a_link_while_it_is_asked_for_leads_nowhere(plant, docs, monkeypatch):
    plant = plant()
    (docs / "sub" / "secret.txt").write_bytes(b"harmless")
    resolve = os.path.realpath

    def resolve_and_exchange(path, **how):
        real = resolve(path, **how)
        if str(path).endswith("secret.txt") and not (docs / "sub").is_symlink():
            (docs / "sub").rename(docs / "former")
            (docs / "sub").symlink_to(docs.parent / "secret")
        return real

    monkeypatch.setattr(files.os.path, "realpath", resolve_and_exchange)
    assert refusal(plant, docs / "sub" / "secret.txt") == NOT_ALLOWED


@pytest.mark.parametrize("make", [lambda path: path.symlink_to("../secret/secret.txt"), os.mkfifo])
def test_a_file_that_becomes_a_link_or_a_pipe_while_it_is_asked_for_is_none(plant, docs, monkeypatch, make):
    plant = plant()
    resolve = os.path.realpath

    def resolve_and_exchange(path, **how):
        real = resolve(path, **how)
        if str(path).endswith("PI10.txt"):
            (docs / "PI10.txt").unlink()
            make(docs / "PI10.txt")
        return real

    monkeypatch.setattr(files.os.path, "realpath", resolve_and_exchange)
    assert refusal(plant, docs / "PI10.txt") == NOT_FOUND


def test_a_file_the_server_may_not_read_is_told_as_that(plant, docs, monkeypatch):
    plant = plant()
    really = os.open

    def refusing(path, flags, *more):
        if str(path).startswith("/proc/self/fd/"):
            raise PermissionError(13, "Permission denied")
        return really(path, flags, *more)

    monkeypatch.setattr(files.os, "open", refusing)
    error = plant.error("getdocfile", str(docs / "PI10.txt"))
    assert (
        error["data"]["code"] == "file-not-found"
        and "can't be read by the server (Permission denied)" in error["message"]
    )


def test_a_file_is_given_up_to_the_limit(plant, docs):
    plant = plant(site={"docs_max_bytes": 17})
    assert len(content(plant, docs / "PI10.txt")) == 17
    (docs / "PI10.txt").write_bytes(b"x" * 18)
    assert refusal(plant, docs / "PI10.txt") == TOO_LARGE


def test_a_file_that_is_longer_than_it_says_is_not_read_to_its_end(make_plant):
    site = {"docs_allowed_paths": "/proc", "docs_max_bytes": 10}
    plant = make_plant(("documents",), parameters={"site": site})
    assert os.stat("/proc/self/status").st_size == 0
    assert refusal(plant, "/proc/self/status") == TOO_LARGE


def test_no_descriptor_stays_open(plant, docs):
    plant = plant(site={"docs_max_bytes": 10})
    before = len(os.listdir("/proc/self/fd"))
    for name in ("empty", "PI10.txt", "sub", "pipe", "none", "file_out", "loop"):
        plant.answer("getdocfile", str(docs / name))
    assert len(os.listdir("/proc/self/fd")) == before


def found(plant):
    findings = Findings()
    check_plugins(plant.site, findings)
    assert not findings.errors
    return [finding.info for finding in findings]


def test_check_says_nothing_of_a_site_in_order(plant, docs):
    assert found(plant(stddocs={"PI10": docs / "PI10.txt", "IL21": docs / "current.txt"})) == []


def test_check_names_the_documents_that_can_t_be_given(plant, docs):
    stddocs = {"A": docs / "none.txt", "B": docs / "file_out", "C": docs / "sub", "D": docs / "PI10.txt"}
    told = found(plant(stddocs=stddocs, site={"docs_max_bytes": 5}))
    beginnings = ["is not there", "is not below a folder of", "is not a file", "has more than 5 bytes"]
    for name, path, beginning, info in zip(stddocs, stddocs.values(), beginnings, told, strict=True):
        assert info.startswith(f"Plugin documents: [stddocs] {name}: {path} {beginning}")


def test_check_says_that_a_document_outside_is_missing_too(plant, docs):
    outside, missing = found(plant(stddocs={"A": docs.parent, "B": docs.parent / "none"}))
    assert "no such file" not in outside
    assert "not below" in missing and missing.endswith("No such file is found either.")


def test_check_names_a_folder_that_is_not_there_and_a_limit_that_doesn_t_fit(plant, docs):
    plant = plant(
        site={"docs_allowed_paths": [docs, docs / "none"], "docs_max_bytes": 1000}, api={"answer_bytes": 1337}
    )
    folder, limit = found(plant)
    assert f"docs_allowed_paths {docs}/none: There is no such folder" in folder
    assert "A file of 1000 bytes doesn't fit" in limit and "lower this to 999" in limit


def test_the_largest_file_that_fits_an_answer_is_answered(plant, docs):
    (docs / "large").write_bytes(b"x" * 999)
    assert (
        len(content(plant(site={"docs_max_bytes": 999}, api={"answer_bytes": 1334}), docs / "large")) == 999
    )
