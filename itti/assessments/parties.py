"""Who takes part in assessments: the factory, the body, the assessor, the reviewer, read for many at once."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar
from uuid import UUID

from sqlmodel import Session, col, select

from itti.accounts.tables import User
from itti.accreditation.tables import AssessmentBody
from itti.assessments.tables import Assessment
from itti.factories.tables import Factory
from itti.schema import Row

RowT = TypeVar("RowT", bound=Row)


@dataclass(frozen=True)
class Parties:
    """The people and organisations of one assessment."""

    factory: Factory
    body: AssessmentBody
    assessor: User
    reviewer: User | None
    reviewer_body: AssessmentBody | None
    hearer: User | None = None
    """Who hears the appeal, or heard it."""


def parties(session: Session, assessments: Sequence[Assessment]) -> Mapping[UUID, Parties]:
    """Assessment id → its parties, in as many queries for a hundred assessments as for one."""
    factories = _by_id(session, Factory, (each.factory_id for each in assessments))
    people = by_id(
        session,
        (each.assessor_id for each in assessments),
        (each.reviewer_id for each in assessments),
        (each.hearer_id for each in assessments),
    )
    bodies = _by_id(
        session,
        AssessmentBody,
        {each.body_id for each in assessments} | {person.body_id for person in people.values()},
    )
    found: dict[UUID, Parties] = {}
    for each in assessments:
        reviewer = people.get(each.reviewer_id) if each.reviewer_id else None
        found[each.id] = Parties(
            factory=factories[each.factory_id],
            body=bodies[each.body_id],
            assessor=people[each.assessor_id],
            reviewer=reviewer,
            reviewer_body=bodies.get(reviewer.body_id) if reviewer and reviewer.body_id else None,
            hearer=people.get(each.hearer_id) if each.hearer_id else None,
        )
    return found


def by_id(session: Session, *wanted: Iterable[UUID | None]) -> Mapping[UUID, User]:
    """People by id, in one query."""
    return _by_id(session, User, (identifier for group in wanted for identifier in group))


def _by_id(session: Session, kind: type[RowT], wanted: Iterable[UUID | None]) -> Mapping[UUID, RowT]:
    identifiers = {identifier for identifier in wanted if identifier is not None}
    if not identifiers:
        return {}
    rows = session.exec(select(kind).where(col(kind.id).in_(identifiers))).all()
    return {row.id: row for row in rows}
