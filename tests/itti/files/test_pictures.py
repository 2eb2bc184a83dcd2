"""Pictures lose what cameras write into them, and nothing else."""

from __future__ import annotations

import io
import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image, ImageOps, PngImagePlugin

from itti.files import pictures
from itti.files.errors import FileIncomplete, PictureTooLarge
from itti.files.kinds import JPEG, PNG, WEBP, Kind
from tests.itti.files import samples

KINDS = {JPEG: "JPEG", PNG: "PNG", WEBP: "WEBP"}
SECRETS = (b"MapCamera", b"SECRET", b"Ali Hassan", b"GPS")


def photo(kind: Kind, turned: int = 6) -> bytes:
    """A photo as a phone takes it: turned, with place, camera and a caption, and a film behind it."""
    image = Image.new("RGB", (40, 20), "#225588")
    image.paste("#dd4411", (0, 0, 10, 10))
    exif = Image.Exif()
    exif[0x010F], exif[0x013B], exif[0x0112] = "MapCamera", "Ali Hassan", turned
    exif.get_ifd(0x8825).update({1: "N", 2: (24.0, 28.0, 1.5), 3: "E", 4: (54.0, 22.0, 7.25)})
    icc = b"icc" * 50  # colours, which have to stay
    content = io.BytesIO()
    if kind is PNG:
        said = PngImagePlugin.PngInfo()
        said.add_text("Comment", "SECRET")
        said.add_itxt("XML:com.adobe.xmp", "SECRET")
        image.save(content, "PNG", exif=exif.tobytes(), pnginfo=said, icc_profile=icc)
    elif kind is JPEG:
        image.save(content, "JPEG", exif=exif, comment=b"SECRET", xmp=b"SECRET", icc_profile=icc, quality=90)
    else:
        image.save(content, "WEBP", exif=exif, xmp=b"SECRET", icc_profile=icc, lossless=True)
    return content.getvalue() + b"SECRET film"


def opened(content: bytes) -> Image.Image:
    """The picture as it is meant to be seen."""
    return ImageOps.exif_transpose(Image.open(io.BytesIO(content)))


@pytest.mark.parametrize("kind", KINDS, ids=KINDS.values())
@pytest.mark.parametrize("turned", [1, 6])
def test_what_goes_and_what_stays(kind: Kind, turned: int) -> None:
    before = photo(kind, turned)
    after = pictures.stripped(before, kind, "photo")
    assert any(secret in before for secret in SECRETS)
    assert not any(secret in after for secret in SECRETS)
    image = Image.open(io.BytesIO(after))
    assert dict(image.getexif()) == ({} if turned == 1 else {0x0112: turned})
    assert image.info["icc_profile"] == b"icc" * 50
    assert opened(after).size == ((40, 20) if turned == 1 else (20, 40))
    assert opened(after).tobytes() == opened(before).tobytes()  # not a pixel differs
    assert pictures.stripped(after, kind, "photo") == after


@pytest.mark.parametrize(
    ("content", "kind"), [(samples.jpeg(), JPEG), (samples.png(), PNG), (samples.webp(), WEBP)], ids=KINDS.values()
)
def test_a_plain_picture_stays_as_it_is(content: bytes, kind: Kind) -> None:
    assert pictures.stripped(content, kind, "plain") == content


def test_progressive_pictures_keep_all_scans() -> None:
    content = io.BytesIO()
    Image.radial_gradient("L").save(content, "JPEG", progressive=True, comment=b"SECRET")
    after = pictures.stripped(content.getvalue(), JPEG, "photo")
    assert b"SECRET" not in after
    assert Image.open(io.BytesIO(after)).tobytes() == Image.open(content).tobytes()


def claiming(kind: Kind) -> bytes:
    """A small file that claims to be 60 000 pixels wide and high."""
    if kind is PNG:
        return samples.png().replace(struct.pack(">II", 1, 1), struct.pack(">II", 60_000, 60_000), 1)
    if kind is JPEG:
        return samples.jpeg().replace(struct.pack(">HH", 4, 8), struct.pack(">HH", 60_000, 60_000), 1)
    size = (60_000 - 1).to_bytes(3, "little")
    body = b"WEBPVP8X" + struct.pack("<I", 10) + b"\0" * 4 + size * 2
    return b"RIFF" + struct.pack("<I", len(body)) + body


@pytest.mark.parametrize("kind", KINDS, ids=KINDS.values())
def test_a_picture_that_claims_to_be_huge(kind: Kind) -> None:
    for take in (pictures.stripped, pictures.check):
        with pytest.raises(PictureTooLarge) as caught:
            take(claiming(kind), kind, "wall.img")
        assert "200" in str(caught.value)


@given(st.data())
def test_broken_pictures_are_refused_or_made_clean(data: st.DataObject) -> None:
    kind = data.draw(st.sampled_from(list(KINDS)))
    content = bytearray(photo(kind))
    for _ in range(data.draw(st.integers(1, 4))):
        content[data.draw(st.integers(12, len(content) - 1))] = data.draw(st.integers(0, 255))
    cut = bytes(content[: data.draw(st.integers(12, len(content)))])
    try:
        clean = pictures.stripped(cut, kind, "photo")
    except (FileIncomplete, PictureTooLarge):
        return
    assert pictures.stripped(clean, kind, "photo") == clean
