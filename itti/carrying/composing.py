"""What becomes of all answers of an earlier assessment, over however many versions lie between: a pure function.

:func:`questionnaires.upgrading.preview` carries answers over one version step. Here the steps are joined, so that
every outcome quotes the answers as they stood in the earlier assessment, and not as they stood half-way.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from questionnaires.given import NOTHING, Given, given
from questionnaires.model import Definition
from questionnaires.shelf import Leg
from questionnaires.upgrading import Mark, Old, Outcome, Passage, preview


@dataclass(frozen=True)
class Carried:
    """One question of the new version (or none), and what of the earlier assessment arrives there."""

    olds: tuple[Old, ...]
    """The answers it comes from, as they stood in the earlier assessment, open ones too; empty: it is new."""

    question: str | None
    """Id in the new version; None: the old answers have no place in it."""

    answer: Given
    mark: Mark
    why: str | None = None
    note: Mapping[str, str] | None = None
    reworded: bool = False


def carried(
    old: Definition,
    new: Definition,
    way: Sequence[Leg],
    answers: Mapping[str, object],
    pending: Collection[str] = (),
) -> tuple[Carried, ...]:
    """What would become of ``answers`` (question id → entry of a sheet) to ``old`` in ``new``.

    Args:
        old: what the answers were given to, with the questions of every item that they name.
        new: the same version or a later one of the same family.
        way: the version steps from one to the other; none where they are the same version.
        answers: as stored; nothing of them is changed.
        pending: questions of ``old`` that somebody still had to look at: what comes of them is to be looked at too.
    """
    known = {question.id: Old(question.id, given(answers.get(question.id))) for question in old.questions}
    if not way:
        return tuple(_same(one, pending) for one in known.values() if _is_asked(new, one.question))
    started = {name: Carried((one,), name, one.answer, Mark.CARRIED) for name, one in known.items()}
    waiting: Mapping[str, tuple[Old, ...]] = {name: (known[name],) for name in pending if name in known}
    here: Mapping[str, object] = answers
    gone: list[Carried] = []
    for before, after, migration in way:
        leg = preview(before, after, migration, here, waiting)
        arrived = [_joined(passage, outcome, started) for passage in leg.passages for outcome in passage.outcomes]
        gone += [one for one in arrived if one.question is None and one.olds]
        started = {one.question: one for one in arrived if one.question is not None}
        here = leg.answers
        waiting = {outcome.question: outcome.olds for outcome in leg.look_again if outcome.question}
    return (*started.values(), *gone)


def _is_asked(definition: Definition, name: str) -> bool:
    question = definition.question(name.rpartition(".")[2])
    return question is not None and question.kind != "computed"


def _same(one: Old, pending: Collection[str]) -> Carried:
    """An answer to the very same question."""
    if one.question in pending:
        return Carried((one,), one.question, one.answer, Mark.LOOK_AGAIN, "from-before")
    mark = Mark.CARRIED if one.answer.answered else Mark.UNANSWERED
    return Carried((one,), one.question, one.answer, mark)


_HALFWAY: Final = "from-before"
"""What a version step says of an answer that an earlier step marked; the earlier reason tells more."""


def _joined(passage: Passage, outcome: Outcome, started: Mapping[str, Carried]) -> Carried:
    befores = [started[one.question] for one in passage.olds if one.question in started]
    olds = tuple(_once(old for one in befores for old in one.olds))
    whys = [one.why for one in befores if one.mark is Mark.LOOK_AGAIN and one.why]
    notes = [one.note for one in befores if one.note]
    note = outcome.note or (notes[0] if notes else None)
    why = whys[0] if outcome.why == _HALFWAY and whys else outcome.why
    return Carried(
        olds,
        outcome.question,
        outcome.answer if outcome.question is not None else NOTHING,
        _mark(outcome.mark, befores, olds),
        why,
        note,
        outcome.reworded or any(one.reworded for one in befores),
    )


def _mark(mark: Mark, befores: Sequence[Carried], olds: Sequence[Old]) -> Mark:
    if mark is Mark.CARRIED and any(one.mark is Mark.BY_RULE for one in befores):
        return Mark.BY_RULE
    return Mark.NEW if mark is Mark.UNANSWERED and not olds else mark


def _once(olds: Iterable[Old]) -> Iterable[Old]:
    return {one.question: one for one in olds}.values()
