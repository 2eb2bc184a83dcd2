"""Measures as a file: what could be done, what it changes, costs and takes, and the budgets of the periods.

A programme or a factory writes such a file beside its answers; :mod:`scoring.roadmap` finds the plan that gains most::

    questionnaire: itti
    version: 2.0.0
    periods: [2027 first half, 2027 second half, "2028"]
    budgets:
      cost: [100000, 50000, 50000]
    measures:
      - id: maintenance-software
        title: Maintenance software for the machines of both lines
        changes:
          maintenance-plan: {from: 1, to: 3}
        cost: 60000
        takes: 2

``from`` is the answer that the measure starts from: today's, or what another measure leads to; without it, today's.
Answers are written as in a sheet (:mod:`scoring.sheet`): a bare whole number is a level.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Annotated, Final, Literal

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field

from questionnaires.loading import fit
from questionnaires.mistakes import Mistake, Mistaken
from questionnaires.model import Identifier, VersionNumber
from questionnaires.places import Document, Path
from questionnaires.words import Exact
from scoring.answers import Answer, Answers, NotApplicableAnswer
from scoring.checking import check_answer
from scoring.errors import AnswerFault
from scoring.plan import Plan
from scoring.sheet import SheetAnswer, as_sheet_answer, sound

MEASURES_FORMAT: Final = "itti-measures/1"
MOST_MEASURES: Final = 200
MOST_PERIODS: Final = 40

_Answer = Annotated[SheetAnswer, BeforeValidator(as_sheet_answer), AfterValidator(sound)]
_Amount = Annotated[Exact, Field(ge=0)]


class _Closed(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)


class ChangeEntry(_Closed):
    """What a measure makes of one answer."""

    before: Annotated[_Answer | None, Field(alias="from")] = None
    """The answer it starts from: today's, or what another measure leads to. None: today's."""

    after: Annotated[_Answer, Field(alias="to")]
    """The answer it leads to."""


class MeasureEntry(_Closed):
    """Something that could be done."""

    id: Identifier
    title: Annotated[str, Field(min_length=1, max_length=300, strict=True)]
    title_ar: Annotated[str, Field(max_length=300)] | None = None
    changes: Annotated[Mapping[Identifier, ChangeEntry], Field(min_length=1, max_length=100)]
    """Question → what becomes of its answer when the measure is finished."""

    cost: _Amount = Fraction(0)
    """Money in all, spread evenly over the periods it takes."""

    effort: _Amount = Fraction(0)
    """Work in all (person days, say), spread evenly over the periods it takes."""

    takes: Annotated[int, Field(ge=1, le=MOST_PERIODS)] = 1
    """Number of periods from its start to its finish."""

    after: tuple[Identifier, ...] = ()
    """Measures that have to be finished before this one starts."""

    excludes: tuple[Identifier, ...] = ()
    """Measures that cannot be in one plan with this one."""


class Budgets(_Closed):
    """What each period can spend; what is left over does not pass on to the next. None: no limit."""

    cost: Annotated[tuple[_Amount, ...], Field(max_length=MOST_PERIODS)] | None = None
    effort: Annotated[tuple[_Amount, ...], Field(max_length=MOST_PERIODS)] | None = None


class MeasuresFile(_Closed):
    """A whole file of measures."""

    format: Literal["itti-measures/1"] = MEASURES_FORMAT
    questionnaire: Identifier
    version: VersionNumber
    periods: Annotated[
        tuple[Annotated[str, Field(min_length=1, max_length=60)], ...], Field(min_length=1, max_length=MOST_PERIODS)
    ]
    """Names of the periods, the next one first; the end of the last one is the horizon."""

    budgets: Budgets = Budgets()
    measures: Annotated[tuple[MeasureEntry, ...], Field(min_length=1, max_length=MOST_MEASURES)]


@dataclass(frozen=True, slots=True)
class Change:
    """What a measure makes of one answer."""

    question: str
    before: Answer
    after: Answer


@dataclass(frozen=True, slots=True)
class Measure:
    """A measure that fits the questionnaire and the answers there are."""

    id: str
    changes: tuple[Change, ...]
    cost: Fraction
    effort: Fraction
    takes: int
    after: tuple[str, ...]
    excludes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Programme:
    """Checked measures, in the order of the file, with periods and budgets."""

    periods: tuple[str, ...]
    cost: tuple[Fraction, ...] | None
    effort: tuple[Fraction, ...] | None
    measures: tuple[Measure, ...]


@dataclass(frozen=True)
class AnswerMistake(Mistake):
    """An answer of a measure that the questionnaire refuses."""

    fault: AnswerFault | None = None

    def sentence(self, language: str = "en") -> str:
        """What the questionnaire says of the answer."""
        return self.fault.sentence(language) if self.fault is not None else super().sentence(language)


def key_of(answer: Answer) -> tuple[str, str]:
    """What makes two answers the same."""
    return type(answer).__name__, answer.text


def read_measures(document: Document) -> MeasuresFile:
    """The measures a document holds, not yet checked against a questionnaire.

    Raises:
        Mistaken: every place of the document that is not as it must be.
    """
    found = fit(MeasuresFile, document)
    if found is None or document.mistakes:
        raise Mistaken(document.mistakes)
    return found


def programme(found: MeasuresFile, document: Document, plan: Plan, answers: Answers) -> Programme:
    """The measures as they apply to these answers.

    Raises:
        Mistaken: every measure that does not fit the questionnaire, the answers or the other measures.
    """
    checking = _Checking(found, document, plan, answers)
    if mistakes := list(checking.mistakes()):
        raise Mistaken(mistakes)
    measures = tuple(
        Measure(
            id=entry.id,
            changes=tuple(checking.change(question, change) for question, change in entry.changes.items()),
            cost=entry.cost,
            effort=entry.effort,
            takes=entry.takes,
            after=entry.after,
            excludes=entry.excludes,
        )
        for entry in found.measures
    )
    return Programme(found.periods, found.budgets.cost, found.budgets.effort, measures)


class _Checking:
    """What must hold between measures, questionnaire and answers."""

    def __init__(self, found: MeasuresFile, document: Document, plan: Plan, answers: Answers) -> None:
        self.found, self.document, self.plan, self.answers = found, document, plan, answers

    def change(self, question: str, entry: ChangeEntry) -> Change:
        """The change, with today's answer where it names none."""
        before = entry.before.answer() if entry.before is not None else None
        after = entry.after.answer()
        if after is None:
            raise TypeError(f"no answer: {question}")
        return Change(question, before or self.answers[question], after)

    def mistakes(self) -> Iterator[Mistake]:
        """All of them, in the order of the file."""
        name = f"{self.plan.family}@{self.plan.version}"
        if f"{self.found.questionnaire}@{self.found.version}" != name:
            stated = f"{self.found.questionnaire}@{self.found.version}"
            yield self._mistake("measures-questionnaire", ("questionnaire",), stated=stated, expected=name)
            return
        for kind in ("cost", "effort"):
            budget = getattr(self.found.budgets, kind)
            if budget is not None and len(budget) != len(self.found.periods):
                yield self._mistake(
                    "budget-periods", ("budgets", kind), found=len(budget), expected=len(self.found.periods)
                )
        counts = Counter(entry.id for entry in self.found.measures)
        for place, entry in enumerate(self.found.measures):
            here: Path = ("measures", place)
            if counts[entry.id] > 1:
                yield self._mistake("measure-twice", (*here, "id"), id=entry.id)
            for kind in ("after", "excludes"):
                for number, other in enumerate(getattr(entry, kind)):
                    if other not in counts or other == entry.id:
                        yield self._mistake("measure-unknown", (*here, kind, number), id=other)
            for question, change in entry.changes.items():
                yield from self._change(question, change, (*here, "changes", question))
        yield from self._circles()

    def _change(self, question: str, entry: ChangeEntry, here: Path) -> Iterator[Mistake]:
        answers = [("from", entry.before), ("to", entry.after)]
        sound_so_far = True
        for key, written in answers:
            if written is None:
                continue
            answer = written.answer()
            if answer is None or isinstance(answer, NotApplicableAnswer):
                sound_so_far = False
                yield self._mistake("measure-no-answer", (*here, key), question=question)
            elif fault := check_answer(self.plan, question, answer):
                sound_so_far = False
                at = self.document.mistake(fault.code, (*here, key))
                yield AnswerMistake(at.file, at.line, at.path, at.code, {}, "scoring", fault)
        if not sound_so_far:
            return
        today = self.answers.get(question)
        if today is None:
            yield self._mistake("measure-unanswered", here, question=question)
            return
        change = self.change(question, entry)
        if key_of(change.after) in {key_of(change.before), key_of(today)}:
            yield self._mistake("measure-nothing", (*here, "to"), question=question)
        elif key_of(change.before) not in {key_of(today), *self._led_to(question)}:
            yield self._mistake("measure-nowhere", (*here, "from"), question=question, today=today.text or "–")

    def _led_to(self, question: str) -> set[tuple[str, str]]:
        entries = (entry.changes[question].after for entry in self.found.measures if question in entry.changes)
        return {key_of(answer) for answer in (entry.answer() for entry in entries) if answer is not None}

    def _circles(self) -> Iterator[Mistake]:
        """Measures that wait for each other."""
        waiting = {entry.id: set(entry.after) for entry in self.found.measures}
        while ready := {name for name, others in waiting.items() if not others & waiting.keys()}:
            waiting = {name: others for name, others in waiting.items() if name not in ready}
        for place, entry in enumerate(self.found.measures):
            if entry.id in waiting and entry.id not in entry.after:
                yield self._mistake("measure-circle", ("measures", place, "after"), id=entry.id)

    def _mistake(self, code: str, path: Path, **details: object) -> Mistake:
        at = self.document.mistake(code, path)
        return Mistake(at.file, at.line, at.path, code, details, "scoring")
