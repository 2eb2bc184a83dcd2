"""What the statistics find odd: a small set of declared signals, each a hint with its reason and its numbers.

No hint is a verdict, and none changes a score or stops a move: it says where a second look is worth its time. All
limits are the project's own choice and stand here, in :data:`LIMITS`; ``docs/review.md`` explains each.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from fractions import Fraction
from typing import Final

from itti.assessments import asked
from itti.assessments.library import Questionnaire
from itti.assessments.tables import Answer
from itti.review.beside import Last
from itti.review.habits import Gap, Proofs
from itti.review.peers import Circle, Peers
from questionnaires import wording
from questionnaires.model import LevelQuestion
from scoring import LevelAnswer, Scorecard

ROOM: Final = "itti.review"


@dataclass(frozen=True)
class Limits:
    """From when on something is worth a hint."""

    peer_levels: int = 2
    """Levels away from the median of the peers."""

    jump_levels: int = 2
    """Levels up or down since the last certified assessment."""

    equal_answers: int = 5
    """Answers with levels, all of them the same."""

    demanding_share: Fraction = Fraction(3, 4)
    """From this part of its scale on a level is demanding."""

    short_reason: int = 40
    """Signs of a reason that says little, where no file stands beside it."""

    shared_questions: int = 5
    """Questions for which one and the same file stands."""

    late: timedelta = timedelta(minutes=30)
    """What counts as right before submitting."""

    late_answers: int = 5
    late_share: Fraction = Fraction(1, 4)
    """So many answers, and so large a part of them, changed then."""

    gap_levels: Fraction = Fraction(1, 2)
    """By how much an assessor's distance from self-assessments differs from that of all others."""

    gap_assessments: int = 5
    """Approved assessments of one assessor below which nothing is said of them."""


LIMITS: Final = Limits()


class Signal(StrEnum):
    """Every signal; the sentence is in the catalogue under ``hint.<name>``."""

    FAR_FROM_PEERS = "far-from-peers"
    JUMP = "jump"
    BARE = "bare"
    PROOF_SHARED = "proof-shared"
    PROOF_ELSEWHERE = "proof-elsewhere"
    ALL_EQUAL = "all-equal"
    CHANGED_LATE = "changed-late"
    LENIENT = "lenient"
    STRICT = "strict"


@dataclass(frozen=True)
class Hint:
    """One finding."""

    signal: Signal
    questions: tuple[str, ...]
    """The questions it is about; empty: the whole assessment."""

    numbers: Mapping[str, str]
    """What it rests on, by the names of the sentence's placeholders."""

    circle: Circle | None = None
    """The group compared with, where there is one."""

    def sentence(self, language: str) -> str:
        """The finding in words, careful ones."""
        details: dict[str, str] = dict(self.numbers)
        if self.circle is not None:
            details["circle"] = wording.say(ROOM, f"circle.{self.circle.value}", language)
        return wording.say(ROOM, f"hint.{self.signal.value}", language, **details)


@dataclass(frozen=True)
class Facts:
    """What hints are made from, all of it read already."""

    questionnaire: Questionnaire
    scorecard: Scorecard
    answers: Mapping[str, Answer]
    last: Last | None
    peers: Peers | None
    gap: Gap | None
    proofs: Proofs
    late: frozenset[str]
    """Questions whose answer was changed right before the submission."""


def hints(facts: Facts, limits: Limits = LIMITS) -> tuple[Hint, ...]:
    """Everything that is worth a second look: what concerns the whole first, then by question."""
    levels = _levels(facts)
    whole = (*_lenient(facts, limits), *_equal(levels, limits), *_late(facts, limits), *_proofs(facts, limits))
    single = [
        hint
        for question, level in levels.items()
        for hint in (
            _far(facts, question, level, limits),
            _jump(facts, question, level, limits),
            _bare(facts, question, level, limits),
        )
        if hint is not None
    ]
    return (*whole, *single)


def _levels(facts: Facts) -> dict[str, int]:
    """Question → level of the answers with levels that count."""
    counted = [score.id for score in facts.scorecard.questions if not asked.away(score)]
    found = {name: facts.answers[name].level for name in counted if name in facts.answers}
    return {name: level for name, level in found.items() if level is not None}


