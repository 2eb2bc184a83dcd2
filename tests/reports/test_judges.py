"""What tools that others wrote say of our papers, after sealing."""

from collections.abc import Mapping
from pathlib import Path

import pytest

from questionnaires.model import Definition
from reports.render import render
from reports.report import Form, Report, Standing
from reports.seal import Sealer, seal
from scoring import Answer, LevelAnswer
from tests.judges.standards import verapdf
from tests.reports.beside import whole
from tests.reports.conftest import AT
from tests.reports.papers import itti, report, small
from tests.reports.recording import record_of
from tests.reports.shapes import every_word, every_word_answers, many, points, points_answers, told

pytestmark = pytest.mark.judge


@pytest.mark.parametrize("language", ["en", "ar"])
@pytest.mark.parametrize("flavour", ["3a", "ua1"])
def test_sealed_certificate_keeps_both_standards(
    whole_papers: Mapping[str, bytes], sealer: Sealer, folder: Path, language: str, flavour: str
) -> None:
    """With everything that may stand beside the score on it."""
    path = folder / f"certificate-{language}.pdf"
    path.write_bytes(seal(whole_papers[language], sealer, reason="Certificate issued", at=AT))
    verdict = verapdf(path, "3a" if flavour == "3a" else "ua1")
    assert verdict.passed, verdict
    assert verdict.checks > 1000


def test_drafts_short_ones_and_other_definitions_keep_them_too(draft: bytes, sealer: Sealer, folder: Path) -> None:
    unfinished = render(report(Standing.DRAFT, levels=(3, 2)), itti(), "ar")
    other = render(report(Standing.DEMONSTRATION, definition=small(), levels=(2, None, 1)), small(), "ar")
    invisible = seal(draft, sealer, reason="Archived", at=AT)
    with_credential = render(whole(credential="header.claims.signature"), itti(), "ar", form=Form.SHORT)
    short = seal(with_credential, sealer, reason="Issued", at=AT)
    every = {"draft": draft, "unfinished": unfinished, "other": other, "invisible": invisible, "short": short}
    for name, paper in every.items():
        path = folder / f"{name}.pdf"
        path.write_bytes(paper)
        for flavour in ("3a", "ua1"):
            verdict = verapdf(path, "3a" if flavour == "3a" else "ua1")
            assert verdict.passed, verdict


def _with_record(report: Report, definition: Definition, language: str) -> bytes:
    return render(report, definition, language, record=record_of(report))


@pytest.mark.parametrize(("language", "other"), [("en", "points"), ("ar", "many")])
def test_definitions_of_every_shape_keep_them_too(sealer: Sealer, folder: Path, language: str, other: str) -> None:
    """Every word in both languages; the other shapes, made of words that are among them, in one each.

    All with a proof from the record of acts inside.
    """
    shapes: dict[str, tuple[Definition, dict[str, Answer]]] = {
        "points": (points(), points_answers()),
        "every-word": (every_word(), every_word_answers()),
        "many": (many(3, 4), {question.id: LevelAnswer(level=2) for question in many(3, 4).questions}),
    }
    for name in ("every-word", other):
        definition, given = shapes[name]
        path = folder / f"{name}.pdf"
        paper = _with_record(told(definition, given, Standing.DEMONSTRATION), definition, language)
        path.write_bytes(seal(paper, sealer, reason="Issued", at=AT))
        for flavour in ("3a", "ua1"):
            verdict = verapdf(path, "3a" if flavour == "3a" else "ua1")
            assert verdict.passed, verdict
