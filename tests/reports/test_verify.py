"""Examination: every way to tamper with a paper has a name, and nothing that is handed in does any harm."""

import io
import os
import re
import subprocess
import sys
import time
import zlib
from collections.abc import Callable, Mapping
from pathlib import Path

import pikepdf
import pytest
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign import fields, signers

from questionnaires import wording
from questionnaires.errors import Fault
from questionnaires.loading import UnknownDefinition, load
from questionnaires.model import Definition
from reports.attached import ANSWERS, SCORECARD, attachments
from reports.findings import SIZE_LIMIT, Examination, ScoreState, SealState
from reports.render import _finished
from reports.report import Report, Standing
from reports.seal import Sealer, demonstration_sealer, seal
from reports.typesetting import typeset
from reports.verify import examine
from tests.reports.conftest import AT
from tests.reports.papers import itti, report, small
from tests.reports.shapes import every_word, every_word_answers, points, points_answers, told

ROOT = Path(__file__).parents[2]


def look(pdf: bytes, sealer: Sealer, definitions: Callable[[str, str], Definition] = load) -> Examination:
    return examine(pdf, [sealer.root], definitions)


def later(pdf: bytes, change: Callable[[IncrementalPdfFileWriter], None]) -> bytes:
    """The file with a further revision."""
    writer = IncrementalPdfFileWriter(io.BytesIO(pdf))
    change(writer)
    out = io.BytesIO()
    writer.write(out)  # type: ignore[no-untyped-call]
    return out.getvalue()


@pytest.mark.parametrize("language", ["en", "ar"])
def test_our_own_paper_is_intact_and_gives_its_score_again(
    sealed: Mapping[str, bytes], sealer: Sealer, language: str
) -> None:
    found = look(sealed[language], sealer)
    assert (found.seal.state, found.seal.code, found.seal.whole) == (SealState.INTACT, "demonstration", True)
    assert (found.seal.signer, found.seal.sealed_at, found.seal.is_demonstration) == ("Demonstration seal", AT, True)
    assert (found.seal.stamped_by, found.seal.stamped_at) == ("Demonstration time stamps", AT)
    assert (found.seal.level, found.seal.stamp_trusted) == ("PAdES-B-LT", True)
    assert (found.score.state, found.score.differences) == (ScoreState.REPRODUCED, ())
    assert found.scorecard == report().scorecard
    assert found.certificate is not None
    assert found.certificate.number == "ITTI-2026-000417"
    assert found.answers is not None
    assert len(found.sha256) == 64


def test_examining_our_own_paper_is_quick_once_warm(sealed: Mapping[str, bytes], sealer: Sealer) -> None:
    look(sealed["en"], sealer)
    start = time.perf_counter()
    look(sealed["en"], sealer)
    assert time.perf_counter() - start < 5, "the trap of one large object stream takes half a minute"


def test_unsealed_paper_has_no_seal_but_a_score(draft: bytes, sealer: Sealer) -> None:
    found = look(draft, sealer)
    assert (found.seal.state, found.seal.code) == (SealState.ABSENT, "absent")
    assert found.score.state is ScoreState.REPRODUCED


def test_seal_of_a_stranger_is_untrusted(sealed: Mapping[str, bytes], folder: Path) -> None:
    found = examine(sealed["en"], [demonstration_sealer(folder).root], load)
    assert found.seal.state is SealState.UNTRUSTED
    assert examine(sealed["en"], [], load).seal.code == "unknown-issuer"


def annotated(writer: IncrementalPdfFileWriter) -> None:
    from pyhanko.pdf_utils import generic
    from pyhanko.pdf_utils.generic import pdf_name

    page = writer.root["/Pages"]["/Kids"][0]
    note = generic.DictionaryObject(  # type: ignore[no-untyped-call]
        {
            pdf_name("/Type"): pdf_name("/Annot"),
            pdf_name("/Subtype"): pdf_name("/FreeText"),
            pdf_name("/Rect"): generic.ArrayObject(map(generic.NumberObject, (50, 600, 400, 700))),
            pdf_name("/Contents"): generic.TextStringObject("Index 5.00"),
        }
    )
    page["/Annots"].append(writer.add_object(note))
    writer.update_container(page["/Annots"])
    writer.update_container(page)


def repainted(writer: IncrementalPdfFileWriter) -> None:
    from pyhanko.pdf_utils import generic
    from pyhanko.pdf_utils.generic import pdf_name

    page = writer.root["/Pages"]["/Kids"][0]
    page[pdf_name("/Contents")] = writer.add_object(generic.StreamObject(stream_data=b"BT ET"))
    writer.update_container(page)


