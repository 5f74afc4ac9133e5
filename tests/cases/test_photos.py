"""Photos: sniffed by content, bounded, upright, and free of everything but pixels."""

from __future__ import annotations

import io
import struct
import zlib
from pathlib import Path

import pytest
from PIL import Image

from cases.models import Attachment
from cases.services import MoveRefused, add_photos
from gridparty.lib.images import MAX_BYTES, BadImage, sanitise
from tests.cases.cast import Story, photo, reported
from tests.town import Town


def with_place() -> io.BytesIO:
    """A photo whose EXIF carries a place and says that it lies on its side."""
    exif = Image.Exif()
    exif[0x0112] = 6
    exif[0x8825] = {1: "N", 2: (31.0, 44.0, 5.0)}
    exif[0x010F] = "SECRET-PHONE"
    return photo((60, 40), exif=exif.tobytes())


def test_it_drops_exif_and_turns_the_picture_upright() -> None:
    original = with_place()
    assert b"SECRET-PHONE" in original.getvalue()
    clean = sanitise(original)
    assert (clean.width, clean.height) == (40, 60)
    assert b"SECRET-PHONE" not in clean.data and b"Exif" not in clean.data
    assert not Image.open(io.BytesIO(clean.data)).getexif()


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_it_reads_what_phones_and_screens_make(kind: str) -> None:
    clean = sanitise(photo(kind=kind))
    assert clean.data[:2] == b"\xff\xd8"


def test_it_puts_transparency_on_white() -> None:
    out = io.BytesIO()
    Image.new("RGBA", (4, 4), (0, 0, 0, 0)).save(out, "PNG")
    out.seek(0)
    picture = Image.open(io.BytesIO(sanitise(out).data))
    assert picture.getpixel((1, 1)) == (255, 255, 255)


def test_it_makes_a_large_photo_smaller() -> None:
    clean = sanitise(photo((4000, 3000)))
    assert max(clean.width, clean.height) == 2560


def bomb() -> bytes:
    """A PNG of 60,000 × 60,000 pixels in a few bytes."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        body = kind + data
        return struct.pack(">I", len(data)) + body + struct.pack(">I", zlib.crc32(body))

    head = struct.pack(">IIBBBBB", 60_000, 60_000, 8, 2, 0, 0, 0)
    data = chunk(b"IDAT", zlib.compress(b"\0" * 1000))
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + data + chunk(b"IEND", b"")


@pytest.mark.parametrize(
    ("content", "word"),
    [
        (b"", "空文件"),
        (b"not a picture", "不是照片"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "不是照片"),
        (b"GIF89a" + b"\0" * 40, "不是照片"),
        (b"%PDF-1.7", "不是照片"),
        (b"\xff\xd8\xff\xe0" + b"\0" * 50, "照片"),
        (photo((400, 300)).getvalue()[:400], "损坏"),
        (b"\0\0\0\x18ftypheic" + b"\0" * 40, "HEIC"),
        (bomb(), "5000 万像素"),
        (b"\xff\xd8" + b"\0" * MAX_BYTES, "10 MB"),
    ],
)
def test_it_refuses_with_a_sentence(content: bytes, word: str) -> None:
    with pytest.raises(BadImage) as refused:
        sanitise(io.BytesIO(content))
    assert word in str(refused.value)


def test_a_photo_below_the_bomb_limit_of_pillow_is_bounded_too() -> None:
    with pytest.raises(BadImage):
        sanitise(photo((8000, 7000), kind="PNG"))


def test_it_is_stored_under_a_random_name_in_the_months_folder(town: Town, media: Path) -> None:
    case = reported(town, photos=[with_place()])
    kept = Attachment.objects.get(case=case)
    path = Path(str(kept.file.name))
    assert path.parts[0] == "cases" and path.suffix == ".jpg" and len(path.stem) == 32
    assert (media / path).stat().st_size == kept.size
    assert kept.move == "report"


def test_pictures_may_follow_the_words(town: Town, media: Path) -> None:
    by = town.users["grid_head"]
    case = reported(town, by=by)
    assert len(add_photos(case=case, by=by, uploads=[photo(), photo()])) == 2
    with pytest.raises(MoveRefused) as refused:
        add_photos(case=case, by=by, uploads=[photo() for _ in range(8)])
    assert "现在有 10 张" in refused.value.message
    with pytest.raises(MoveRefused) as refused:
        add_photos(case=case, by=town.users["grid_worker_ft"], uploads=[photo()])
    assert refused.value.http_status == 403
    public = reported(town)
    assert add_photos(case=public, by=None, uploads=[photo()], as_reporter=True)
    Story(town, public).accepted()
    with pytest.raises(MoveRefused):
        add_photos(case=public, by=None, uploads=[photo()], as_reporter=True)
