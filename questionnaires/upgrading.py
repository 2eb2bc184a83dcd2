"""Answers carried from one version to another, shown whole before anything happens.

:func:`preview` is a pure function: it changes neither the old answers nor anything else. Every old answer is in
exactly one :class:`Passage`; nothing is clamped, reset or left out silently. An answer that the declared rule has no
place for makes its new question *unanswered, look again*, with the old answer quoted beside it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Final

from questionnaires.belonging import has_lists
from questionnaires.formula.items import plain
from questionnaires.given import NOTHING, Given, given, misfit
from questionnaires.item_steps import arriving, carried_lists, for_items, items_in
from questionnaires.migration import Dropped, Merged, Migration, MigrationStep, parts_of, sources_of, whole
from questionnaires.model import Definition, Question
from questionnaires.rescaling import LONGEST_REASON, merged, rescaled
from questionnaires.unrolling import unrolled


class Mark(StrEnum):
    """What became of an answer."""

    CARRIED = "carried"
    """It is what it was."""

    BY_RULE = "by_rule"
    """A declared rule made it from one or several old answers."""

    LOOK_AGAIN = "look_again"
    """A person must look at it: it is a proposal, or it is open because no rule had a place for the old answer."""

    UNANSWERED = "unanswered"
    """It was open before and still is."""

    NEW = "new"
    """The old version asked no such thing: not answered yet."""

    DROPPED = "dropped"
    """The new version does not ask it."""


@dataclass(frozen=True)
class Old:
    """An answer as it stood in the old version."""

    question: str
    answer: Given


@dataclass(frozen=True)
class Outcome:
    """One question of the new version (or none), what is answered there now, and where that comes from."""

    mark: Mark
    question: str | None
    """Id in the new version; None: dropped."""

    answer: Given
    olds: tuple[Old, ...] = ()
    """The old answers it comes from, in full."""

    why: str | None = None
    """Stable code of the reason, where there is one; its sentence is in the catalogue under ``look.<why>``."""

    note: Mapping[str, str] | None = None
    """The author's words for it, by language: the reason of a drop, the note of a step."""

    reworded: bool = False
    """Whether the question is worded otherwise than before."""


@dataclass(frozen=True)
class Passage:
    """What one step made of its old questions."""

    step: str
    """``kept``, ``renamed``, ``split``, ``merged``, ``rescaled``, ``dropped``, ``new`` or ``unknown``."""

    outcomes: tuple[Outcome, ...]
    olds: tuple[Old, ...] = ()


@dataclass(frozen=True)
class Migrated:
    """The whole result: nothing has been written anywhere."""

    family: str
    source: str
    """Version the answers were given to."""

    target: str
    passages: tuple[Passage, ...]

    @property
    def outcomes(self) -> tuple[Outcome, ...]:
        """All outcomes, in the order of the old version, new questions last."""
        return tuple(outcome for passage in self.passages for outcome in passage.outcomes)

    @property
    def answers(self) -> dict[str, dict[str, object]]:
        """The new answers as a sheet holds them; an open question is there if a reason or evidence stands at it."""
        entries = {outcome.question: outcome.answer.to_sheet() for outcome in self.outcomes if outcome.question}
        return {question: entry for question, entry in entries.items() if entry}

    @property
    def look_again(self) -> tuple[Outcome, ...]:
        """Everything a person must look at."""
        return tuple(outcome for outcome in self.outcomes if outcome.mark is Mark.LOOK_AGAIN)


_EMPTY: Final[Mapping[str, tuple[Old, ...]]] = {}


def preview(
    old: Definition,
    new: Definition,
    migration: Migration,
    answers: Mapping[str, object],
    pending: Mapping[str, tuple[Old, ...]] = _EMPTY,
) -> Migrated:
    """What would become of ``answers`` (question id → entry of a sheet) to ``old`` in ``new``.

    The migration has been checked against both versions (:mod:`questionnaires.migration_checks`). ``pending`` names
    questions of ``old`` that had to be looked at again already, with the answers quoted then: they stay so.
    """
    before = {question: given(entry) for question, entry in answers.items()}
    steps = whole(migration, old, new)
    if has_lists(old):
        items = items_in(old, answers)
        to = carried_lists(steps, old)
        taken = {arriving(of, to): of for of in items if plain(of) in to and _takes(new, to[plain(of)], before.get(of))}
        carried = {name: items[of] for name, of in taken.items()}
        steps = for_items(steps, old, items)
        old, new = unrolled(old, items), unrolled(new, carried)
        places = {question.id: place for place, question in enumerate(old.questions)}
        steps = tuple(sorted(steps, key=lambda step: min(places[of] for of in sources_of(step))))
    asked = {question.id: question for question in old.questions}
    passages: list[Passage] = []
    reached: set[str] = set()
    for step in steps:
        olds = tuple(Old(source, before.get(source, NOTHING)) for source in sources_of(step))
        outcomes = tuple(_outcomes(step, olds, old, new))
        passages.append(Passage(step.step, tuple(_still_pending(one, pending) for one in outcomes), olds))
        reached.update(source.question for source in olds)
    for question, answer in before.items():
        if question not in reached:
            stray = (Old(question, answer),)
            why = "unknown-question" if question not in asked else "computed"
            passages.append(Passage("unknown", (Outcome(Mark.DROPPED, None, NOTHING, stray, why),), stray))
    filled = {outcome.question for passage in passages for outcome in passage.outcomes}
    passages.extend(
        Passage("new", (Outcome(Mark.NEW, question.id, NOTHING),))
        for question in new.questions
        if question.id not in filled and question.kind != "computed"
    )
    return Migrated(old.family, old.version, new.version, tuple(passages))