def _far(facts: Facts, question: str, level: int, limits: Limits) -> Hint | None:
    spread = None if facts.peers is None else facts.peers.spreads.get(question)
    if facts.peers is None or spread is None or abs(level - spread.median) < limits.peer_levels:
        return None
    reached = spread.at_least(level) if level > spread.median else spread.at_most(level)
    numbers = {
        "level": str(level),
        "median": _decimal(spread.median),
        "reached": str(reached),
        "factories": str(spread.count),
    }
    return Hint(Signal.FAR_FROM_PEERS, (question,), numbers, facts.peers.circle)


def _jump(facts: Facts, question: str, level: int, limits: Limits) -> Hint | None:
    before = None if facts.last is None else facts.last.answers.get(question)
    if before is None or not isinstance(before.given, LevelAnswer):
        return None
    step = level - before.given.level
    if abs(step) < limits.jump_levels:
        return None
    numbers = {"before": str(before.given.level), "level": str(level), "step": f"{step:+d}".replace("-", "−")}
    return Hint(Signal.JUMP, (question,), numbers)


def _bare(facts: Facts, question: str, level: int, limits: Limits) -> Hint | None:
    """A demanding level with neither a file nor more than a few words."""
    asked_here = facts.questionnaire.question(question)
    if not isinstance(asked_here, LevelQuestion):
        return None
    lowest, highest = asked_here.lowest, asked_here.highest
    signs = len(facts.answers[question].reason.strip())
    has_file = any(question in found for found in facts.proofs.questions.values())
    if level < lowest + limits.demanding_share * (highest - lowest) or has_file or signs >= limits.short_reason:
        return None
    return Hint(Signal.BARE, (question,), {"level": str(level), "highest": str(highest), "signs": str(signs)})


def _proofs(facts: Facts, limits: Limits) -> Sequence[Hint]:
    found: list[Hint] = []
    for sha, questions in facts.proofs.questions.items():
        name = facts.proofs.names[sha]
        if len(questions) >= limits.shared_questions:
            numbers = {"file": name, "questions": str(len(questions))}
            found.append(Hint(Signal.PROOF_SHARED, questions, numbers))
        if sha in facts.proofs.elsewhere:
            numbers = {"file": name, "factories": str(facts.proofs.elsewhere[sha])}
            found.append(Hint(Signal.PROOF_ELSEWHERE, questions, numbers))
    return found


def _equal(levels: Mapping[str, int], limits: Limits) -> Sequence[Hint]:
    if len(levels) < limits.equal_answers or len(set(levels.values())) > 1:
        return ()
    numbers = {"level": str(next(iter(levels.values()))), "answers": str(len(levels))}
    return (Hint(Signal.ALL_EQUAL, (), numbers),)


def _late(facts: Facts, limits: Limits) -> Sequence[Hint]:
    late = tuple(score.id for score in facts.scorecard.questions if score.id in facts.late)
    total = sum(answer.given is not None for answer in facts.answers.values())
    if len(late) < limits.late_answers or len(late) < limits.late_share * total:
        return ()
    minutes = int(limits.late / timedelta(minutes=1))
    numbers = {"answers": str(len(late)), "total": str(total), "minutes": str(minutes)}
    return (Hint(Signal.CHANGED_LATE, late, numbers),)


def _lenient(facts: Facts, limits: Limits) -> Sequence[Hint]:
    gap = facts.gap
    if gap is None or min(gap.own_count, gap.others_count) < limits.gap_assessments:
        return ()
    difference = gap.own - gap.others
    if abs(difference) < limits.gap_levels:
        return ()
    numbers = {
        "own": _decimal(gap.own),
        "own_assessments": str(gap.own_count),
        "others": _decimal(gap.others),
        "other_assessments": str(gap.others_count),
    }
    return (Hint(Signal.LENIENT if difference > 0 else Signal.STRICT, (), numbers),)


def _decimal(value: Fraction) -> str:
    """With one decimal place where it needs any, and a true minus."""
    shown = f"{float(value):.1f}".removesuffix(".0")
    return shown.replace("-", "−") if shown != "-0" else "0"
