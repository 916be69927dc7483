"""What is stored as an image: one whole file of the type that was said, without what follows it, never decoded."""

import base64
import random
import re
import struct
import zlib

import pytest
from tracepro_tooling.images import MEDIA_TYPES, checked_image
from tracepro_tooling.images.cursor import MAX_STEPS

from tracepro.rest import HttpProblem

MB5 = 5_000_000


def chunk(name, content=b""):
    return struct.pack(">I", len(content)) + name + content + struct.pack(">I", zlib.crc32(name + content))


def png(*chunks, width=1, height=1):
    header = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + b"".join(chunks) + chunk(b"IEND")


def segment(marker, content=b""):
    return bytes((0xFF, marker)) + struct.pack(">H", len(content) + 2) + content


def frame(marker=0xC0, width=8, height=8):
    return segment(marker, struct.pack(">BHHB", 8, height, width, 1) + b"\x01\x11\x00")


def scan(pixels=b"\x12\xff\x00\x34"):
    return segment(0xDA, b"\x01\x01\x00\x00\x3f\x00") + pixels


def jpeg(*parts):
    return b"\xff\xd8" + segment(0xE0, b"JFIF\0\x01\x01\0\0\x01\0\x01\0\0") + b"".join(parts) + b"\xff\xd9"


def gif(*blocks, width=1, height=1):
    return b"GIF89a" + struct.pack("<HHBBB", width, height, 0x80, 0, 0) + bytes(6) + b"".join(blocks) + b";"


def gif_frame(width=1, height=1, data=b"\x02D\x01"):
    return b"," + struct.pack("<HHHHB", 0, 0, width, height, 0) + b"\x02" + data + b"\0"


def riff(*chunks):
    content = b"WEBP" + b"".join(chunks)
    return b"RIFF" + struct.pack("<I", len(content)) + content


def webp_chunk(name, content):
    return name + struct.pack("<I", len(content)) + content + bytes(len(content) % 2)


def sides(width, height):
    return (width - 1).to_bytes(3, "little") + (height - 1).to_bytes(3, "little")


def vp8(width=1, height=1):
    return webp_chunk(b"VP8 ", b"0\x01\x00\x9d\x01\x2a" + struct.pack("<HH", width, height) + bytes(5))


def vp8l(width=1, height=1):
    return webp_chunk(b"VP8L", b"/" + struct.pack("<I", width - 1 | height - 1 << 14) + bytes(4))


def vp8x(width=1, height=1):
    return webp_chunk(b"VP8X", b"\x02\0\0\0" + sides(width, height))


def anmf(width=1, height=1, *inner):
    return webp_chunk(b"ANMF", bytes(6) + sides(width, height) + bytes(4) + b"".join(inner or [vp8l()]))


PIXELS = chunk(b"IDAT", zlib.compress(b"\0\0"))
ANIMATION = webp_chunk(b"ANIM", bytes(6))
RESTARTS = b"\x01\xff\xd0\x02\xff\x00\xff\xd1\x03"
PNG, JPEG, GIF, WEBP = MEDIA_TYPES
SAMPLES = {
    "png": (PNG, png(chunk(b"tEXt", b"by\0me"), PIXELS, PIXELS)),
    "apng": (PNG, png(chunk(b"acTL", bytes(8)), PIXELS, chunk(b"fcTL", bytes(26)), chunk(b"fdAT", bytes(9)))),
    "jpeg": (JPEG, jpeg(segment(0xDB, bytes(65)), frame(), segment(0xC4, bytes(20)), scan())),
    "progressive": (JPEG, jpeg(frame(0xC2), scan(), segment(0xC4, bytes(20)), scan(b"\xff\x00"), scan(b""))),
    "restarts": (JPEG, jpeg(frame(), segment(0xDD, b"\0\x01"), scan(RESTARTS))),
    "filled up": (JPEG, jpeg(frame(), b"\xff\xff\xff", scan(), b"\xff\xff")),
    "thumbnail": (JPEG, jpeg(segment(0xE1, b"Exif\0\0" + jpeg(frame(), scan())), frame(), scan())),
    "gif": (
        GIF,
        base64.b64decode("R0lGODlhAQABAIAAAP///wAAACH5BAEAAAAALAAAAAABAAEAAAICRAEAOw=="),
    ),
    "animated gif": (GIF, gif(b"!\xff\x0bNETSCAPE2.0\x03\x01\0\0\0", *[gif_frame()] * 9)),
    "webp": (WEBP, base64.b64decode("UklGRiIAAABXRUJQVlA4IBYAAAAwAQCdASoBAAEADsD+JaQAA3AAAAAA")),
    "lossless": (WEBP, base64.b64decode("UklGRhoAAABXRUJQVlA4TA0AAAAvAAAAEAcQERGIiP4HAA==")),
    "extended": (WEBP, riff(vp8x(), webp_chunk(b"ALPH", b"a"), vp8(), webp_chunk(b"EXIF", b"odd"))),
    "animated webp": (WEBP, riff(vp8x(), ANIMATION, *[anmf()] * 9)),
}


