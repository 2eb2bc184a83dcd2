"""What a file is, told from its content."""

import io

import pytest

from itti.files import kinds
from itti.files.errors import FileIncomplete, FileTypeRefused, FileUnsafe
from tests.itti.files import samples


@pytest.mark.parametrize(
    ("content", "name", "media_type", "kept_as"),
    [
        (samples.pdf(), "audit.pdf", "application/pdf", "audit.pdf"),
        (samples.pdf(), "page.html", "application/pdf", "page.html.pdf"),
        (samples.png(), "photo.PNG", "image/png", "photo.PNG"),
        (samples.jpeg(), "image", "image/jpeg", "image.jpg"),
        (samples.jpeg() + b"motion photo data", "IMG_1.jpeg", "image/jpeg", "IMG_1.jpeg"),
        (samples.webp(), "shot.webp", "image/webp", "shot.webp"),
        (samples.office("xlsx"), "log.xlsx", kinds.XLSX.media_type, "log.xlsx"),
        (samples.office("docx"), "minutes.docx", kinds.DOCX.media_type, "minutes.docx"),
        (samples.office("docx"), "minutes.exe", kinds.DOCX.media_type, "minutes.exe.docx"),
        ("القيمة;1\n".encode(), "oee.csv", "text/csv", "oee.csv"),
        (b"notes\tof the walk\r\n", "walk.TXT", "text/plain", "walk.TXT"),
    ],
)
def test_taken(content: bytes, name: str, media_type: str, kept_as: str) -> None:
    kind, kept = kinds.recognise(io.BytesIO(content), name)
    assert (kind.media_type, kept) == (media_type, kept_as)


@pytest.mark.parametrize(
    ("content", "name"),
    [
        (b"MZ\x90\x00 a program", "report.pdf"),
        (b"#!/bin/sh\nrm -rf /\n", "run.sh"),
        (b"<html><script>alert(1)</script></html>", "page.html"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "drawing.svg"),
        (b"GIF89a...", "moving.gif"),
        (samples.archive(readme=b"hello"), "log.xlsx"),
        (samples.archive(readme=b"hello"), "all.zip"),
        (samples.office("xlsm"), "macros.xlsx"),
        (b"RIFF\x04\x00\x00\x00WAVE", "sound.webp"),
        ("ملاحظات".encode("cp1256"), "walk.txt"),
        (b"zero\x00byte", "walk.txt"),
        (b"bell\x07", "walk.csv"),
        (b" " + samples.pdf(), "shifted.pdf"),
    ],
)
def test_refused_type(content: bytes, name: str) -> None:
    with pytest.raises(FileTypeRefused) as caught:
        kinds.recognise(io.BytesIO(content), name)
    assert "PDF, PNG" in caught.value.sentence("en")
    assert name in caught.value.sentence("ar")


@pytest.mark.parametrize(
    ("content", "name"),
    [
        (samples.pdf()[:100], "cut.pdf"),
        (samples.png()[:-20], "cut.png"),
        (samples.jpeg()[:-2], "cut.jpg"),
        (samples.webp()[:-3], "cut.webp"),
        (samples.office()[:-30], "cut.xlsx"),
    ],
)
def test_cut_off(content: bytes, name: str) -> None:
    with pytest.raises(FileIncomplete):
        kinds.recognise(io.BytesIO(content), name)


@pytest.mark.parametrize(
    "content",
    [
        samples.office("xlsx", **{"xl/vbaProject.bin": b"macro"}),
        samples.office("docx", **{f"part{number}": b"" for number in range(kinds.ARCHIVE_PARTS)}),
        samples.office("xlsx", bomb=bytes(kinds.UNPACKED_BYTES + 1)),
    ],
    ids=["macros", "too many parts", "unpacks to too much"],
)
def test_unsafe_office_file(content: bytes) -> None:
    assert len(content) < 1_500_000
    with pytest.raises(FileUnsafe):
        kinds.recognise(io.BytesIO(content), "log.xlsx")
