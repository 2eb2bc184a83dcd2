"""The paper: what it says in both languages, what it is made of, and that it is always the same."""

import contextlib
import functools
import hashlib
import io
import json
import os
import shutil
import socket
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Any

import pikepdf
import pypdfium2  # type: ignore[import-untyped]
import pytest
from jsonschema_rs import Draft202012Validator

from reports.attached import AttachedAnswers, AttachedCertificate
from reports.errors import DefinitionMismatch, LanguageUnknown, ReportIncomplete, UnprintableSigns
from reports.render import page, render
from reports.report import AssessedFactory, Party, Report, Standing
from scoring.scorecard import Scorecard
from tests.reports.papers import itti, report, small

ROOT = Path(__file__).parents[2]
SCHEMAS = ROOT / "docs" / "schema"


def poppler(pdf: bytes, *options: str) -> str:
    """The text layer as poppler reads it."""
    done = subprocess.run(["pdftotext", *options, "-", "-"], input=pdf, capture_output=True, check=True)
    return done.stdout.decode()


def pdfium(pdf: bytes) -> list[str]:
    """The text layer as pdfium (Chromium) reads it, page by page."""
    document = pypdfium2.PdfDocument(pdf)
    try:
        return [sheet.get_textpage().get_text_range() for sheet in document]
    finally:
        document.close()


def bare(text: str) -> str:
    """Without what extractors add or leave out: spaces, line ends, direction marks."""
    return "".join(sign for sign in text if sign.isalnum() or sign in "–-./:+−")


def test_english_paper_says_what_it_has_to(papers: Mapping[str, bytes]) -> None:
    text = " ".join(poppler(papers["en"]).split())
    card = report().scorecard
    for words in (
        "Certificate of assessment",
        "Al Waha Dates Packing",
        "ITTI-2026-000417",
        "18 June 2026",
        "17 June 2029",
        "Maryam Al Suwaidi",
        "Salim Darwish",
        f"{card.headline.value} out of 5",
        "Three next steps",
        "Self-assessment",
        "Certificate of 30 May 2024",
        "Method and limits",
        "Packs to order.",
        "walk-1.pdf",
        "itti@1.0.0",
        card.digest,
        "verify.example.org",
    ):
        assert words in text, words
    for question in itti().questions:
        assert itti().words("en").questions[question.id].title.split()[0] in text


@pytest.mark.parametrize("extractor", ["poppler", "pdfium"])
def test_arabic_words_cells_and_chart_labels_come_out_of_the_text_layer(
    papers: Mapping[str, bytes], extractor: str
) -> None:
    text = bare(poppler(papers["ar"]) if extractor == "poppler" else "".join(pdfium(papers["ar"])))
    words = itti().words("ar")
    wanted = ["الواحة لتعبئة التمور", "شهادة تقييم", "الملخص", "المحتويات", "مريم السويدي", "18 يونيو 2026"]
    wanted += [words.nodes[name].title for name in itti().categories]
    wanted += [words.questions[question.id].levels["2"].name for question in itti().questions[:2]]
    missing = [each for each in wanted if not all(bare(part) in text for part in each.split())]
    assert missing == []
    label = words.questions["energy-management"].title.split()[0]
    profile = bare(pdfium(papers["ar"])[3])
    assert bare(label) in profile, "the label of the radar is torn apart"


def test_signed_numbers_codes_and_dates_keep_their_order_in_arabic(papers: Mapping[str, bytes]) -> None:
    text = bare(poppler(papers["ar"]))
    headline = report().scorecard.headline.value
    assert headline is not None
    change = f"{float(headline) - 2.41:+.2f}".replace("-", "−")
    assert change in text
    assert "ITTI-2026-000417" in text
    assert "https://verify.example.org" in text.replace("//", "//")


@pytest.mark.parametrize("language", ["en", "ar"])
def test_it_claims_both_standards_and_brings_what_they_ask_for(papers: Mapping[str, bytes], language: str) -> None:
    with pikepdf.open(io.BytesIO(papers[language])) as document:
        root = document.Root
        with document.open_metadata() as xmp:
            assert (xmp["pdfaid:part"], xmp["pdfaid:conformance"], xmp["pdfuaid:part"]) == ("3", "A", "1")
        assert str(root.Lang) == language
        assert bool(root.MarkInfo.Marked)
        assert bool(root.ViewerPreferences.DisplayDocTitle)
        assert str(root.OutputIntents[0].S) == "/GTS_PDFA1"
        figures = [element for element in elements(root.StructTreeRoot) if element.get("/S") == "/Figure"]
        assert len(figures) > 20
        assert all(str(figure.get("/Alt", "")).strip() for figure in figures)
        titles = [item.title for item in document.open_outline().root]
        assert len(titles) == 1 + 6 + 7 + 6
        chapter = document.open_outline().root[7]
        assert len(chapter.children) == 3
        field = root.AcroForm.Fields[0]
        assert str(field.FT) == "/Sig"
        assert str(field.TU)
        assert float(field.Rect[2]) - float(field.Rect[0]) > 200, "the field lies over the drawn seal"


