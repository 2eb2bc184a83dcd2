"""Entering a move: the state, the passage and the record change together, whoever or whatever makes it.

Here nothing is permitted or refused but what the table of moves says about states; people come through
:mod:`itti.assessments.moving`, the register and the calendar come straight here.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlmodel import Session, col, select

from itti.acts import Act
from itti.assessments.move_errors import MoveNotOpen
from itti.assessments.moves import MoveName, Rule, rule_of
from itti.assessments.tables import Assessment, Move
from itti.audit.service import record
from itti.database import flush_checked
from itti.tidings.moves import tell


@dataclass(frozen=True)
class Change:
    """A change of assessor."""

    before: UUID
    after: UUID


def enter(  # noqa: PLR0913, PLR0917 - what a move is made of
    session: Session,
    act: Act,
    one: Assessment,
    rule: Rule,
    note: str = "",
    change: Change | None = None,
    fixed: str | None = None,
) -> None:
    """Let an assessment, held by the caller, pass to where the rule leads.

    ``fixed`` is the digest of the content that the move kept (:mod:`itti.review.content`), if it kept one.

    Raises:
        MoveNotOpen: the table has no such move from its state.
        Stale: somebody moved it meanwhile.
    """
    if one.state not in rule.sources:
        raise MoveNotOpen(move=rule.move.value, state=one.state.value)
    before, one.state = one.state, rule.leads_to(one.state)
    session.add(one)
    flush_checked(session, one)
    session.add(
        Move(
            assessment_id=one.id,
            move=rule.move.value,
            actor_id=None if act.actor is None else act.actor.id,
            from_person_id=None if change is None else change.before,
            to_person_id=None if change is None else change.after,
            from_state=before.value,
            to_state=one.state.value,
            note=note,
            at=act.at,
            version=one.version,
        )
    )
    details = {"move": rule.move.value, "from": before.value, "to": one.state.value, "note": note}
    if change is not None:
        details |= {"assessor_before": str(change.before), "assessor": str(change.after)}
    if fixed is not None:
        details["content_sha256"] = fixed
    record(session, act, "assessment.moved", "assessment", one.id, **details)
    session.flush()
    tell(session, act, one, rule.move)


def held(session: Session, identifier: UUID) -> Assessment:
    """An assessment as it is in the database, held until the transaction ends. Checks no rights."""
    [one] = held_all(session, [identifier])
    return one


def held_all(session: Session, identifiers: Collection[UUID]) -> Sequence[Assessment]:
    """Assessments as they are in the database, held until the transaction ends; in the one order of decision 6."""
    statement = select(Assessment).where(col(Assessment.id).in_(identifiers)).order_by(col(Assessment.id))
    return session.exec(statement.with_for_update().execution_options(populate_existing=True)).all()


def follow(session: Session, act: Act, identifier: UUID, move: MoveName, note: str = "") -> None:
    """Let an assessment follow what happened to its certificate. Whoever calls has changed the register.

    Raises:
        MoveNotOpen: the table has no such move from its state.
    """
    enter(session, act, held(session, identifier), rule_of(move), note)
