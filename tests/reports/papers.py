"""Reports to set on paper: one from the published questionnaire, one from a small definition of our own."""

import hashlib
from datetime import date
from fractions import Fraction
from functools import cache

from questionnaires.loading import examples, load, read_file
from questionnaires.model import (
    Aggregation,
    Band,
    Child,
    Definition,
    LevelQuestion,
    LevelText,
    Node,
    Origin,
    QuestionText,
    Rounding,
    RoundingMode,
    Structure,
    Texts,
    Titled,
)
from reports.report import AnswerDetail, AssessedFactory, EvidenceItem, Party, Report, Standing
from scoring import Answer, LevelAnswer, NotApplicableAnswer, Scorecard, compile_plan, score
from scoring.sheet import read_sheet

ADDRESS = "https://verify.example.org/verify/ITTI-2026-000417"
LEVELS = (3, 2, 4, None, 1, 2, 3, 2, 0, 1, 5, 2, 3, 2, 2, 3, 2, 1, 2, 4)
"""Levels for the 20 dimensions of itti 1.0.0; the fourth one (which may not apply) does not apply."""


@cache
def itti() -> Definition:
    return load("itti", "1.0.0")


@cache
def small() -> Definition:
    """Two categories of two and one dimensions, levels 0 to 2, no bands, minimum in one category."""

    def question(title: str) -> QuestionText:
        levels = {
            str(level): LevelText(name=f"{title} {level}", description=f"Seen at {level}.", next=f"Step from {level}.")
            for level in range(3)
        }
        return QuestionText(title=title, about="About.", prompt="How?", levels=levels)

    def texts(language: str) -> Texts:
        return Texts(
            language=language,
            title="Small definition",
            short_title="Small",
            summary="Summary.",
            origin="Our own.",
            method="Counted.",
            limits="Small.",
            questions={name: question(name.title()) for name in ("one", "two", "three")},
            nodes={name: Titled(title=name.title(), about="About.") for name in ("left", "right", "whole")},
        )

    structure = Structure(
        family="small",
        version="1.0.0",
        origin=Origin.OWN,
        languages=("en", "ar"),
        rounding=Rounding(places=1, mode=RoundingMode.HALF_EVEN),
        index="whole",
        categories=("left", "right"),
        questions=tuple(LevelQuestion(kind="level", id=name, lowest=0, highest=2) for name in ("one", "two", "three")),
        nodes=(
            Node(id="left", aggregation=Aggregation.MINIMUM, children=(Child(of="one"), Child(of="two"))),
            Node(id="right", aggregation=Aggregation.MEAN, children=(Child(of="three"),)),
            Node(
                id="whole",
                aggregation=Aggregation.WEIGHTED_MEAN,
                children=(Child(of="left", weight=Fraction(2)), Child(of="right")),
            ),
        ),
    )
    return Definition.of(structure, {language: texts(language) for language in ("en", "ar")})


def banded() -> Band:
    return Band(id="low", lowest=Fraction(0))


def answers(definition: Definition, levels: tuple[int | None, ...]) -> dict[str, Answer]:
    """Answers in the definition's order; None is "does not apply"."""
    return {
        question.id: NotApplicableAnswer(reason="Packs to order.") if level is None else LevelAnswer(level=level)
        for question, level in zip(definition.questions, levels, strict=False)
    }


def scored(definition: Definition, given: dict[str, Answer]) -> Scorecard:
    return score(compile_plan(definition), given)


def report(
    standing: Standing = Standing.CERTIFICATE,
    *,
    definition: Definition | None = None,
    levels: tuple[int | None, ...] = LEVELS,
    **changes: object,
) -> Report:
    """A whole report; ``changes`` replace single facts."""
    definition = definition or itti()
    given = answers(definition, levels) if "scorecard" not in changes else {}
    draft = standing is Standing.DRAFT
    facts: dict[str, object] = {
        "standing": standing,
        "scorecard": changes.get("scorecard") or scored(definition, given),
        "factory": AssessedFactory(
            name="Al Waha Dates Packing",
            name_ar="الواحة لتعبئة التمور",
            licence="IL-2044-118",
            sector="food",
            region="Al Ain",
            employees=180,
        ),
        "answers": tuple(detail(name, answer, place) for place, (name, answer) in enumerate(given.items())),
        "programme": Party(name="Programme Office", name_ar="مكتب البرنامج"),
        "assessor": Party(name="Maryam Al Suwaidi", name_ar="مريم السويدي"),
        "assessor_body": Party(name="Gulf Assessors", name_ar="الخليج للتقييم"),
        "reviewer": None if draft else Party(name="Salim Darwish", name_ar="سليم درويش"),
        "reviewer_body": None if draft else Party(name="Emirates Review", name_ar="الإمارات للمراجعة"),
        "assessed_on": date(2026, 3, 11),
        "issued_on": None if draft else date(2026, 6, 18),
        "expires_on": None if draft else date(2029, 6, 17),
        "number": None if draft else "ITTI-2026-000417",
        "verify_url": None if draft else ADDRESS,
        "previous_value": "2.41",
        "previous_on": date(2024, 5, 30),
    }
    return Report.model_validate({**facts, **changes})


@cache
def green() -> tuple[Report, Definition]:
    """A certificate of another family, from one of its examples."""
    path = next(each for each in examples("green-factory", "2025.0.0") if each.stem == "board-assembly")
    definition = load("green-factory", "2025.0.0")
    sheet = read_sheet(read_file(path))
    given = {question: answer for question, entry in sheet.answers.items() if (answer := entry.answer()) is not None}
    reasons = tuple(
        AnswerDetail(question=question, answer=answer, reason=sheet.answers[question].reason)
        for question, answer in given.items()
    )
    return report(
        definition=definition, scorecard=scored(definition, given), answers=reasons, previous_value="58.00"
    ), definition


def detail(question: str, answer: Answer, place: int) -> AnswerDetail:
    """One answer with a reason, sometimes with a file and a self-assessment."""
    evidence = (EvidenceItem(file_name=f"walk-{place}.pdf", sha256=hashlib.sha256(question.encode()).hexdigest()),)
    if isinstance(answer, NotApplicableAnswer):
        return AnswerDetail(question=question, not_applicable=True, reason=answer.reason)
    reason = f"Seen on two shifts, place {place}."
    own = LevelAnswer(level=max(0, answer.level - place % 2)) if isinstance(answer, LevelAnswer) else answer
    seen = evidence if place % 2 else ()
    return AnswerDetail(question=question, answer=answer, reason=reason, evidence=seen, self_answer=own)
