"""Archive copies: a sealed paper stamped again, and again, and nothing else."""

from __future__ import annotations

import io
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pikepdf
import pytest
from cryptography.hazmat.primitives.serialization import Encoding
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.generic import pdf_name
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter

from questionnaires.loading import load
from reports import archive, proofs
from reports.errors import NotSealable
from reports.findings import SealFinding, SealState
from reports.seal import Level, Sealer, demonstration_sealer
from reports.verify import examine
from tests.judges import dss, qpdf_check, verapdf

YEARS = tuple(datetime(year, 1, 15, tzinfo=UTC) for year in (2027, 2028, 2029))


@pytest.fixture(scope="module")
def copies(sealed: Mapping[str, bytes], sealer: Sealer) -> list[bytes]:
    """A paper stamped three times, a year apart: the copy after each."""
    made = [sealed["en"]]
    for year in YEARS:
        made.append(archive.stamp(made[-1], sealer, year).pdf)
    return made[1:]


def look(pdf: bytes, sealer: Sealer) -> SealFinding:
    return examine(pdf, [sealer.root], load).seal


def test_each_stamp_adds_to_the_issued_paper_and_changes_nothing(
    copies: list[bytes], sealed: Mapping[str, bytes], sealer: Sealer
) -> None:
    before = sealed["en"]
    for copy, year in zip(copies, YEARS, strict=True):
        assert copy.startswith(before)
        found = look(copy, sealer)
        assert (found.state, found.code, found.level) == (SealState.INTACT, "demonstration", Level.LTA)
        assert (found.archived_at, found.archived_by) == (year, "Demonstration time stamps")
        assert found.stamped_at != found.archived_at
        assert all("Demonstration" in (found.archive_sentence(language) or "") for language in ("en", "ar"))
        before = copy
    assert examine(copies[-1], [sealer.root], load).score.code == "reproduced"


@pytest.mark.judge
def test_judges_find_the_copy_archivable(copies: list[bytes], sealer: Sealer, tmp_path: Path) -> None:
    path, root = tmp_path / "copy.pdf", tmp_path / "root.pem"
    path.write_bytes(copies[1])
    root.write_bytes(sealer.root.public_bytes(Encoding.PEM))
    assert qpdf_check(path).passed
    assert verapdf(path, "3a").passed
    assert verapdf(path, "ua1").passed
    (verdict,) = dss(path, trusted=(root,)).signatures
    assert verdict.format == "PAdES-BASELINE-LTA"
    assert verdict.intact
    assert verdict.indication != "TOTAL_FAILED"


def annotated(writer: IncrementalPdfFileWriter) -> None:
    page = writer.root["/Pages"]["/Kids"][0]
    note = {"/Type": "/Annot", "/Subtype": "/FreeText"}
    content = generic.DictionaryObject({pdf_name(key): pdf_name(value) for key, value in note.items()})  # type: ignore[no-untyped-call]
    content[pdf_name("/Rect")] = generic.ArrayObject(map(generic.NumberObject, (50, 600, 400, 700)))
    page["/Annots"].append(writer.add_object(content))
    writer.update_container(page["/Annots"])
    writer.update_container(page)


def repainted(writer: IncrementalPdfFileWriter) -> None:
    page = writer.root["/Pages"]["/Kids"][0]
    page[pdf_name("/Contents")] = writer.add_object(generic.StreamObject(stream_data=b"BT ET"))
    writer.update_container(page)


def reattached(writer: IncrementalPdfFileWriter) -> None:
    names = writer.root["/Names"]["/EmbeddedFiles"]["/Names"]
    names[1]["/EF"][pdf_name("/F")] = writer.add_object(generic.StreamObject(stream_data=b"{}"))
    writer.update_container(names[1]["/EF"])


def redirected(writer: IncrementalPdfFileWriter) -> None:
    action = {"/S": "/Named", "/N": "/LastPage"}
    opened = {pdf_name(key): pdf_name(value) for key, value in action.items()}
    writer.root[pdf_name("/OpenAction")] = generic.DictionaryObject(opened)  # type: ignore[no-untyped-call]
    writer.update_root()  # type: ignore[no-untyped-call]


def retitled(writer: IncrementalPdfFileWriter) -> None:
    writer.set_info(generic.DictionaryObject({pdf_name("/Title"): generic.TextStringObject("Another")}))  # type: ignore[no-untyped-call]


@pytest.mark.parametrize("change", [annotated, repainted, reattached, redirected, retitled])
def test_a_stamp_over_a_changed_paper_hides_no_change(
    sealed: Mapping[str, bytes], sealer: Sealer, change: Callable[[IncrementalPdfFileWriter], None]
) -> None:
    writer = proofs.Additional(io.BytesIO(sealed["en"]))
    change(writer)
    out = io.BytesIO()
    writer.write(out)  # type: ignore[no-untyped-call]
    found = look(archive.stamp(out.getvalue(), sealer, YEARS[0]).pdf, sealer)
    assert (found.state, found.code) == (SealState.BROKEN, "changed-after-sealing")


def test_a_changed_copy_is_named(copies: list[bytes], sealed: Mapping[str, bytes], sealer: Sealer) -> None:
    copy, end = copies[1], len(sealed["en"])
    for place in (1000, end - 500, end + 100, (end + len(copy)) // 2, len(copy) - 600):
        changed = bytearray(copy)
        changed[place] ^= 1
        assert look(bytes(changed), sealer).state in {SealState.BROKEN, SealState.UNREADABLE}, place
    assert look(copy + b"% a remark\n", sealer).code == "changed-after-sealing"
    assert look(copy[: len(copy) - 40], sealer).state is not SealState.INTACT
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(copy)) as document:
        document.save(out)
    assert look(out.getvalue(), sealer).state is SealState.BROKEN


def test_stamps_of_a_stranger_make_no_archive_copy(sealed: Mapping[str, bytes], sealer: Sealer, tmp_path: Path) -> None:
    strange = archive.stamp(sealed["en"], demonstration_sealer(tmp_path), YEARS[0])
    assert look(strange.pdf, sealer).code == "changed-after-sealing"


def test_only_a_sealed_paper_is_archived(
    papers: Mapping[str, bytes], sealed: Mapping[str, bytes], sealer: Sealer
) -> None:

    with pytest.raises(NotSealable, match="not-sealed"):
        archive.stamp(papers["en"], sealer, YEARS[0])
    with pytest.raises(NotSealable, match="no-stamps"):
        archive.stamp(sealed["en"], replace(sealer, stamps=None), YEARS[0])
    made = archive.stamp(sealed["en"], sealer, YEARS[0])
    assert made.ends - made.stamped_at > timedelta(days=365)