def reattached(writer: IncrementalPdfFileWriter) -> None:
    from pyhanko.pdf_utils import generic
    from pyhanko.pdf_utils.generic import pdf_name

    names = writer.root["/Names"]["/EmbeddedFiles"]["/Names"]
    stream = writer.add_object(generic.StreamObject(stream_data=b"{}"))
    names[1]["/EF"][pdf_name("/F")] = stream
    writer.update_container(names[1]["/EF"])


@pytest.mark.parametrize(
    ("change", "named"), [(annotated, "annotation"), (repainted, "page"), (reattached, "attachment")]
)
def test_what_was_added_after_sealing_is_named(
    sealed: Mapping[str, bytes], sealer: Sealer, change: Callable[[IncrementalPdfFileWriter], None], named: str
) -> None:
    found = look(later(sealed["en"], change), sealer).seal
    assert (found.state, found.code, found.whole) == (SealState.BROKEN, "changed-after-sealing", False)
    assert named in found.changes
    assert found.signer == "Demonstration seal"
    assert all(found.changes_in_words(language) for language in ("en", "ar"))


def test_second_signature_is_named(
    sealed: Mapping[str, bytes], sealer: Sealer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(signers.PdfSigner, "_enforce_certification_constraints", lambda *_, **__: None, raising=True)
    about = signers.PdfSignatureMetadata(field_name="Second", subfilter=fields.SigSeedSubFilter.PADES)
    writer = IncrementalPdfFileWriter(io.BytesIO(sealed["en"]))
    twice = signers.PdfSigner(about, sealer.signer()).sign_pdf(writer).getvalue()
    found = look(twice, sealer).seal
    assert (found.state, found.code) == (SealState.BROKEN, "changed-after-sealing")
    assert "signature" in found.changes


def test_signature_that_allows_changes_is_no_seal(papers: Mapping[str, bytes], sealer: Sealer) -> None:
    about = signers.PdfSignatureMetadata(field_name="Seal", subfilter=fields.SigSeedSubFilter.PADES)
    signed = signers.PdfSigner(about, sealer.signer()).sign_pdf(IncrementalPdfFileWriter(io.BytesIO(papers["en"])))
    assert look(signed.getvalue(), sealer).seal.code == "not-certifying"


@pytest.mark.parametrize("tail", [b"\n", b"\0" * 4000, b"%%EOF\n", b"1 0 obj\n<<>>\nendobj\n"])
def test_appended_bytes_break_the_seal(sealed: Mapping[str, bytes], sealer: Sealer, tail: bytes) -> None:
    found = look(sealed["en"] + tail, sealer).seal
    assert (found.state, found.code) == (SealState.BROKEN, "changed-after-sealing")


def test_a_changed_byte_anywhere_breaks_the_seal(sealed: Mapping[str, bytes], sealer: Sealer) -> None:
    paper = sealed["en"]
    for place in [*range(11, len(paper), len(paper) // 41), len(paper) - 8]:
        changed = bytearray(paper)
        changed[place] ^= 0x01
        found = look(bytes(changed), sealer).seal
        assert found.state in {SealState.BROKEN, SealState.UNREADABLE}, (place, found)


def test_the_hole_of_the_signature_hides_nothing(sealed: Mapping[str, bytes], sealer: Sealer) -> None:
    paper = sealed["en"]
    found = re.search(rb"/ByteRange \[(\d+) (\d+) (\d+) (\d+)", paper)
    assert found
    start, end = int(found[2]), int(found[3])
    for place, sign in ((end - 3, b"1"), (end - 40, b"f"), (start + 12, b"a")):
        changed = bytearray(paper)
        changed[place : place + 1] = sign
        if bytes(changed) != paper:
            assert look(bytes(changed), sealer).seal.state is SealState.BROKEN, place


def test_saved_again_by_another_program_breaks_the_seal(sealed: Mapping[str, bytes], sealer: Sealer) -> None:
    with pikepdf.open(io.BytesIO(sealed["en"])) as document:
        out = io.BytesIO()
        document.save(out)
    assert look(out.getvalue(), sealer).seal.state is SealState.BROKEN


@pytest.mark.parametrize("kept", [0.02, 0.5, 0.97, 0.999])
def test_truncated_file_says_so(sealed: Mapping[str, bytes], sealer: Sealer, kept: float) -> None:
    paper = sealed["en"]
    found = look(paper[: int(len(paper) * kept)], sealer)
    assert (found.seal.state, found.seal.code) == (SealState.UNREADABLE, "truncated")
    assert (found.score.state, found.score.code) == (ScoreState.IMPOSSIBLE, "not-examined")


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "not-a-pdf"),
        (b"PK\x03\x04 a zip", "not-a-pdf"),
        (b"%PDF-1.7\n", "truncated"),
        (b"%PDF-1.7\n%%EOF", "damaged"),
        (b"%PDF-1.7\n" + b"[" * 400_000 + b"\n%%EOF\n", "damaged"),
        (b"%PDF-1.7\n" + os.urandom(50_000) + b"\nstartxref\n9\n%%EOF\n", "damaged"),
        (b"%PDF-" + b"\0" * SIZE_LIMIT, "too-large"),
    ],
)
def test_what_is_no_pdf_is_a_finding(sealer: Sealer, data: bytes, code: str) -> None:
    found = look(data, sealer).seal
    assert (found.state, found.code) == (SealState.UNREADABLE, code)


