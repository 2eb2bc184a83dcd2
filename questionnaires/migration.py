"""A migration as data: what becomes of the answers to one version in another version of the same family.

It lies as ``migration.yaml`` in the folder of the newer version::

    from: 1.0.0
    steps:
      - {step: kept, question: quality}
      - {step: renamed, question: it-security, to: cyber-security}
      - {step: split, question: energy, to: [energy-metering, {question: energy-targets, table: {0: 0, 1: 0, 2: 1}}]}
      - {step: merged, questions: [stock, transport], to: logistics, rule: minimum}
      - {step: rescaled, question: maintenance, table: {0: 0, 1: 1, 2: 3, 3: null}}
      - {step: dropped, questions: [fax], reason: {en: Nobody has one., ar: لم يعد أحد يستخدمه.}}

Steps name what is asked of the items of a list as any question; they carry every item's answer, and what is asked of
items goes only to what the list that takes over the items asks.

Questions that are identical in both versions are kept without being mentioned. A new question that no step names
begins unanswered. What must hold between a migration and its two versions is checked by
:mod:`questionnaires.migration_checks`; answers are carried by :mod:`questionnaires.upgrading`.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Annotated, Any, Final, Literal

from pydantic import BeforeValidator, Field

from questionnaires.belonging import around, members
from questionnaires.model import Definition, Question
from questionnaires.words import Exact, Identifier, LanguageCode, Rounding, Sentence, VersionNumber, Word

FILE_NAME: Final = "migration.yaml"
"""Name of the migration in the folder of the newer version."""


class Linear(Word):
    """New number = old number × ``factor`` + ``plus``, rounded as declared; nothing is clamped to the new scale."""

    factor: Exact
    """What the old number is multiplied by, such as 1000 from MWh to kWh."""

    plus: Exact = Field(default=0, validate_default=True)
    """What is added then."""

    rounding: Rounding | None = None
    """How the new number is rounded; none: it is not. A level that may come out as a fraction needs one."""


Whole = Annotated[int, Field(strict=True)]
"""A level; a truth is none."""


class Rescaling(Word):
    """How an old answer becomes a new one; without any of the keys it stays what it is."""

    table: Annotated[Mapping[str, Whole | str | None], Field(min_length=1)] | None = None
    """Old answer → new answer: a level, an option, ``yes`` or ``no``. Every old answer is listed; null: it has no
    place and the question must be looked at again. For a choice of several and a grid: old option → new option."""

    rows: Mapping[Identifier, Identifier | None] | None = None
    """Old row → new row of a grid, every old row listed; null: the row is asked no more. Without it rows keep their
    ids."""

    linear: Linear | None = None
    """Old level or number → new one, by a line."""

    @property
    def changes_nothing(self) -> bool:
        """Whether the answer stays what it is."""
        return self.table is None and self.rows is None and self.linear is None


class Part(Rescaling):
    """One of the questions that a split question becomes; its bare id where the answer stays what it is."""

    question: Identifier
    """The new question."""


class _Step(Word):
    look_again: bool = False
    """True: a person must look at what comes out, even where the rule has a place for it."""

    note: Mapping[LanguageCode, Sentence] = {}
    """Why, for people."""


class Kept(_Step):
    """The same question with the same meaning, though its definition is not identical."""

    step: Literal["kept"]
    question: Identifier
    """Its id in both versions."""


class Renamed(_Step):
    """The same question under another id."""

    step: Literal["renamed"]
    question: Identifier
    """Its old id."""

    to: Identifier
    """Its new id."""


class Rescaled(Rescaling, _Step):
    """The same question on another scale, or of another kind."""

    step: Literal["rescaled"]
    question: Identifier
    """Its old id."""

    to: Identifier | None = None
    """Its new id; none: it keeps the old one."""


def _bare(value: object) -> object:
    return {"question": value} if isinstance(value, str) else value


class Split(_Step):
    """One question becomes several; each gets the answer, by a rule of its own where it names one."""

    step: Literal["split"]
    question: Identifier
    """The old question."""

    to: Annotated[tuple[Annotated[Part, BeforeValidator(_bare)], ...], Field(min_length=2)]
    """The new questions, two or more."""

    look_again: bool = True


class MergeRule(StrEnum):
    """How several old answers become one."""

    MINIMUM = "minimum"
    """The least of them; for yes and no: yes if all are; for dates: the earliest."""

    MAXIMUM = "maximum"
    """The greatest of them; for yes and no: yes if any is; for dates: the latest."""

    MEAN = "mean"
    """Their mean, rounded as declared."""


class Merged(_Step):
    """Several questions become one."""

    step: Literal["merged"]
    questions: Annotated[tuple[Identifier, ...], Field(min_length=2)]
    """The old questions, two or more: all yes or no, all dates, or levels and numbers in the same unit."""

    to: Identifier
    """The new question."""

    rule: MergeRule
    """What becomes of their answers; while one of them is open, so is the new one."""

    rounding: Rounding | None = None
    """How a mean is rounded; a mean needs it."""


class Dropped(_Step):
    """Questions that the new version asks no more."""

    step: Literal["dropped"]
    questions: Annotated[tuple[Identifier, ...], Field(min_length=1)]
    """The old questions."""

    reason: Annotated[Mapping[LanguageCode, Sentence], Field(min_length=1)]
    """Why, for people, in every language of the new version."""


MigrationStep = Annotated[Kept | Renamed | Rescaled | Split | Merged | Dropped, Field(discriminator="step")]
"""What becomes of one or several old questions."""


class Migration(Word):
    """What becomes of all answers to an older version of the same family."""

    source: Annotated[VersionNumber, Field(alias="from")]
    """The older version."""

    steps: tuple[MigrationStep, ...] = ()
    """What becomes of each question that is not identical in both versions; their order does not matter."""


def sources_of(step: MigrationStep) -> tuple[str, ...]:
    """The old questions of a step."""
    return step.questions if isinstance(step, (Merged, Dropped)) else (step.question,)


def parts_of(step: MigrationStep) -> tuple[Part, ...]:
    """The new questions of a step, each with the rule by which it gets its answer."""
    match step:
        case Kept():
            return (_part(step.question),)
        case Renamed() | Merged():
            return (_part(step.to),)
        case Rescaled():
            target = step.to or step.question
            return (_part(target, step),)
        case Split():
            return step.to
        case _:
            return ()


def _part(question: str, rule: Rescaling | None = None) -> Part:
    """A part of a step that was read already; its question may be that of an item."""
    rule = rule or Rescaling()
    return Part.model_construct(question=question, table=rule.table, rows=rule.rows, linear=rule.linear)


def identical(old: Question, new: Question) -> bool:
    """Whether two questions ask and accept the same and count the same: sources, order and wording aside."""
    return _essence(old) == _essence(new)


def _essence(question: Question) -> dict[str, Any]:
    plain = question.model_dump(exclude={"sources"})
    for part in ("options", "rows"):
        if part in plain:
            plain[part] = sorted(plain[part], key=lambda thing: str(thing["id"]))
    return plain


def whole(migration: Migration, old: Definition, new: Definition) -> tuple[MigrationStep, ...]:
    """All steps, those for identical questions that are not mentioned included, in the order of the old version."""
    mentioned = {identifier for step in migration.steps for identifier in sources_of(step)}
    taken = {part.question for step in migration.steps for part in parts_of(step)}
    places = {question.id: place for place, question in enumerate(old.questions)}
    listed, listed_now = members(old), members(new)
    implied: list[MigrationStep] = []
    for question in old.questions:
        same = new.question(question.id)
        if question.kind == "computed" or question.id in mentioned | taken or same is None:
            continue
        if identical(question, same) and around(listed.get(question.id), listed) == around(
            listed_now.get(question.id), listed_now
        ):
            implied.append(Kept(step="kept", question=question.id))
    return tuple(sorted([*migration.steps, *implied], key=lambda step: min(places[of] for of in sources_of(step))))


def inverted(migration: Migration, of: str) -> Migration | None:
    """The migration back from version ``of``, or None where something is lost on the way."""
    back: list[MigrationStep] = []
    for step in migration.steps:
        match step:
            case Kept():
                back.append(step)
            case Renamed():
                back.append(Renamed(step="renamed", question=step.to, to=step.question))
            case Rescaled(table=table) if table is not None and step.linear is None:
                turned = {str(new): old for old, new in table.items() if new is not None}
                if len(turned) < len(table):
                    return None
                rows = None if step.rows is None else {new: old for old, new in step.rows.items() if new is not None}
                if rows is not None and len(rows) < len(step.rows or {}):
                    return None
                target = step.to or step.question
                back.append(
                    Rescaled(step="rescaled", question=target, to=step.question, table=_typed(turned), rows=rows)
                )
            case _:
                return None
    return Migration(source=of, steps=tuple(back))


def _typed(table: Mapping[str, str]) -> dict[str, int | str | None]:
    return {old: int(new) if new.isdecimal() else new for old, new in table.items()}
