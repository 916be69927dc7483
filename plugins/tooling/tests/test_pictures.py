"""Pictures of tools, assemblies and replacements through HTTP: what is taken, what is kept of it, and what it overwrites."""

import hashlib
import struct
import zlib

import pytest

GIF = b"GIF89a\x01\x00\x01\x00\x00\x00\x00,\x00\x00\x00\x00\x01\x00\x01\x00\x00\x02\x02D\x01\x00;"
LARGEST = 5_000_000


def chunk(name, content=b""):
    return struct.pack(">I", len(content)) + name + content + struct.pack(">I", zlib.crc32(name + content))


def png(*chunks):
    header = chunk(b"IHDR", struct.pack(">IIBBBBB", 1, 1, 8, 0, 0, 0, 0))
    pixels = chunk(b"IDAT", zlib.compress(b"\0\0"))
    return b"\x89PNG\r\n\x1a\n" + header + b"".join(chunks) + pixels + chunk(b"IEND")


def segment(marker, content):
    return bytes((0xFF, marker)) + struct.pack(">H", len(content) + 2) + content


def jpeg(*segments):
    frame = segment(0xC0, struct.pack(">BHHB", 8, 8, 8, 1) + b"\x01\x11\x00")
    scan = segment(0xDA, b"\x01\x01\x00\x00\x3f\x00") + b"\x12\xff\x00\x34"
    return b"\xff\xd8" + b"".join(segments) + frame + scan + b"\xff\xd9"


@pytest.fixture
def mill(equipped):
    return equipped


@pytest.fixture
def image(mill):
    """The path of a replacement's picture."""
    return f"tools/replacements/{mill('POST', mill.path + '/replace', {}).json['id']}/image"


def test_a_picture_is_shown_as_it_was_sent(mill):
    made = mill("POST", mill.path + "/replace", {}).json
    for path in (f"tools/replacements/{made['id']}/image", mill.path + "/image"):
        assert mill("GET", path).json["code"] == "no-image" and mill("GET", path).status == 412
        assert mill("POST", path, GIF, content_type="image/gif").json["image_type"] == "image/gif"
        shown = mill("GET", path)
        assert (shown.body, shown.headers["content-type"]) == (GIF, "image/gif")
        assert shown.headers["x-content-type-options"] == "nosniff"
        assert mill("POST", path, GIF, content_type="image/png").status == 415
        assert mill("POST", path, b"x" * 5_000_001, content_type="image/gif").status == 413
        assert mill("DELETE", path).json["image_type"] is None
    assert mill("GET", "tools/replacements/999/image").status == 404


def test_another_picture_is_another_state_and_an_overwrite(mill):
    made = mill("POST", mill.path + "/replace", {}).json
    other = GIF[:6] + b"\x02" + GIF[7:]
    first, second = (hashlib.sha256(each).hexdigest() for each in (GIF, other))
    for what, path in (
        (f"replacement {made['id']}", f"tools/replacements/{made['id']}"),
        (f"tool {mill.tool}", mill.path),
        (f"assembly {mill.assembly}", f"tools/assemblies/{mill.assembly}"),
    ):
        put = [mill("POST", path + "/image", each, content_type="image/gif") for each in (GIF, other)]
        assert mill.changes() == [(what, "image", first, second)]
        seen, now = (answer.headers["etag"] for answer in put)
        assert seen != now
        late = mill("POST", path + "/image", GIF, content_type="image/gif", if_match=seen)
        assert (late.status, late.json["code"]) == (412, "etag-mismatch")
        assert mill("DELETE", path + "/image", if_match=seen).status == 412
        assert mill("GET", path + "/image").headers["etag"] != seen
        assert mill("DELETE", path + "/image", if_match=now).status == 200
        assert mill.changes() == [(what, "image_type", "image/gif", None), (what, "image", second, None)]
        assert mill("POST", path + "/image", GIF, content_type="image/gif").status == 200
        assert mill("DELETE", path).status == 204
        ((_, field, before, _), *_) = reversed(mill.changes())
        assert (field, before["image"]) == ("deleted", first)


def test_who_saw_the_picture_itself_changes_that_one_and_no_other(mill, image):
    mill("POST", image, GIF, content_type="image/gif")
    seen = mill("GET", image).headers["etag"]
    other = GIF[:6] + b"\x02" + GIF[7:]
    assert mill("POST", image, other, content_type="image/gif", if_match=seen).status == 200
    late = [
        mill("POST", image, GIF, content_type="image/gif", if_match=seen),
        mill("DELETE", image, if_match=seen),
    ]
    assert [(answer.status, answer.json["code"]) for answer in late] == [(412, "etag-mismatch")] * 2
    assert mill("DELETE", image, if_match=mill("GET", image).headers["etag"]).status == 200
    assert mill("GET", image).json["code"] == "no-image"


def test_a_picture_of_exactly_the_largest_size_is_taken_and_one_byte_more_is_refused_while_it_comes(
    mill, image
):
    largest = png(chunk(b"tEXt", bytes(LARGEST - len(png(chunk(b"tEXt"))))))
    assert len(largest) == LARGEST
    assert mill("POST", image, largest, content_type="image/png").status == 200
    assert mill("GET", image).body == largest
    more = mill("POST", image, largest + b"x", content_type="image/png")
    assert (more.status, more.json["code"]) == (413, "body-too-large")
    for pieces in ([largest, b"x", None], [b"x" * LARGEST, b"x", None]):
        headers = {"content_type": "image/png", "transfer_encoding": "chunked"}
        assert mill.send("POST", f"/api/{image}", pieces, **headers).status == 413
    assert mill("GET", image).body == largest


PHONE = segment(0xE1, b"Exif\0\0phone")
MPF = segment(0xE2, b"MPF\0II*\0\x08\0\0\0")
WHAT_PHONES_SEND = {
    "motion photo": (jpeg(PHONE), b"\0\0\0\x18ftypmp42" + bytes(900)),
    "several pictures": (jpeg(PHONE, MPF), jpeg(MPF) + jpeg()),
    "padding": (jpeg(), bytes(64)),
}


@pytest.mark.parametrize("name", WHAT_PHONES_SEND)
def test_of_what_a_phone_sends_the_picture_is_kept(mill, image, name):
    picture, more = WHAT_PHONES_SEND[name]
    assert mill("POST", image, picture + more, content_type="image/jpeg").status == 200
    assert mill("GET", image).body == picture


def test_an_empty_file_and_one_without_its_end_are_refused_and_change_nothing(mill, image):
    mill("POST", image, GIF, content_type="image/gif")
    for content in (b"", jpeg()[:-2], jpeg()[:-1], png()[:-12]):
        for media_type in ("image/jpeg", "image/png"):
            answer = mill.send("POST", f"/api/{image}", [content], content_type=media_type)
            assert answer.status == 415, content[:9]
    assert mill("GET", image).body == GIF