def _takes(new: Definition, question: str, answer: Given | None) -> bool:
    """Whether a list of the new version takes over the items that an answer names."""
    asked = new.question(question)
    return asked is not None and answer is not None and misfit(asked, answer) is None


def upgrade(
    way: Sequence[tuple[Definition, Definition, Migration]], answers: Mapping[str, object]
) -> tuple[Migrated, ...]:
    """The same over several versions one after the other; what must be looked at again stays so to the end."""
    legs: list[Migrated] = []
    pending: Mapping[str, tuple[Old, ...]] = _EMPTY
    for old, new, migration in way:
        legs.append(leg := preview(old, new, migration, answers, pending))
        answers = leg.answers
        pending = {outcome.question: outcome.olds for outcome in leg.look_again if outcome.question}
    return tuple(legs)


def _still_pending(outcome: Outcome, pending: Mapping[str, tuple[Old, ...]]) -> Outcome:
    quoted = tuple(one for old in outcome.olds for one in pending.get(old.question, ()))
    if not quoted or outcome.mark is Mark.DROPPED:
        return outcome
    return replace(outcome, mark=Mark.LOOK_AGAIN, why=outcome.why or "from-before", olds=(*quoted, *outcome.olds))


def _outcomes(step: MigrationStep, olds: tuple[Old, ...], old: Definition, new: Definition) -> Iterator[Outcome]:
    if isinstance(step, Dropped):
        yield Outcome(Mark.DROPPED, None, NOTHING, olds, note=step.reason)
        return
    asked = [_question(old, one.question) for one in olds]
    for part in parts_of(step):
        if new.question(part.question) is None and "." in part.question:
            yield Outcome(Mark.DROPPED, None, NOTHING, olds, "list-not-carried")
            continue
        target = _question(new, part.question)
        reworded = step.step == "kept" and _reworded(old, new, part.question)
        answer, why = _sound(asked, olds)
        ruled = isinstance(step, Merged) or not part.changes_nothing
        if why is None and answer.answered and not answer.inapplicable:
            if isinstance(step, Merged):
                answer, why = merged(step, target, [one.answer for one in olds], answer)
            else:
                answer, why = rescaled(part, target, answer)
        if why is None:
            why = misfit(target, answer)
        if why is None and len(answer.reason) > LONGEST_REASON:
            answer, why = replace(answer, reason=olds[0].answer.reason), "reasons-too-long"
        elif why is not None:
            answer = answer.emptied()
        if why is None and step.look_again and answer.answered:
            why = "asked-for"
        mark = _mark(answer, why, ruled=ruled)
        yield Outcome(mark, part.question, answer, olds, why, step.note or None, reworded)


def _mark(answer: Given, why: str | None, *, ruled: bool) -> Mark:
    if why is not None:
        return Mark.LOOK_AGAIN
    if not answer.answered:
        return Mark.UNANSWERED
    # "Does not apply" passes every rule as it is.
    return Mark.BY_RULE if ruled and not answer.inapplicable else Mark.CARRIED


def _sound(asked: Sequence[Question], olds: Sequence[Old]) -> tuple[Given, str | None]:
    """The old answers as one entry (answer of the first, reasons and evidence of all), and why they cannot be used."""
    entries = [one.answer for one in olds]
    joined = entries[0] if len(entries) == 1 else _joined(entries)
    if any(misfit(question, entry) is not None for question, entry in zip(asked, entries, strict=True)):
        return joined, "not-an-answer"
    unread = any(not entry.answered and entry.further.keys() & _ANSWER_KEYS for entry in entries)
    if unread:
        return joined, "not-an-answer"
    if any(entry.answered for entry in entries):
        if not all(entry.answered for entry in entries):
            return joined, "some-missing"
        if len({entry.inapplicable for entry in entries}) > 1:
            return joined, "some-inapplicable"
    return joined, None


_ANSWER_KEYS: Final = frozenset(
    {"answer", "level", "choice", "choices", "grid", "yes", "number", "date", "items", "not_applicable"}
)


def _joined(entries: Sequence[Given]) -> Given:
    reasons = dict.fromkeys(entry.reason for entry in entries if entry.reason)
    evidence: list[object] = []
    further: dict[str, object] = {}
    for entry in entries:
        evidence.extend(proof for proof in entry.evidence if proof not in evidence)
        for key, value in entry.further.items():
            both = [further[key], value] if key in further and further[key] != value else [value]
            further[key] = "\n".join(str(one) for one in both) if len(both) > 1 else value
    first = entries[0]
    return Given(first.form, first.value, "\n".join(reasons), tuple(evidence), further)


def _question(definition: Definition, identifier: str) -> Question:
    question = definition.question(identifier)
    if question is None:
        raise LookupError(f"{definition.name}: {identifier}")  # a migration that was not checked: our mistake
    return question


def _reworded(old: Definition, new: Definition, question: str) -> bool:
    shared = [language for language in old.texts if language in new.texts]
    return any(old.texts[code].questions.get(question) != new.texts[code].questions.get(question) for code in shared)
