"""A workbook from outside never takes the process down: everything is refused in time and in little memory."""

from __future__ import annotations

import struct
import subprocess
import sys
import time
import zipfile
from collections.abc import Callable, Mapping
from io import BytesIO
from pathlib import Path

import pytest

from questionnaires.workbook import WorkbookRefused, read, workbook_to_yaml, write
from questionnaires.workbook.container import LARGEST_FILE, LARGEST_PART, LARGEST_WHOLE, MOST_PARTS
from questionnaires.workbook.faults import (
    NotAWorkbook,
    WorkbookEncrypted,
    WorkbookHostile,
    WorkbookTooLarge,
    WorkbookWithMacros,
)
from questionnaires.workbook.sheets import MOST_CELLS, read_book
from tests.questionnaires.workbook.desk import Desk
from tests.questionnaires.workbook.everything import everything

ROOT = Path(__file__).parents[3]
SHEET = "xl/worksheets/sheet2.xml"
HEAD = '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
FOOT = "</sheetData></worksheet>"
MEMORY = 120_000_000
"""Bytes of address space that reading any of these files may take."""


def with_parts(parts: Mapping[str, bytes], content: bytes | None = None, method: int = zipfile.ZIP_DEFLATED) -> bytes:
    """A workbook of ours with some parts replaced or added."""
    stream = BytesIO()
    with zipfile.ZipFile(BytesIO(content or write(everything(), "en"))) as old, zipfile.ZipFile(stream, "w") as new:
        for name in old.namelist():
            if name not in parts:
                new.writestr(name, old.read(name), zipfile.ZIP_DEFLATED)
        for name, part in parts.items():
            new.writestr(name, part, method)
    return stream.getvalue()


def sheet(rows: str) -> bytes:
    return with_parts({SHEET: f"{HEAD}{rows}{FOOT}".encode()})


def entity_bomb() -> bytes:
    steps = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10}">' for n in range(1, 10))
    text = f'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY e0 "bomb">{steps}]><sst><si><t>&e9;</t></si></sst>'
    return with_parts({"xl/sharedStrings.xml": text.encode()})


def outside_entity() -> bytes:
    text = '<?xml version="1.0"?><!DOCTYPE x SYSTEM "file:///etc/passwd"><sst/>'
    return with_parts({"xl/sharedStrings.xml": text.encode()})


def many_parts() -> bytes:
    return with_parts({f"xl/media/{number}": b"" for number in range(MOST_PARTS)})


def lying_directory() -> bytes:
    """Says that it has few parts, and has many."""
    content = bytearray(with_parts({f"xl/media/{number}": b"" for number in range(20_000)}, method=zipfile.ZIP_STORED))
    at = content.rfind(b"PK\x05\x06")
    content[at + 8 : at + 12] = struct.pack("<HH", 3, 3)
    return bytes(content)


def lying_size() -> bytes:
    """Says that a part is small; unpacked it is not."""
    content = bytearray(with_parts({SHEET: b" " * 20_000_000}))
    at = content.rfind(SHEET.encode()) - 46
    content[at + 24 : at + 28] = struct.pack("<L", 1000)
    return bytes(content)


def huge_part() -> bytes:
    return with_parts({"xl/media/zeros": b"\0" * (LARGEST_PART + 1)})