def test_forged_byte_ranges_are_findings(sealed: Mapping[str, bytes], sealer: Sealer) -> None:
    paper = sealed["en"]
    for forged in (b"[0 1 2 3]", b"[9 9 9 9]", b"[0 999999999999 999999999999 999999999999]"):
        changed = re.sub(rb"/ByteRange \[[^]]*\]", b"/ByteRange " + forged, paper)
        assert look(changed, sealer).seal.state in {SealState.BROKEN, SealState.UNREADABLE}


def test_encrypted_file_says_so(papers: Mapping[str, bytes], sealer: Sealer) -> None:
    for owner, user in (("a", "b"), ("a", "")):
        out = io.BytesIO()
        with pikepdf.open(io.BytesIO(papers["en"])) as document:
            document.save(out, encryption=pikepdf.Encryption(owner=owner, user=user))
        assert look(out.getvalue(), sealer).seal.code == "encrypted"


def zeros(count: int, times: int) -> bytes:
    """A zlib stream of count × times zeros: packed once and repeated, since packing 2 GB takes seconds."""
    packer = zlib.compressobj(9, wbits=-zlib.MAX_WBITS)
    block = packer.compress(b"\0" * count) + packer.flush(zlib.Z_FULL_FLUSH)
    checksum = (count * times % 65521) << 16 | 1  # Adler-32 of zeros, RFC 1950
    return b"\x78\xda" + block * times + packer.flush() + checksum.to_bytes(4, "big")


def test_unpacking_bombs_do_no_harm(papers: Mapping[str, bytes], sealer: Sealer) -> None:
    bomb = zeros(10_000_000, times=200)
    for where in ("page", "attachment"):
        with pikepdf.open(io.BytesIO(papers["en"])) as document:
            stream = document.make_stream(b"")
            stream.write(bomb, filter=pikepdf.Name.FlateDecode)
            if where == "page":
                document.pages[0].obj.Contents = stream
            else:
                document.attachments["answers.json"].obj.EF.F = stream
            out = io.BytesIO()
            document.save(out, compress_streams=False, stream_decode_level=pikepdf.StreamDecodeLevel.none)
        start = time.perf_counter()
        found = look(out.getvalue(), sealer)
        assert time.perf_counter() - start < 20
        assert found.seal.state in {SealState.ABSENT, SealState.UNREADABLE}
        assert found.score.state is (ScoreState.REPRODUCED if where == "page" else ScoreState.IMPOSSIBLE)