@pytest.fixture(params=SAMPLES)
def sample(request):
    return SAMPLES[request.param]


def refusal(content, media_type):
    with pytest.raises(HttpProblem) as refused:
        checked_image(content, media_type)
    assert (refused.value.status, refused.value.code) == (415, "image-refused")
    return refused.value.info


def test_a_whole_image_is_stored_as_it_is(sample):
    media_type, content = sample
    assert checked_image(content, media_type) == content


def test_no_beginning_of_an_image_is_one(sample):
    media_type, content = sample
    for length in range(len(content)):
        refusal(content[:length], media_type)


def test_what_follows_the_end_of_an_image_is_cut_off(sample):
    media_type, content = sample
    noise = random.Random(7)
    film = b"\0\0\0\x18ftypmp42" + noise.randbytes(500)
    for trailer in (
        film,
        content,
        b"<script>alert(1)</script>",
        b"PK\x03\x04",
        b"\0",
        b"\xff\xd9",
        noise.randbytes(99),
    ):
        assert checked_image(content + trailer, media_type) == content


def test_an_image_with_a_changed_byte_is_refused_or_still_one_whole_image(sample):
    media_type, content = sample
    noise = random.Random(11)
    for _ in range(300):
        changed = bytearray(content)
        changed[noise.randrange(len(changed))] = noise.randrange(256)
        try:
            kept = checked_image(bytes(changed), media_type)
        except HttpProblem as refused:
            assert refused.status == 415
        else:
            assert checked_image(kept, media_type) == kept == changed[: len(kept)]


def test_an_image_of_another_type_than_was_said_is_refused_naming_both(sample):
    media_type, content = sample
    for other in MEDIA_TYPES:
        if other != media_type:
            assert media_type in (said := refusal(content, other)) and other in said


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"GIF",
        b"<svg xmlns='http://www.w3.org/2000/svg'/>",
        b"<?xml version='1.0'?><svg/>",
        b"%PDF-1.7",
        b"BM" + bytes(60),
        b"\0\0\0\x18ftypheic",
        b"II*\0" + bytes(40),
        b"GIF88a" + bytes(40),
        b"RIFF\x24\0\0\0WAVEfmt ",
        b" " + SAMPLES["png"][1],
        b"\xef\xbb\xbf" + SAMPLES["gif"][1],
    ],
)
def test_what_is_no_image_of_these_is_refused(content):
    for media_type in (*MEDIA_TYPES, "image/svg+xml"):
        assert "none of the images" in refusal(content, media_type)