def elements(node: Any) -> list[Any]:
    """All structure elements below a node."""
    found = []
    children = node.get("/K", [])
    for child in children if isinstance(children, pikepdf.Array) else [children]:
        if isinstance(child, pikepdf.Dictionary) and "/S" in child:
            found += [child, *elements(child)]
    return found


def test_the_field_of_the_seal_is_mirrored_in_arabic(papers: Mapping[str, bytes]) -> None:
    places = {}
    for language, paper in papers.items():
        with pikepdf.open(io.BytesIO(paper)) as document:
            places[language] = [float(number) for number in document.Root.AcroForm.Fields[0].Rect]
    assert places["en"][0] == pytest.approx(595.28 - places["ar"][2], abs=1)


def test_attachments_are_canonical_and_hold_no_names_of_people_or_files(papers: Mapping[str, bytes]) -> None:
    told = report()
    with pikepdf.open(io.BytesIO(papers["en"])) as document:
        files = {name: spec.get_file().read_bytes() for name, spec in document.attachments.items()}
        relations = {str(spec.obj.AFRelationship) for spec in document.attachments.values()}
        dates = {str(spec.get_file().obj.Params.CreationDate) for spec in document.attachments.values()}
    assert relations == {"/Data"}
    assert dates == {"D:20260618000000Z"}
    assert Scorecard.from_json(files["scorecard.json"]) == told.scorecard
    assert files["scorecard.json"] == told.scorecard.to_json()
    answers = AttachedAnswers.model_validate_json(files["answers.json"])
    assert answers.to_json() == files["answers.json"]
    assert len(answers.answers) == 20
    assert answers.for_scoring().keys() == answers.answers.keys()
    certificate = AttachedCertificate.model_validate_json(files["certificate.json"])
    assert (certificate.number, certificate.value) == (told.number, told.scorecard.headline.value)
    assert certificate.scorecard_sha256 == hashlib.sha256(files["scorecard.json"]).hexdigest()
    for name, kind in (("scorecard", "scorecard"), ("answers", "attached-answers"), ("certificate", "certificate")):
        schema = (SCHEMAS / f"{kind}.json").read_text()
        Draft202012Validator(json.loads(schema)).validate(json.loads(files[f"{name}.json"]))
    private = ("Maryam", "مريم", "Salim", "walk-1", "Suwaidi")
    assert not [word for word in private for data in files.values() if word.encode() in data]
    assert json.loads(files["answers.json"])["format"] == "itti-answers/1"


def test_draft_says_so_on_every_page_and_has_neither_number_nor_seal(draft: bytes) -> None:
    sheets = pdfium(draft)
    assert all("Draft" in sheet for sheet in sheets)
    assert all("not a certificate" in sheet for sheet in sheets)
    assert "ITTI-2026" not in "".join(sheets)
    with pikepdf.open(io.BytesIO(draft)) as document:
        assert "/AcroForm" not in document.Root


def test_draft_never_prints_a_number_even_when_it_is_given_one() -> None:
    text = page(report(Standing.DRAFT, number="ITTI-2026-000999"), itti(), "en")
    assert "000999" not in text


@pytest.mark.parametrize(("language", "words"), [("en", "not for real use"), ("ar", "وليس للاستخدام الفعلي")])
def test_demonstration_says_so_on_every_page(language: str, words: str) -> None:
    sheets = pdfium(render(report(Standing.DEMONSTRATION), itti(), language))
    assert [place for place, sheet in enumerate(sheets) if bare(words) not in bare(sheet)] == []


def test_certificate_without_what_it_has_to_state_is_refused() -> None:
    with pytest.raises(ReportIncomplete) as caught:
        render(report(number=None, reviewer=None), itti(), "en")
    assert caught.value.details["missing"] == "number, reviewer"


def test_certificate_over_open_answers_is_refused() -> None:
    with pytest.raises(ReportIncomplete, match=r"scorecard\.value"):
        render(report(levels=(3, 2)), itti(), "en")


def test_scorecard_of_another_definition_is_refused() -> None:
    with pytest.raises(DefinitionMismatch, match=r"itti@1\.0\.0"):
        render(report(), small(), "en")


