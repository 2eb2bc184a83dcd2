"""Whether an accreditation holds: on which day, for which version, for which sector, and if not, why not.

A person acts only under a body that is accredited too. All of it is asked on the day of the act.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final, NamedTuple
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Session, col, select

from itti.accounts.tables import Role, User
from itti.accreditation.tables import Accreditation, Suspension
from itti.factories.tables import Sector


@dataclass(frozen=True)
class Scope:
    """What somebody wants to assess or review: a factory of a sector with a version of a questionnaire."""

    family: str
    major: int
    sector: Sector

    @classmethod
    def of(cls, family: str, version: str, sector: Sector) -> Scope:
        """From a version such as ``2.0.1``."""
        return cls(family, int(version.partition(".")[0]), sector)


class Lack(StrEnum):
    """Why somebody may not act; words under ``lack.<name>``."""

    NONE = "none"
    """There is no accreditation for the family."""

    FUTURE = "future"
    EXPIRED = "expired"
    SUSPENDED = "suspended"
    WITHDRAWN = "withdrawn"
    OTHER_VERSION = "other-version"
    OTHER_SECTOR = "other-sector"


class State(StrEnum):
    """What holds of an accreditation on a day; words under ``accreditation-state.<name>``."""

    VALID = "valid"
    FUTURE = "future"
    EXPIRED = "expired"
    SUSPENDED = "suspended"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True)
class Grant:
    """An accreditation with its suspensions, the earliest first."""

    accreditation: Accreditation
    suspensions: tuple[Suspension, ...]

    def suspended(self, on: date) -> Suspension | None:
        """The suspension that holds on a day."""
        return next((each for each in self.suspensions if _holds(each, on)), None)

    def state(self, on: date) -> State:
        """What holds of it on a day; withdrawn comes first, and for all days."""
        row = self.accreditation
        if row.withdrawn_at is not None:
            return State.WITHDRAWN
        if row.valid_until < on:
            return State.EXPIRED
        if row.valid_from > on:
            return State.FUTURE
        return State.SUSPENDED if self.suspended(on) else State.VALID

    def lack(self, on: date, scope: Scope | None = None) -> Lack | None:
        """Why it does not permit to act on a day; None: it does. Without a scope only the day is asked."""
        if scope is not None and self.accreditation.majors is not None and scope.major not in self.accreditation.majors:
            return Lack.OTHER_VERSION
        if (
            scope is not None
            and self.accreditation.sectors is not None
            and scope.sector.value not in self.accreditation.sectors
        ):
            return Lack.OTHER_SECTOR
        state = self.state(on)
        return None if state is State.VALID else Lack(state.value)


def _holds(suspension: Suspension, on: date) -> bool:
    return suspension.lifted_at is None and suspension.since <= on <= (suspension.until or date.max)


_TELLING = (
    Lack.SUSPENDED,
    Lack.WITHDRAWN,
    Lack.EXPIRED,
    Lack.FUTURE,
    Lack.OTHER_SECTOR,
    Lack.OTHER_VERSION,
)
"""Of several accreditations that do not permit it, the reason told is the first of these."""


_GRANTS: Final = (
    select(Accreditation, Suspension)
    .outerjoin(Suspension, col(Suspension.accreditation_id) == col(Accreditation.id))
    .order_by(col(Accreditation.valid_from).desc(), col(Accreditation.id), col(Suspension.since))
)
_OF_PERSON: Final = _GRANTS.where(
    sa.or_(col(Accreditation.user_id) == sa.bindparam("user"), col(Accreditation.body_id) == sa.bindparam("body"))
)
"""Asked with every answer that is saved, so it is put together once."""

_OF_PEOPLE: Final = _GRANTS.where(
    sa.or_(
        col(Accreditation.user_id).in_(sa.bindparam("users", expanding=True)),
        col(Accreditation.body_id).in_(sa.bindparam("bodies", expanding=True)),
    )
)
"""The same for several people."""


def grants(session: Session, condition: sa.ColumnElement[bool]) -> list[Grant]:
    """The accreditations that meet a condition, with their suspensions, latest first; one query."""
    return _put_together(session.execute(_GRANTS.where(condition)))


def _put_together(rows: sa.Result[Accreditation, Suspension | None]) -> list[Grant]:
    found: dict[UUID, tuple[Accreditation, list[Suspension]]] = {}
    for row, suspension in rows:
        suspensions = found.setdefault(row.id, (row, []))[1]
        if suspension is not None:  # an accreditation that never was suspended comes without
            suspensions.append(suspension)
    return [Grant(row, tuple(suspensions)) for row, suspensions in found.values()]


def why_not(held: Sequence[Grant], on: date, scope: Scope) -> Lack | None:
    """Why none of these accreditations permits it on that day; None: one of them does."""
    lacks = [grant.lack(on, scope) for grant in held if grant.accreditation.family == scope.family]
    if None in lacks:
        return None
    return next((lack for lack in _TELLING if lack in lacks), Lack.NONE)


class Held(NamedTuple):
    """What permits a person to act."""

    own: list[Grant]
    """Their own accreditations."""

    of_body: list[Grant]
    """Those of their body."""


def of_person(session: Session, user: User) -> Held:
    """The accreditations of a person, and those of their body; in one query."""
    return _held(user, _put_together(session.execute(_OF_PERSON, {"user": user.id, "body": user.body_id})))


def of_people(session: Session, users: Collection[User]) -> Mapping[UUID, Held]:
    """The same for several people in one query: id → what permits them to act."""
    people, bodies = {user.id for user in users}, {user.body_id for user in users if user.body_id is not None}
    found = _put_together(session.execute(_OF_PEOPLE, {"users": list(people), "bodies": list(bodies)}))
    by_holder: dict[UUID | None, list[Grant]] = {}
    for each in found:
        by_holder.setdefault(each.accreditation.user_id or each.accreditation.body_id, []).append(each)
    return {user.id: _held(user, [*by_holder.get(user.id, ()), *by_holder.get(user.body_id, ())]) for user in users}


def _held(user: User, found: Sequence[Grant]) -> Held:
    return Held(
        [each for each in found if each.accreditation.user_id == user.id],
        [each for each in found if user.body_id is not None and each.accreditation.body_id == user.body_id],
    )


def families(session: Session, user: User, on: date) -> frozenset[str]:
    """The families with which a person may act on that day in some sector, under a body that is accredited, too."""
    if user.role is not Role.ASSESSOR or user.disabled_at is not None:
        return frozenset()
    own, body = of_person(session, user)
    return _valid(own, on) & _valid(body, on)


def _valid(held: Sequence[Grant], on: date) -> frozenset[str]:
    return frozenset(each.accreditation.family for each in held if each.lack(on) is None)
