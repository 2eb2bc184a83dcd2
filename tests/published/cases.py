"""What a file of cases says: answers with their source, and the results that have to come out.

A case lies in ``<model>/cases.yaml``::

    cases:
      - id: now
        grade: PUB
        source: Where the figures stand.
        answers: {question: {level: 3}}
        nodes: {overall: "1.48", smart-operations: {value: "1", band: beginner}}
        questions: {income: {worth: "0.5506"}}

Grades: ``PUB`` inputs and outputs are both published; ``EXE`` the publisher's own tool gave the outputs; ``RULE`` the
rule is published and the case was composed from it, with the arithmetic in the note; ``REC`` inputs, or the rule's
figures, were written from memory and have to be read again in the source before anybody relies on them.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from fractions import Fraction
from functools import cache
from pathlib import Path
from typing import Annotated, Any, Final

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from questionnaires.loading import fit, load_folder, read_file
from questionnaires.mistakes import Mistaken
from questionnaires.words import exact_number
from scoring import Plan, State, Why, compile_plan
from scoring.answers import Answer
from scoring.cohort import Placed, rank
from scoring.ranking import Among
from scoring.sample import figures_of
from scoring.sheet import AnswerSheet

HERE: Final = Path(__file__).parent


class Grade(StrEnum):
    """Where the figures of a case come from."""

    PUBLISHED = "PUB"
    EXECUTED = "EXE"
    RULE = "RULE"
    RECALLED = "REC"


def _text(value: object) -> object:
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else value


Printed = Annotated[str, BeforeValidator(_text), Field(pattern=r"^-?\d+(\.\d+)?$")]
"""A number as it was printed; the digits after its point are its precision."""


class _Closed(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Wanted(_Closed):
    """What has to come out for one question or node; what is not said is not compared."""

    value: Printed | None = None
    """The stated (rounded) value, to the letter."""

    printed: Printed | None = None
    """The exact value as the source printed it: right within half a unit of the last printed place."""

    within: Annotated[Fraction, BeforeValidator(exact_number)] | None = None
    """A wider tolerance for ``printed``, where the source computed from rounded figures."""

    band: str | None = None
    stage: str | None = None
    state: State | None = None
    why: Why | None = None
    fired: tuple[str, ...] | None = None
    """Ids of the rules that fired, in their order; ``[]``: none did."""

    lowest: Printed | None = None
    highest: Printed | None = None
    """Bounds of what is still possible."""

    @property
    def tolerance(self) -> Fraction:
        """How far the exact value may be from ``printed``."""
        if self.within is not None:
            return self.within
        _, _, places = (self.printed or "").partition(".")
        return Fraction(1, 2 * 10 ** len(places))


def _wanted(value: object) -> object:
    """A bare number is the stated value."""
    value = _text(value)
    return {"value": value} if isinstance(value, str) else value


Expected = Annotated[Wanted, BeforeValidator(_wanted)]


class Ranked(_Closed):
    """Where a member of a cohort has to stand in a ranking."""

    rank: int | None = None
    """None: it is compared with nobody."""

    place: str | None = None
    over: tuple[str, ...] | None = None
    """What those have in common among whom it is ranked, where the ranking goes by facts."""


class Case(_Closed):
    """One set of answers with what it has to give."""

    id: Annotated[str, Field(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$")]
    grade: Grade
    source: Annotated[str, Field(min_length=1)]
    note: str = ""
    """The arithmetic, and what the source rounded on the way."""

    answers: Mapping[str, Any]
    """In the form of an answer sheet."""

    cohort: tuple[Mapping[str, Any], ...] = ()
    """Answers of all members of the cohort whose figures the score is worked out with, where the model takes any."""

    ranks: Mapping[str, tuple[Ranked, ...]] = {}
    """Ranking → where each member of the cohort has to stand, in their order."""

    nodes: Mapping[str, Expected] = {}
    questions: Mapping[str, Expected] = {}
    """``value``: the number measured or computed; ``printed``: what it is worth."""


class _Cases(_Closed):
    cases: Annotated[tuple[Case, ...], Field(min_length=1)]


MODELS: Final = tuple(sorted(path.parent.name for path in HERE.glob("*/definition.yaml")))
"""Names of all folders that hold a model."""


def cases_of(model: str) -> tuple[Case, ...]:
    """All cases of a model.

    Raises:
        Mistaken: the file of cases is not as it must be.
    """
    document = read_file(HERE / model / "cases.yaml")
    found = fit(_Cases, document)
    if found is None or document.mistakes:
        raise Mistaken(document.mistakes)
    return found.cases


@cache
def plan_of(model: str) -> Plan:
    """The plan of a model; loading it names every mistake of its files."""
    return compile_plan(load_folder(HERE / model))


def sheet_of(plan: Plan, answers: Mapping[str, Any]) -> AnswerSheet:
    """Answers to a model as a sheet."""
    return AnswerSheet.model_validate({"questionnaire": plan.family, "version": plan.version, "answers": answers})


def answers_of(model: str, case: Case) -> dict[str, Answer]:
    """The answers of a case."""
    return sheet_of(plan_of(model), case.answers).given()


def plan_for(model: str, case: Case) -> Plan:
    """The plan that a case is scored by: with the figures of its cohort where it has one."""
    plan = plan_of(model)
    if not case.cohort:
        return plan
    definition = load_folder(HERE / model)
    return compile_plan(definition, figures_of(definition, plan, members_of(model, case)))


def members_of(model: str, case: Case) -> dict[str, dict[str, Answer]]:
    """The answers of all members of the cohort of a case, by names in their order."""
    plan = plan_of(model)
    return {f"m{number:03}": sheet_of(plan, answers).given() for number, answers in enumerate(case.cohort)}


def ranks_of(model: str, case: Case, ranking: str) -> tuple[Ranked, ...]:
    """Where each member of the cohort of a case stands, in their order."""
    found = rank(load_folder(HERE / model), plan_for(model, case), ranking, members_of(model, case))
    return tuple(
        Ranked(rank=each.rank, place=each.place, over=_shared(each.among)) for each in sorted(found, key=_member)
    )


def _member(placed: Placed) -> str:
    return placed.member


def _shared(among: Among | None) -> tuple[str, ...] | None:
    over = None if among is None else among.over
    return None if over is None else tuple(each or "" for each in over)
