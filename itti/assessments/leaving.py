"""Items that leave a list, and what goes with them: nothing that somebody answered or proved goes unasked."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from sqlmodel import Session

from itti.acts import Act
from itti.assessments import naming, reading
from itti.assessments.errors import ItemsAnswered
from itti.assessments.tables import Answer, Assessment, Phase
from itti.audit.service import record
from itti.evidence.reading import Proof, of_assessment
from itti.evidence.removing import leave
from questionnaires.model import Item


@dataclass(frozen=True)
class Leaving:
    """One item with all that hangs on it."""

    item: Item
    answers: tuple[Answer, ...]
    files: tuple[tuple[str, Proof], ...]
    """Its evidence, each with the question it proves."""

    @property
    def is_bare(self) -> bool:
        """Whether nothing has been answered or proven for it yet."""
        return not self.answers and not self.files


def leaving(session: Session, one: Assessment, phase: Phase, of: str, items: Iterable[Item]) -> list[Leaving]:
    """What hangs on items of a list in one phase. Checks no rights."""
    wanted = list(items)
    if not wanted:
        return []
    answers = reading.answers_of(session, one.id, phase)
    proofs = of_assessment(session, one.id) if phase is Phase.ASSESSED else {}
    return [_leaving(of, item, answers, proofs) for item in wanted]


def _leaving(of: str, item: Item, answers: Mapping[str, Answer], proofs: Mapping[str, Sequence[Proof]]) -> Leaving:
    files = [(name, proof) for name, kept in proofs.items() if naming.is_below(name, of, item.id) for proof in kept]
    return Leaving(item, tuple(naming.below(answers, of, item.id)), tuple(files))


def gone(before: Sequence[Item] | None, after: Sequence[Item] | None) -> list[Item]:
    """The items that a list names no more."""
    kept = {item.id for item in after or ()}
    return [item for item in before or () if item.id not in kept]


def let_go(session: Session, act: Act, found: Sequence[Leaving], removing: Collection[str]) -> None:
    """Remove what hangs on items, and enter it into the record answer by answer.

    Args:
        session: a writing session.
        act: by whoever may change the answers.
        found: the items that leave.
        removing: ids of those that may go with their answers and files.

    Raises:
        ItemsAnswered: others have some; nothing was removed.
    """
    held = [each for each in found if not each.is_bare and each.item.id not in removing]
    if held:
        raise ItemsAnswered([(each.item, len(each.answers), len(each.files)) for each in held])
    for each in found:
        for question, proof in each.files:
            leave(session, act, proof, question)
        for answer in each.answers:
            _remove(session, act, answer, each.item)
    session.flush()


def _remove(session: Session, act: Act, answer: Answer, item: Item) -> None:
    session.delete(answer)
    record(
        session,
        act,
        "answer.removed",
        "answer",
        answer.id,
        assessment=str(answer.assessment_id),
        phase=answer.phase.value,
        question=answer.question,
        item=item.name,
        before={**(answer.given or {}), "reason": answer.reason},
    )