def test_unknown_language_is_refused() -> None:
    with pytest.raises(LanguageUnknown, match="“de”"):
        render(report(), itti(), "de")


def test_unfinished_answers_give_a_draft_with_a_provisional_value() -> None:
    text = " ".join(poppler(render(report(Standing.DRAFT, levels=(3, 2)), itti(), "en")).split())
    assert "answers are missing, so no value is stated yet" in text
    assert "This dimension has not been answered yet" in text
    assert "Still possible" in text


@pytest.mark.parametrize("language", ["en", "ar"])
def test_any_definition_is_set_without_code_of_its_own(language: str) -> None:
    told = report(definition=small(), levels=(2, None, 1))
    text = poppler(render(told, small(), language))
    assert "Seen at 2" in text
    assert "small@1.0.0" in text
    assert {"en": "the lowest of its parts", "ar": "المتوسط المرجّح لأجزائه"}[language].split()[0] in text


@pytest.mark.parametrize(
    ("field", "changes"),
    [
        ("factory.name", {"factory": AssessedFactory(name="Factory 🏭")}),
        ("assessor.name", {"assessor": Party(name="สมชาย")}),
    ],
)
def test_signs_that_the_fonts_lack_are_named_with_their_field(field: str, changes: dict[str, object]) -> None:
    with pytest.raises(UnprintableSigns) as caught:
        render(Report.model_validate({**report().model_dump(), **changes}), itti(), "en")
    assert caught.value.details["field"] == field
    assert "U+" in str(caught.value.details["signs"])


