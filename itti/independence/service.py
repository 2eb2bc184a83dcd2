"""The record of what ties people and bodies to factories, what they declare, and what keeps somebody from acting.

The office keeps the record; a declaration adds to it, so that what was declared once counts in every later assignment.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date, timedelta
from typing import Final
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Session, col, select

from itti.accounts.roles import require
from itti.accounts.tables import Role, User
from itti.accreditation.tables import AssessmentBody
from itti.acts import Act
from itti.assessments.tables import Assessment
from itti.audit.service import record
from itti.certificates.dates import last_day
from itti.factories import service as factories
from itti.independence.errors import DeclarationForbidden, EngagementStruck, EngagementUnknown, HolderUnknown
from itti.independence.schemas import DeclarationInput, EngagementInput, Whose
from itti.independence.tables import Declaration, Engagement

_NEVER: Final = 9000
"""A year that says that something does not end."""


def engagements(session: Session, act: Act, factory_id: UUID) -> Sequence[Engagement]:
    """All that ties people and bodies to a factory, struck entries too, the newest first. Programme office.

    Raises:
        SignInNeeded, WrongRole: not for this person.
        FactoryUnknown: there is none of that id.
    """
    require(act, Role.PROGRAMME)
    found = factories.factory(session, act, factory_id)
    statement = select(Engagement).where(Engagement.factory_id == found.id)
    return session.exec(statement.order_by(col(Engagement.created_at).desc(), col(Engagement.id))).all()


def engage(session: Session, act: Act, factory_id: UUID, new: EngagementInput) -> Engagement:
    """Enter that something ties an assessor or a body to a factory. Programme office.

    Raises:
        SignInNeeded, WrongRole: not for this person.
        FactoryUnknown: there is none of that id.
        HolderUnknown: not exactly one assessor or body that exists.
    """
    require(act, Role.PROGRAMME)
    found = factories.factory(session, act, factory_id)
    if (new.user_id is None) == (new.body_id is None):
        raise HolderUnknown
    if new.user_id is not None:
        person = session.get(User, new.user_id)
        if person is None or person.role is not Role.ASSESSOR:
            raise HolderUnknown
    elif session.get(AssessmentBody, new.body_id) is None:
        raise HolderUnknown
    made = Engagement(**new.model_dump(), factory_id=found.id, created_at=act.at)
    session.add(made)
    session.flush()
    _record(session, act, made)
    return made


def strike(session: Session, act: Act, engagement_id: UUID, reason: str) -> Engagement:
    """Take back an entry that was wrong; it stays readable. Programme office.

    Raises:
        SignInNeeded, WrongRole: not for this person.
        EngagementUnknown, EngagementStruck: as they say.
    """
    require(act, Role.PROGRAMME)
    found = session.get(Engagement, engagement_id, with_for_update=True)
    if found is None:
        raise EngagementUnknown(engagement=engagement_id)
    if found.struck_at is not None:
        raise EngagementStruck
    found.struck_at, found.strike_reason = act.at, reason
    session.add(found)
    record(session, act, "engagement.struck", "engagement", found.id, reason=reason)
    session.flush()
    return found


def declare(session: Session, act: Act, one: Assessment, given: DeclarationInput) -> Declaration:
    """Declare what ties one, and one's body, to the factory of an assessment that one may read.

    Raises:
        SignInNeeded: a stranger.
        DeclarationForbidden: no assessor.
    """
    user = require(act)
    if user.role is not Role.ASSESSOR or user.body_id is None:
        raise DeclarationForbidden
    made = Declaration(assessment_id=one.id, user_id=user.id, at=act.at)
    session.add(made)
    session.flush()
    ties = [each.model_dump(mode="json") for each in given.ties]
    record(session, act, "declaration.given", "declaration", made.id, assessment=str(one.id), ties=ties)
    for each in given.ties:
        is_body = each.whose is Whose.BODY
        entry = Engagement(
            user_id=None if is_body else user.id,
            body_id=user.body_id if is_body else None,
            factory_id=one.factory_id,
            tie=each.tie,
            until=each.until,
            declaration_id=made.id,
            created_at=act.at,
        )
        session.add(entry)
        session.flush()
        _record(session, act, entry)
    return made


def declarations(session: Session, act: Act, one: Assessment) -> list[tuple[Declaration, list[Engagement]]]:
    """What was declared for an assessment that one may read: all of it for the office, else one's own; oldest first."""
    user = require(act, Role.PROGRAMME, Role.ASSESSOR)
    statement = select(Declaration).where(Declaration.assessment_id == one.id)
    if user.role is not Role.PROGRAMME:
        statement = statement.where(Declaration.user_id == user.id)
    rows = session.exec(statement.order_by(col(Declaration.at), col(Declaration.id))).all()
    found: dict[UUID, list[Engagement]] = {row.id: [] for row in rows}
    for each in session.exec(select(Engagement).where(col(Engagement.declaration_id).in_(list(found)))).all():
        if each.declaration_id is not None:
            found[each.declaration_id].append(each)
    return [(row, found[row.id]) for row in rows]


def has_declared(session: Session, user: User, assessment_id: UUID) -> bool:
    """Whether a person has declared for an assessment. Checks no rights."""
    statement = select(Declaration.id).where(Declaration.assessment_id == assessment_id, Declaration.user_id == user.id)
    return session.exec(statement.limit(1)).first() is not None


def declared(session: Session, assessments: Collection[UUID]) -> frozenset[tuple[UUID, UUID]]:
    """Who has declared for which of these assessments: pairs of person and assessment. Checks no rights."""
    statement = select(Declaration.user_id, Declaration.assessment_id).where(
        col(Declaration.assessment_id).in_(assessments)
    )
    return frozenset((user, assessment) for user, assessment in session.exec(statement))


def binding(session: Session, user: User, factory_id: UUID, on: date, months: int) -> Engagement | None:
    """What ties a person or their body to a factory on a day, or did within the months before; None: nothing.

    Of several the one that binds longest. Checks no rights.
    """
    holder = sa.or_(col(Engagement.user_id) == user.id, col(Engagement.body_id) == user.body_id)
    statement = select(Engagement).where(
        Engagement.factory_id == factory_id, col(Engagement.struck_at).is_(None), holder
    )
    found = [each for each in session.exec(statement).all() if bound_until(each, months) >= on]
    return max(found, key=lambda each: (bound_until(each, months), str(each.id)), default=None)


def bound_until(engagement: Engagement, months: int) -> date:
    """The last day on which an engagement keeps its holder from acting; the last of all days while it goes on."""
    until = engagement.until
    if until is None or until.year > _NEVER:
        return date.max
    return last_day(until + timedelta(days=1), months)


def _record(session: Session, act: Act, made: Engagement) -> None:
    holder = {"user": str(made.user_id)} if made.user_id else {"body": str(made.body_id)}
    until = made.until.isoformat() if made.until else None
    details = {"factory": str(made.factory_id), "tie": made.tie.value, "until": until}
    record(session, act, "engagement.entered", "engagement", made.id, **holder, **details)