HUGE = "more than 100 million"
AREA = "has at least one"
WRONG = {
    "png size": (PNG, png(PIXELS, width=50_000, height=50_000), HUGE),
    "png of no width": (PNG, png(PIXELS, width=0), AREA),
    "png of a line": (PNG, png(PIXELS, width=2**31 - 1, height=1), HUGE),
    "png check sum": (PNG, png(PIXELS).replace(b"IDAT", b"IDAU"), "check sum of its part 'IDAU'"),
    "png without pixels": (PNG, png(), "no pixels"),
    "png with two headers": (PNG, png(chunk(b"IHDR", bytes(13)), PIXELS), "second header"),
    "png without header": (PNG, png(PIXELS)[:8] + PIXELS + chunk(b"IEND"), "begin with its header"),
    "jpeg size": (JPEG, jpeg(frame(width=50_000, height=50_000), scan()), HUGE),
    "jpeg of no height": (JPEG, jpeg(frame(height=0), scan(), segment(0xDC, b"\0\x08")), AREA),
    "jpeg that grows": (JPEG, jpeg(frame(), scan(), segment(0xDC, b"\xff\xff")), "behind its pixels"),
    "jpeg with two sizes": (JPEG, jpeg(frame(), frame(), scan()), "two sizes"),
    "lossless jpeg": (JPEG, jpeg(frame(0xC3), scan()), "browsers don't show"),
    "jpeg without pixels": (JPEG, jpeg(frame()), "no pixels"),
    "jpeg without size": (JPEG, jpeg(scan()), "before its size"),
    "jpeg with a short size": (JPEG, jpeg(segment(0xC0, b"\x08"), scan()), "size is missing"),
    "jpeg in a jpeg": (JPEG, jpeg(frame(), scan() + jpeg(frame(), scan())), "0xd8 stands"),
    "jpeg with loose bytes": (JPEG, jpeg(frame(), b"\0", scan()), "no segment"),
    "jpeg with a short segment": (JPEG, jpeg(b"\xff\xe0\0\x01"), "shorter than its length"),
    "gif size": (GIF, gif(gif_frame(), width=50_000, height=50_000), HUGE),
    "gif frame size": (GIF, gif(gif_frame(50_000, 50_000)), HUGE),
    "gif of no width": (GIF, gif(gif_frame(), width=0), AREA),
    "gif without pixels": (GIF, gif(), "no pixels"),
    "gif with loose bytes": (GIF, gif(b"\0", gif_frame()), "no block"),
    "webp size": (WEBP, riff(vp8x(50_000, 50_000), vp8()), HUGE),
    "vp8 size": (WEBP, riff(vp8x(), vp8(16_383, 16_383)), HUGE),
    "vp8l size": (WEBP, riff(vp8l(16_384, 16_384)), HUGE),
    "webp frame size": (WEBP, riff(vp8x(), anmf(50_000, 50_000)), HUGE),
    "size inside a webp frame": (WEBP, riff(vp8x(), anmf(1, 1, vp8(16_383, 16_383))), HUGE),
    "vp8 of no width": (WEBP, riff(vp8(0, 1)), AREA),
    "vp8 within a film": (WEBP, riff(webp_chunk(b"VP8 ", b"\x01" + bytes(9))), "whole picture"),
    "webp without pixels": (WEBP, riff(vp8x(), webp_chunk(b"EXIF", b"")), "no pixels"),
    "webp of an unknown part": (WEBP, riff(webp_chunk(b"JUNK", b""), vp8()), "begin with its size"),
    "webp with a short size": (WEBP, riff(webp_chunk(b"VP8L", b"/")), "size is missing"),
    "webp with a long part": (WEBP, riff(b"VP8L\xff\0\0\0/" + bytes(9)), "longer than what holds it"),
    "webp shorter than its name": (WEBP, b"RIFF\x02\0\0\0WEBP", "longer than its header says"),
}


@pytest.mark.parametrize("name", WRONG)
def test_what_is_wrong_with_an_image_is_said(name):
    media_type, content, sentence = WRONG[name]
    assert sentence in refusal(content, media_type)


def test_a_hundred_million_pixels_are_taken():
    assert checked_image(content := png(PIXELS, width=10_000, height=10_000), PNG) == content


def test_a_file_of_5_mb_is_read_in_one_pass_whatever_is_in_it():
    """A scan that looked at a byte twice for each other would take hours."""
    for pixels in (b"\xff\x00", b"\xff\xd0", b"\xff", b"\xff\xff\x00", b"\0"):
        content = jpeg(frame(), scan(pixels * (MB5 // len(pixels))), b"\x01")
        assert re.fullmatch(
            r".*(ends before its end marker|no segment|stands where).*", refusal(content[:-3], JPEG)
        )


@pytest.mark.parametrize(
    ("media_type", "content"),
    [
        (PNG, png(chunk(b"teXt") * (MB5 // 12))),
        (JPEG, jpeg(segment(0xFE) * (MB5 // 4))),
        (GIF, gif(gif_frame(data=b"\x01\0" * (MB5 // 2)))),
        (WEBP, riff(vp8x(), webp_chunk(b"JUNK", b"") * (MB5 // 8))),
        (WEBP, riff(vp8x(), anmf(1, 1, webp_chunk(b"JUNK", b"") * (MB5 // 8)))),
    ],
)
def test_a_file_of_tiny_pieces_is_refused_after_so_many_steps(media_type, content):
    assert len(content) > 4 * MAX_STEPS
    assert "more pieces" in refusal(content, media_type)


def test_a_large_picture_of_usual_pieces_takes_few_steps():
    for media_type, content in (
        (PNG, png(*[chunk(b"IDAT", bytes(8192))] * 600)),
        (GIF, gif(gif_frame(2000, 2000, (b"\xff" + bytes(255)) * 19_000))),
    ):
        assert checked_image(content, media_type) == content
