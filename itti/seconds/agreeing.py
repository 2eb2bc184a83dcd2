"""How far first and second assessments agree: figures over all pairs of a family, each as it was first submitted.

What the first assessor changed after a review is not compared: the review would agree with itself. None of the figures
is part of a score or a certificate.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, Final
from uuid import UUID

from sqlmodel import Session, col, select

from itti.accounts.roles import require
from itti.accounts.tables import Role, User
from itti.acts import Act
from itti.assessments import library
from itti.review.tables import ContentMoment, FixedContent
from itti.seconds.pairs import Agreement, Compared, Pair
from itti.seconds.service import listed
from questionnaires.model import LevelQuestion
from scoring.canonical import canonical

FIRST: Final = "first"
SECOND: Final = "second"

Given = Mapping[str, Any]


@dataclass(frozen=True)
class _Both:
    """The answers of one pair: question → what was given."""

    name: str
    version: str
    first: Mapping[str, Given]
    second: Mapping[str, Given]
    assessors: tuple[UUID, UUID]


def agreements(session: Session, act: Act) -> list[Agreement]:
    """The figures of every family with complete pairs, by family. Programme office.

    Raises:
        SignInNeeded, WrongRole: not for this person.
    """
    require(act, Role.PROGRAMME)
    complete = [pair for pair in listed(session, act) if pair.is_complete]
    found: dict[str, list[_Both]] = {}
    for each in complete:
        if (both := _both(session, each)) is not None:
            found.setdefault(each.first.family, []).append(both)
    people = {person for rows in found.values() for both in rows for person in both.assessors}
    names = {each.id: each for each in session.exec(select(User).where(col(User.id).in_(people))).all()}
    return [Agreement(family, len(found[family]), _kinds(family, found[family], names)) for family in sorted(found)]


def _both(session: Session, pair: Pair) -> _Both | None:
    """The answers as both first submitted them; None: submitted before contents were kept."""
    assert pair.second is not None  # noqa: S101 - it is complete
    given = [_submitted(session, each.id) for each in (pair.first, pair.second)]
    if given[0] is None or given[1] is None:
        return None
    return _Both(
        str(pair.first.id),
        pair.first.definition_version,
        given[0][0],
        given[1][0],
        (given[0][1] or pair.first.assessor_id, given[1][1] or pair.second.assessor_id),
    )


def _submitted(session: Session, assessment: UUID) -> tuple[Mapping[str, Given], UUID | None] | None:
    """What was answered when an assessment was submitted for the first time, and by whom it was."""
    statement = (
        select(FixedContent)
        .where(FixedContent.assessment_id == assessment, FixedContent.moment == ContentMoment.SUBMITTED)
        .order_by(col(FixedContent.at))
        .limit(1)
    )
    fixed = session.exec(statement).one_or_none()
    if fixed is None:
        return None
    answers = json.loads(fixed.manifest)["answers"]
    return {name: each["given"] for name, each in answers.items() if each["given"]}, fixed.fixed_by


def _kinds(family: str, rows: Sequence[_Both], names: Mapping[UUID, User]) -> tuple[Compared, ...]:
    scales = sorted({
        (question.lowest, question.highest)
        for both in rows
        for question in library.questionnaire(family, both.version).definition.questions
        if isinstance(question, LevelQuestion)
    })  # fmt: skip
    kinds = [_levels(family, rows, scale, names) for scale in scales]
    kinds.append(_same("applies", rows, _applies))
    kinds.append(_same("others", rows, _other))
    return tuple(each for each in kinds if each.rated)


def _levels(family: str, rows: Sequence[_Both], scale: tuple[int, int], names: Mapping[UUID, User]) -> Compared:
    from scoring import agreement as by  # noqa: PLC0415 - loads NumPy, which no other page needs

    ratings: dict[str, dict[str, Fraction]] = {FIRST: {}, SECOND: {}}
    people: dict[str, dict[str, Fraction]] = {}
    for both in rows:
        definition = library.questionnaire(family, both.version).definition
        for name in sorted(both.first.keys() & both.second.keys()):
            asked = definition.question(name.rpartition(".")[2])
            if not isinstance(asked, LevelQuestion) or (asked.lowest, asked.highest) != scale:
                continue
            given = both.first[name], both.second[name]
            if not all("level" in each for each in given):
                continue
            for role, person, answer in zip((FIRST, SECOND), both.assessors, given, strict=True):
                level = int(answer["level"])
                ratings[role][f"{both.name}/{name}"] = Fraction(level)
                people.setdefault(str(person), {})[f"{both.name}/{name}"] = Fraction(level)
    if not ratings[FIRST]:
        return Compared(scale, 0, {})
    table_levels = [Fraction(level) for level in range(scale[0], scale[1] + 1)]
    counts = by.counts_of(ratings, table_levels)
    table = by.table_of(ratings[FIRST], ratings[SECOND], table_levels)
    correlations = by.intraclass_correlations(ratings)
    figures = {
        "raw": by.raw_agreement(counts),
        **{f"kappa-{each.value}": by.cohen_kappa(table, each) for each in by.Weighting},
        "alpha": by.krippendorff_alpha(ratings, by.Scale.ORDINAL),
        "icc-agreement": correlations[by.IntraclassForm.AGREEMENT],
        "icc-consistency": correlations[by.IntraclassForm.CONSISTENCY],
    }
    lenient = by.leniencies(people, visit=lambda subject: subject.partition("/")[0]) if len(people) > 1 else ()
    return Compared(scale, len(ratings[FIRST]), figures, tuple((names[UUID(each.rater)], each) for each in lenient))


def _same(name: str, rows: Sequence[_Both], of: Callable[[_Both, str], tuple[str, str] | None]) -> Compared:
    """Raw agreement alone: what differs from question to question has no common chance to agree."""
    from scoring.agreement import counts_of, raw_agreement  # noqa: PLC0415

    known: dict[str, Fraction] = {}
    ratings: dict[str, dict[str, Fraction]] = {FIRST: {}, SECOND: {}}
    for both in rows:
        for question in sorted(both.first.keys() & both.second.keys()):
            said = of(both, question)
            if said is not None:
                for role, text in zip((FIRST, SECOND), said, strict=True):
                    ratings[role][f"{both.name}/{question}"] = known.setdefault(text, Fraction(len(known)))
    rated = len(ratings[FIRST])
    return Compared(None, rated, {name: raw_agreement(counts_of(ratings))} if rated else {})


def _applies(both: _Both, name: str) -> tuple[str, str] | None:
    """Whether the question was said to apply."""
    first, second = (str("not_applicable" in given[name]) for given in (both.first, both.second))
    return first, second


def _other(both: _Both, name: str) -> tuple[str, str] | None:
    """Answers without levels, as they stand."""
    given = both.first[name], both.second[name]
    if any("level" in each or "not_applicable" in each for each in given):
        return None
    return canonical(dict(given[0])).decode(), canonical(dict(given[1])).decode()