def test_the_quarantine_ends_work_that_hangs_swells_or_crashes() -> None:
    script = """
import json, os, sys, time
sys.path.insert(0, sys.argv[1])
from reports import quarantine
quarantine.SECONDS = 3
def swell():
    return len(bytes(3_000_000_000))
def failed(work): return json.loads(quarantine._in_fork(work))["failed"]
start = time.perf_counter()
print(failed(lambda: time.sleep(60)), failed(swell), failed(lambda: os.abort()), failed(lambda: 1 / 0))
assert time.perf_counter() - start < 40
"""
    done = subprocess.run([sys.executable, "-c", script, str(ROOT)], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["time", "memory", "crash", "crash"]


def test_a_porter_that_died_is_replaced(sealed: Mapping[str, bytes], sealer: Sealer) -> None:
    from reports import quarantine

    look(sealed["en"], sealer)
    for porter in quarantine._LODGE._free:
        porter._process.kill()
        porter._process.wait()
    assert look(sealed["en"], sealer).seal.state is SealState.INTACT


def resealed(files: Mapping[str, bytes], sealer: Sealer) -> bytes:
    """A paper with other attachments, properly sealed: what a dishonest office could make."""
    html = '<html lang="en"><head><title>t</title></head><body><h1>t</h1></body></html>'
    pdf = _finished(typeset(html, files, AT).pdf, Standing.DEMONSTRATION, None, "en")
    return seal(pdf, sealer, reason="Issued", at=AT)


def test_sealed_paper_with_another_score_differs_and_says_where(sealer: Sealer) -> None:
    told = report()
    card = told.scorecard
    raised = tuple(node.model_copy(update={"value": "4.99"}) if node.id == card.index else node for node in card.nodes)
    lie = Report.model_validate(
        {**told.model_dump(), "scorecard": card.model_copy(update={"nodes": raised}).model_dump()}
    )
    found = look(resealed(attachments(lie), sealer), sealer)
    assert found.seal.state is SealState.INTACT
    assert (found.score.state, found.score.code) == (ScoreState.DIFFERS, "differs")
    differences = {each.path: (each.attached, each.computed) for each in found.score.differences}
    assert differences["scorecard.nodes.overall.value"] == ("4.99", card.headline.value)
    assert differences["certificate.value"] == ("4.99", card.headline.value)


def test_attachments_of_two_papers_do_not_go_together(sealer: Sealer) -> None:
    mixed = {**attachments(report()), SCORECARD: report(levels=tuple(2 for _ in range(20))).scorecard.to_json()}
    found = look(resealed(mixed, sealer), sealer).score
    assert found.state is ScoreState.DIFFERS
    assert "certificate.scorecard_sha256" in {each.path for each in found.differences}


@pytest.mark.parametrize(
    ("files", "code"),
    [
        ({}, "no-attachments"),
        ({ANSWERS: b"{}", SCORECARD: b"{}"}, "unreadable-attachments"),
        ({ANSWERS: b"[" * 100_000, SCORECARD: b"\xff"}, "unreadable-attachments"),
    ],
)
def test_attachments_that_cannot_be_read(sealer: Sealer, files: dict[str, bytes], code: str) -> None:
    found = look(resealed(files, sealer), sealer).score
    assert (found.state, found.code) == (ScoreState.IMPOSSIBLE, code)


def test_answers_off_the_scale_are_refused(sealer: Sealer) -> None:
    files = attachments(report())
    files = {**files, ANSWERS: files[ANSWERS].replace(b'"level":3', b'"level":30')}
    assert look(resealed(files, sealer), sealer).score.code == "answers-refused"


def test_answers_of_every_kind_give_the_score_again(sealer: Sealer) -> None:
    for definition, given in ((every_word(), every_word_answers()), (points(), points_answers())):
        files = attachments(told(definition, given, Standing.DEMONSTRATION))
        found = look(resealed(files, sealer), sealer, lambda *_, of=definition: of)
        assert (found.score.state, found.score.code) == (ScoreState.REPRODUCED, "reproduced")
        raised = files[ANSWERS].replace(b'"yes":false', b'"yes":true')
        if raised != files[ANSWERS]:
            found = look(resealed({**files, ANSWERS: raised}, sealer), sealer, lambda *_, of=definition: of)
            assert found.score.code == "differs"


def test_unknown_and_other_definitions(sealed: Mapping[str, bytes], sealer: Sealer) -> None:
    def unknown(family: str, version: str) -> Definition:
        raise UnknownDefinition(family=family, version=version, known="")

    assert look(sealed["en"], sealer, unknown).score.code == "unknown-definition"
    assert look(sealed["en"], sealer, lambda *_: small()).score.code == "other-definition"


def test_every_finding_has_words_in_both_languages(sealed: Mapping[str, bytes], sealer: Sealer) -> None:
    source = "".join((ROOT / "reports" / name).read_text() for name in ("inspection.py", "soundness.py", "verify.py"))
    codes = set(re.findall(r'SealState\.\w+, "([a-z-]+)"', source)) | {"too-large", "not-a-pdf", "damaged"}
    codes |= {"truncated", "too-complex", "demonstration", "intact", "certificate-invalid", "unknown-issuer"}
    scores = set(re.findall(r'(?:ScoreState\.\w+, code=|_Impossible\()"([a-z-]+)"', source))
    assert len(codes) > 12
    assert len(scores) > 6
    for language in ("en", "ar"):
        known = wording.catalogue("reports", language)
        assert [code for code in codes if f"seal.{code}" not in known] == []
        assert [code for code in scores if f"score.{code}" not in known] == []
        found = look(sealed["en"], sealer)
        assert found.seal.sentence(language)
        assert found.score.sentence(language)


def test_no_fault_of_this_room_is_without_words() -> None:
    from reports import errors, quarantine

    kinds = [each for room in (errors, quarantine) for each in vars(room).values()]
    for kind in kinds:
        if isinstance(kind, type) and issubclass(kind, Fault) and kind.room == "reports" and kind.code != "fault":
            for language in ("en", "ar"):
                assert f"fault.{kind.code}" in wording.catalogue("reports", language)


def test_definition_of_the_paper_is_the_published_one(sealed: Mapping[str, bytes], sealer: Sealer) -> None:
    asked: list[tuple[str, str]] = []

    def definitions(family: str, version: str) -> Definition:
        asked.append((family, version))
        return itti()

    look(sealed["ar"], sealer, definitions)
    assert asked == [("itti", "1.0.0")]