def huge_together() -> bytes:
    share = LARGEST_PART - 1
    return with_parts({f"xl/media/{number}": b"\0" * share for number in range(LARGEST_WHOLE // share + 1)})


def million_styles() -> bytes:
    looks = '<xf numFmtId="9"/>' * 300_000
    return with_parts({"xl/styles.xml": f"<styleSheet><cellXfs>{looks}</cellXfs></styleSheet>".encode()})


def million_empty_cells() -> bytes:
    return sheet(f'<row r="1">{"<c/>" * 600_000}</row>')


def many_cells() -> bytes:
    cells = "".join(f"<c><v>{number}</v></c>" for number in range(200))
    return sheet(f"<row>{cells}</row>" * (MOST_CELLS // 200 + 1))


def deep() -> bytes:
    return sheet("<row>" * 100_000)


def long_text() -> bytes:
    return sheet(f'<row><c t="inlineStr"><is><t>{"x" * 5_000_000}</t></is></c></row>')


def other_compression() -> bytes:
    return with_parts({"xl/media/a": b"a" * 1000}, method=zipfile.ZIP_LZMA)


def twice_the_same() -> bytes:
    stream = BytesIO(write(everything(), "en"))
    with zipfile.ZipFile(stream, "a") as archive, pytest.warns(UserWarning, match="Duplicate name"):
        archive.writestr(SHEET, b"<worksheet/>")
    return stream.getvalue()


def encrypted_part() -> bytes:
    content = bytearray(write(everything(), "en"))
    at = content.rfind(SHEET.encode()) - 46
    content[at + 8] |= 1
    return bytes(content)


REFUSED: list[tuple[Callable[[], bytes], type[WorkbookRefused]]] = [
    (lambda: b"", NotAWorkbook),
    (lambda: b"questionnaire: itti", NotAWorkbook),
    (lambda: b"PK\x05\x06" + b"\0" * 18, NotAWorkbook),
    (lambda: b"\0" * (LARGEST_FILE + 1), WorkbookTooLarge),
    (lambda: bytes.fromhex("d0cf11e0a1b11ae1") + b"\0" * 600, WorkbookEncrypted),
    (encrypted_part, WorkbookEncrypted),
    (lambda: with_parts({"xl/vbaProject.bin": b"x"}), WorkbookWithMacros),
    (entity_bomb, WorkbookHostile),
    (outside_entity, WorkbookHostile),
    (other_compression, WorkbookHostile),
    (twice_the_same, WorkbookHostile),
    (many_parts, WorkbookTooLarge),
    (lying_directory, WorkbookTooLarge),
    (lying_size, NotAWorkbook),
    (huge_part, WorkbookTooLarge),
    (huge_together, WorkbookTooLarge),
    (million_empty_cells, WorkbookTooLarge),
    (many_cells, WorkbookTooLarge),
    (deep, WorkbookTooLarge),
    (long_text, WorkbookTooLarge),
    (lambda: with_parts({SHEET: b"<worksheet><sheetData>"}), NotAWorkbook),
    (lambda: with_parts({SHEET: b'<?xml version="1.0" encoding="klingon"?><a/>'}), NotAWorkbook),
    (lambda: sheet('<row><c t="s"><v>99999</v></c></row>'), NotAWorkbook),
    (lambda: sheet('<row><c t="s"><v>-1</v></c></row>'), NotAWorkbook),
]


@pytest.mark.parametrize(("made", "fault"), REFUSED)
def test_it_is_refused_in_little_time(made: Callable[[], bytes], fault: type[WorkbookRefused]) -> None:
    content = made()
    started = time.process_time()
    with pytest.raises(fault) as refused:
        read_book(content)
    assert time.process_time() - started < 5
    for language in ("en", "ar"):
        assert refused.value.sentence(language)


@pytest.mark.parametrize("made", [entity_bomb, huge_part, lying_directory])
def test_an_authors_workbook_is_opened_with_the_same_care(made: Callable[[], bytes]) -> None:
    with pytest.raises(WorkbookRefused):
        workbook_to_yaml(made())


def test_cells_far_away_are_passed_over() -> None:
    desk = Desk.of(everything())
    desk.put("maturity", 2)
    desk.answers["XFD1048576"] = "far away"
    desk.answers["A1048576"] = None
    filled = desk.read(everything())
    assert filled.answers == {"maturity": {"level": 2}}
    assert filled.mistakes == ()


def test_links_to_other_files_are_never_followed() -> None:
    desk = Desk.of(everything())
    cell = desk.put("cars", "=[1]Sheet1!$A$1")
    content = with_parts({"xl/externalLinks/externalLink1.xml": b"<externalLink/>"}, desk.saved())
    assert [one.path[1] for one in read(content, everything()).mistakes] == [cell]


def test_mistakes_without_number_are_cut_off() -> None:
    rows = "".join(
        f'<row r="{row}"><c r="A{row}" t="inlineStr"><is><t>no-{row}</t></is></c><c r="F{row}"><v>1</v></c></row>'
        for row in range(5, 20_000)
    )
    desk = Desk.of(everything())
    original = zipfile.ZipFile(BytesIO(desk.saved())).read(SHEET).decode()
    begin, end = original.index('<row r="5"'), original.index("</sheetData>")
    content = with_parts({SHEET: (original[:begin] + rows + original[end:]).encode()}, desk.saved())
    found = read(content, everything()).mistakes
    assert len(found) == 501
    assert found[-1].code == "workbook-too-many-mistakes"


@pytest.mark.parametrize("share", [0.1, 0.5, 0.9, 0.99])
def test_a_torn_file_is_refused(share: float) -> None:
    content = write(everything(), "en")
    with pytest.raises(WorkbookRefused):
        read(content[: int(len(content) * share)], everything())


def test_a_process_with_little_memory_survives_the_worst_of_them(tmp_path: Path) -> None:
    """The limit is what Python and the libraries take, and a little; beyond it the process would end."""
    for made in (many_cells, huge_together, million_empty_cells, million_styles, deep, long_text, lying_directory):
        (tmp_path / f"{made.__name__}.xlsx").write_bytes(made())
    program = (
        "import resource, sys\n"
        "from questionnaires.workbook import WorkbookRefused, stated\n"
        "used = int(open('/proc/self/statm').read().split()[0]) * resource.getpagesize()\n"
        f"resource.setrlimit(resource.RLIMIT_AS, (used + {MEMORY},) * 2)\n"
        "for name in sys.argv[1:]:\n"
        "    try:\n"
        "        stated(open(name, 'rb').read())\n"
        "    except WorkbookRefused as refused:\n"
        "        print(refused.code)\n"
    )
    files = sorted(str(path) for path in tmp_path.iterdir())
    found = subprocess.run(
        [sys.executable, "-c", program, *files], cwd=ROOT, capture_output=True, text=True, timeout=60, check=False
    )
    assert found.stdout.split() == ["workbook-too-large"] * 6, found.stderr
    assert found.stderr == ""
