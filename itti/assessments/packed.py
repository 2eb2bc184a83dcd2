"""The answers of a phase as one short vector: kept with every change, streamed for whole populations."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, col

from itti.assessments import reading
from itti.assessments.standing import as_given
from itti.assessments.tables import Answer, Assessment, AssessmentState, PackedAnswers, Phase
from scoring import Answer as GivenAnswer
from scoring import Plan
from scoring.packing import pack

BLOCK: Final = 1 << 16
"""Assessments that are read at once."""

_HELD: Final = (
    sa.select(col(PackedAnswers.id))
    .where(
        col(PackedAnswers.assessment_id) == sa.bindparam("assessment"),
        col(PackedAnswers.phase) == sa.bindparam("phase"),
    )
    .with_for_update()
)
"""The vector of a phase, held until the transaction ends."""

_PACKED: Final = (
    sa.update(PackedAnswers).where(col(PackedAnswers.id) == sa.bindparam("held")).values(vector=sa.bindparam("packed"))
)
"""A vector in the place of another. Both are asked with every answer that is saved, so they make no objects."""


@dataclass(frozen=True)
class Kept:
    """The answers of a phase, each by its question."""

    answers: Mapping[str, Answer]
    given: Mapping[str, GivenAnswer]
    """The same as the engine takes them, without those that hold only a reason so far."""


def keep(session: Session, one: Assessment, phase: Phase, plan: Plan) -> Kept:
    """Pack the answers of a phase anew, after some of them were changed; returns them all.

    The vector is held until the transaction ends before the answers are read, so that of two changes at once the later
    one packs both.
    """
    session.flush()
    held = _held(session, one.id, phase)
    if held is None:
        first = PackedAnswers(assessment_id=one.id, phase=phase, vector=b"")
        try:
            with session.begin_nested():
                session.add(first)
                session.flush()
        except IntegrityError:
            # Two first answers at once: the other one was faster.
            held = _held(session, one.id, phase)
        else:
            held = first.id
    answers = reading.answers_of(session, one.id, phase)
    given = as_given(answers.values())
    if held is not None:
        session.connection().execute(_PACKED, {"held": held, "packed": pack(plan, given)})
    return Kept(answers, given)


def _held(session: Session, assessment: UUID, phase: Phase) -> UUID | None:
    """Id of the row of a phase, from now on held; None: there is none yet."""
    return session.connection().scalar(_HELD, {"assessment": assessment, "phase": phase})


def population(
    session: Session, digest: str, states: Sequence[AssessmentState], phase: Phase = Phase.ASSESSED, block: int = BLOCK
) -> Iterator[tuple[list[UUID], list[bytes]]]:
    """All assessments of one version of a questionnaire in these states, block by block: their ids and their vectors.

    No block holds more than ``block`` assessments, and no single answer is read. Checks no rights.
    """
    statement = (
        sa.select(col(PackedAnswers.assessment_id), col(PackedAnswers.vector))
        .join(Assessment, col(Assessment.id) == col(PackedAnswers.assessment_id))
        .where(
            col(Assessment.digest) == digest,
            col(Assessment.state).in_(states),
            col(PackedAnswers.phase) == phase,
        )
        .order_by(col(Assessment.id))
        .execution_options(yield_per=block)
    )
    for rows in session.connection().execute(statement).partitions(block):
        yield [row[0] for row in rows], [row[1] for row in rows]
