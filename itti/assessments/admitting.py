"""Which of several answers that were sent at the same moment may be written, asked of the database for all at once.

Only those that there is nothing to say about: somebody with a token of their own, to an assessment that is in their
hands. Why another one may not is found out, and said, where it goes by itself (:mod:`itti.assessments.answers`).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final
from uuid import UUID

import sqlalchemy as sa
from fastapi import Request
from sqlmodel import Session, col, select

from itti.accounts.bearers import owners_of_tokens
from itti.accounts.scopes import Scope
from itti.accounts.tables import ApiToken, User
from itti.accreditation import granting, validity
from itti.acts import Act, now
from itti.assessments import library, neutrality
from itti.assessments.answers import check_turn
from itti.assessments.library import Questionnaire
from itti.assessments.schemas import AnswerGiven
from itti.assessments.tables import Assessment, Phase
from itti.factories.tables import Factory, Sector
from itti.factors import service as factors
from itti.settings import Settings
from questionnaires.errors import Fault

_HELD: Final = (
    select(Assessment, col(Factory.sector))
    .join(Factory, col(Factory.id) == col(Assessment.factory_id))
    .where(col(Assessment.id).in_(sa.bindparam("assessments", expanding=True)))
    .order_by(col(Assessment.id))
    .with_for_update(read=True, of=Assessment)
    .execution_options(populate_existing=True)
)
"""Assessments with the sectors of their factories, held until the transaction ends by all who only need them still."""

_Permits = Callable[[Act, User, Assessment, Sector], bool]


@dataclass(frozen=True)
class Sent:
    """An answer as somebody sent it."""

    request: Request
    secret: str
    """Of the token that came with it."""

    assessment: UUID
    phase: Phase
    question: str
    given: AnswerGiven
    expected: int | None
    """The version of the answer it was made against; None: there was no answer."""


@dataclass(frozen=True)
class Admitted:
    """An answer that whoever sent it may write."""

    sent: Sent
    act: Act
    user: User
    token: ApiToken
    published: Questionnaire
    """The pinned questionnaire."""


def admitted(session: Session, settings: Settings, phase: Phase, sent: Sequence[Sent]) -> list[Admitted]:
    """Those that may be written, in their order; their assessments are held until the transaction ends.

    All are of one phase. The tokens are read in this very transaction, so that one that was revoked lets nobody in.
    """
    at = now()
    owners = owners_of_tokens(session, at, settings, {each.secret for each in sent})
    held = session.execute(_HELD, {"assessments": [each.assessment for each in sent]})
    ones: dict[UUID, tuple[Assessment, Sector]] = {one.id: (one, sector) for one, sector in held}
    known = [each for each in sent if each.secret in owners and each.assessment in ones]
    permits = _permits(session, phase, [(owners[each.secret][0], ones[each.assessment][0]) for each in known])
    found = []
    for each in known:
        (user, token), (one, sector) = owners[each.secret], ones[each.assessment]
        act = Act(user, at, each.request.state.request_id, settings.zone)
        if not _lets_in(settings, user, token) or not permits(act, user, one, sector):
            continue
        try:
            check_turn(user, one, phase)
            found.append(Admitted(each, act, user, token, library.pinned(one)))
        except Fault:
            continue
    return found


def _lets_in(settings: Settings, user: User, token: ApiToken) -> bool:
    """Whether a token is one of a person, for this, and enough without a second factor."""
    if token.machine_id is not None or factors.required(settings, user):
        return False
    return token.scopes is None or Scope.ASSESSMENTS_WRITE.value in token.scopes.split()


def _permits(session: Session, phase: Phase, pairs: Sequence[tuple[User, Assessment]]) -> _Permits:
    """Tells whether an assessor is accredited for an assessment and has declared for it; of a factory, nobody asks."""
    if phase is not Phase.ASSESSED or not pairs:
        return lambda *_: True
    held = validity.of_people(session, {user.id: user for user, _ in pairs}.values())
    declared = neutrality.declared(session, [one for _, one in pairs])

    def permits(act: Act, user: User, one: Assessment, sector: Sector) -> bool:
        scope = validity.Scope.of(one.family, one.definition_version, sector)
        lacks = granting.lacking_of(held[user.id], scope, act.today)
        return lacks is None and neutrality.is_declared(declared, user, one)

    return permits