def test_a_sign_that_slips_through_to_the_typesetter_is_a_fault(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("reports.signs.check", lambda _: None)
    with pytest.raises(UnprintableSigns, match="🏭"):
        render(report(factory=AssessedFactory(name="Factory 🏭")), itti(), "en")


HOSTILE = """</title><script>alert(1)</script><link rel=attachment href="file:///etc/passwd"><a rel=attachment \
href=/etc/passwd>x</a><img src=http://127.0.0.1:9/x>{{7*7}}{% raw %}</svg></style>"'&\u202egnp.exe\x07"""


def test_hostile_texts_come_out_as_text_and_do_nothing() -> None:
    told = report().model_dump()
    told["factory"].update(name=HOSTILE, region=HOSTILE, licence=HOSTILE)
    told["programme"]["name"] = HOSTILE
    told["answers"][0]["reason"] = HOSTILE
    told["answers"][1]["evidence"] = ({"file_name": HOSTILE, "sha256": "0" * 64},)
    told["number"] = "<b>1</b>"
    pdf = render(Report.model_validate(told), itti(), "en")
    with pikepdf.open(io.BytesIO(pdf)) as document:
        assert set(document.attachments) == {"scorecard.json", "answers.json", "certificate.json"}
    text = "".join(poppler(pdf).split())
    assert "<script>alert(1)</script>" in text
    assert "{{7*7}}" in text
    assert "root:" not in text
    assert "<b>1</b>" in text


PROBES = [
    '<link rel="attachment" href="file:///etc/passwd"/>',
    '<link rel="stylesheet" href="{}/a.css"/>',
    '<img src="{}/a.png"/>',
    '<img src="file:///etc/passwd"/>',
    '<style>@import url("{}/a.css");</style>',
    '<style>@font-face {{ font-family: x; src: url("{}/a.woff2") }} p {{ font-family: x }}</style><p>x</p>',
    '<p style="background: url({}/a.png)">x</p>',
    '<object data="{}/a.svg"></object>',
    '<embed src="{}/a.svg"/>',
    '<base href="{}/"/><img src="a.png"/>',
    '<a rel="attachment" href="{}/a.txt">x</a>',
    '<svg xmlns="http://www.w3.org/2000/svg"><image href="{}/a.png" width="9" height="9"/></svg>',
    '<svg xmlns="http://www.w3.org/2000/svg"><use href="{}/a.svg#b"/></svg>',
    '<img src="data:text/html,x"/>',
    '<ul style="list-style-image: url({}/a.png)"><li>x</li></ul>',
]


@functools.cache
def _hooked() -> list[list[str]]:
    """Where a hook of the interpreter notes what is opened, for who listens. A hook stays for ever: one for all.

    It is asked about everything the interpreter does, and has to say no at once where nobody listens.
    """
    listeners: list[list[str]] = []

    def hook(event: str, details: tuple[object, ...]) -> None:
        if not listeners:
            return
        if event in {"socket.connect", "socket.getaddrinfo", "urllib.Request"}:
            listeners[-1].append(f"{event} {details}")
        if event == "open" and "passwd" in str(details[0]):
            listeners[-1].append(str(details[0]))

    sys.addaudithook(hook)
    return listeners


@contextmanager
def _listening() -> Iterator[list[str]]:
    """The addresses, and the files of passwords, that are opened meanwhile."""
    opened: list[str] = []
    _hooked().append(opened)
    try:
        yield opened
    finally:
        _hooked().pop()


def test_what_is_opened_is_noticed() -> None:
    with _listening() as opened:
        Path("/etc/passwd").read_bytes()
        with contextlib.suppress(OSError):
            socket.create_connection(("127.0.0.1", 9), timeout=1).close()
    Path("/etc/passwd").read_bytes()
    assert [each.split()[0] for each in opened] == ["/etc/passwd", "socket.getaddrinfo", "socket.connect"]


@pytest.mark.parametrize("probe", PROBES)
def test_the_typesetter_opens_no_file_and_no_address(probe: str) -> None:
    """A hook of the interpreter counts every file and every address that is opened while the page is set."""
    from datetime import UTC, datetime

    from reports.errors import RenderingFailed
    from reports.typesetting import typeset

    refused = ""
    begins = '<html lang="en"><head><title>t</title></head><body><h1>t</h1>'
    html = f"{begins}{probe.format('http://127.0.0.1:9')}</body></html>"
    with _listening() as opened:
        try:
            result = typeset(html, {}, datetime(2026, 1, 1, tzinfo=UTC))
            assert b"EmbeddedFile" not in result.pdf
        except RenderingFailed as failed:
            refused = str(failed.details["reason"])
    assert opened == []
    assert "ParseError" not in refused, "the page was not even read"


SCRIPT = """
import sys, hashlib, os, time
sys.path.insert(0, sys.argv[1])
from tests.reports.papers import itti, report
from reports.render import render
def digest(language, zone):
    os.environ["TZ"] = zone
    time.tzset()
    return hashlib.sha256(render(report(), itti(), language)).hexdigest()
print([digest("en", "Asia/Dubai"), digest("ar", "America/Lima")])
"""


def test_same_bytes_with_other_hash_seeds_in_another_place_and_time_zone(
    papers: Mapping[str, bytes], folder: Path
) -> None:
    elsewhere = folder / "a path with spaces & <signs>"
    for room in ("questionnaires", "scoring", "reports"):
        shutil.copytree(ROOT / room, elsewhere / room, ignore=shutil.ignore_patterns("__pycache__"))
    (elsewhere / "tests").mkdir()
    (elsewhere / "tests" / "__init__.py").touch()
    shutil.copytree(ROOT / "tests" / "reports", elsewhere / "tests" / "reports")
    here = str([hashlib.sha256(papers[language]).hexdigest() for language in ("en", "ar")])
    environment = {**os.environ, "PYTHONHASHSEED": "1"}  # here it is another one
    done = subprocess.run(
        [sys.executable, "-c", SCRIPT, str(elsewhere)],
        capture_output=True,
        text=True,
        env=environment,
        cwd=folder,
        check=True,
    )
    assert done.stdout.strip() == here


def test_the_room_is_cheap_to_enter_and_lives_without_pango(folder: Path) -> None:
    stub = folder / "weasyprint"
    stub.mkdir()
    (stub / "__init__.py").write_text("raise OSError(\"cannot load library 'libpango-1.0-0': not found\")\n")
    script = """
import sys
sys.path[:0] = sys.argv[1:3]
import reports.render, reports.seal, reports.verify, reports.charts, reports.table
heavy = [name for name in ("weasyprint", "pikepdf", "pyhanko", "fontTools", "segno") if name in sys.modules]
assert heavy == [], heavy
from tests.reports.papers import itti, report
from reports.errors import PdfUnavailable
assert "<svg" in reports.charts.radar(itti(), report().scorecard, "en")
try:
    reports.render.render(report(), itti(), "en")
except PdfUnavailable as fault:
    print(fault.sentence("en"))
"""
    done = subprocess.run(
        [sys.executable, "-c", script, str(folder), str(ROOT)], capture_output=True, text=True, check=True
    )
    assert "libpango-1.0-0" in done.stdout


def test_dates_of_the_file_come_from_the_report(papers: Mapping[str, bytes]) -> None:
    later = render(report(issued_on=date(2026, 6, 19)), itti(), "en")
    assert later != papers["en"]
    with pikepdf.open(io.BytesIO(later)) as document:
        assert "20260619" in str(document.docinfo["/CreationDate"])
