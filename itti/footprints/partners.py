"""Partners of a body or factory: entered, given a way in, removed; and what was sent to and fro."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Session, col, select

from itti import locks
from itti.accounts.roles import require, require_fresh
from itti.accounts.scopes import Scope
from itti.accounts.tables import Role, User
from itti.accreditation.tables import AssessmentBody
from itti.acts import Act
from itti.audit.service import record
from itti.errors import FieldMistake
from itti.factories.tables import Factory
from itti.footprints.errors import (
    ROOM,
    NoSuchMessage,
    PartnerAddressUnsafe,
    PartnerUnknown,
    PartnerUnreachable,
    TooManyPartners,
)
from itti.footprints.messages import BASE, send
from itti.footprints.schemas import FiltersInput, PartnerInput
from itti.footprints.service import owned
from itti.footprints.shown import NewPartner
from itti.footprints.tables import EventName, FootprintMessage, FootprintShare, Partner
from itti.http.errors import InvalidInput
from itti.http.paging import Paging, Slice, cut
from itti.machines import service as machines
from itti.machines.schemas import MachineInput
from itti.machines.tables import Machine
from itti.queue.claims import ask_again
from itti.queue.rows import JobState
from itti.settings import Settings
from itti.webhooks.addresses import check_host, target_of
from itti.webhooks.errors import WebhookAddressUnsafe

PURPOSE: Final = "footprint-partner"
"""What secrets of partners are locked for."""

MOST: Final = 15
"""Partners of one body or factory: each may need a machine, of which one person has no more than 20."""

_TOKEN: Final = "/auth/token"  # noqa: S105 - an address


def partners(session: Session, act: Act) -> Sequence[Partner]:
    """Those of one's own body or factory, by name.

    Raises:
        WrongRole: the programme office.
    """
    mine = _mine(require(act, Role.ASSESSOR, Role.FACTORY))
    return session.exec(select(Partner).where(mine).order_by(col(Partner.name), col(Partner.id))).all()


def partner(session: Session, act: Act, identifier: UUID, *, hold: bool = False) -> Partner:
    """One of them.

    Raises:
        WrongRole: the programme office.
        PartnerUnknown: none of one's own, or not any more.
    """
    statement = select(Partner).where(Partner.id == identifier, _mine(require(act, Role.ASSESSOR, Role.FACTORY)))
    found = session.exec(statement.with_for_update() if hold else statement).one_or_none()
    if found is None:
        raise PartnerUnknown(partner=str(identifier))
    return found


def _mine(user: User) -> sa.ColumnElement[bool]:
    return sa.and_(owned(user, Partner), col(Partner.ended_at).is_(None))


def enter(session: Session, act: Act, settings: Settings, given: PartnerInput) -> NewPartner:
    """Enter a partner; where it signs in, its secret is in the answer, and nowhere else.

    Raises:
        WrongRole: the programme office.
        FreshSignInNeeded: the proof of who asks is too old.
        TooManyPartners, TooManyMachines: there are enough.
        InvalidInput: it is no body or factory of the programme.
        PartnerAddressUnsafe: nobody may be called there.
    """
    user = require(act, Role.ASSESSOR, Role.FACTORY)
    require_fresh(act)
    session.exec(select(User.id).where(User.id == user.id).with_for_update()).one()
    count = session.exec(select(sa.func.count(col(Partner.id))).where(_mine(user))).one()
    if count >= MOST:
        raise TooManyPartners(most=MOST)
    token_url = given.token_url or (given.base_url.rstrip("/") + _TOKEN if given.base_url else "")
    _check_addresses(settings, base_url=given.base_url, token_url=token_url)
    made = Partner(
        body_id=user.body_id if user.role is Role.ASSESSOR else None,
        factory_id=user.factory_id,
        name=given.name,
        party_body_id=given.body_id,
        party_factory_id=_party_factory(session, user, given),
        base_url=given.base_url.rstrip("/"),
        token_url=token_url,
        client_id=given.client_id,
        client_secret=locks.locked(settings, PURPOSE, given.client_secret) if given.client_secret else "",
        created_by=user.id,
        created_at=act.at,
    )
    secret = None
    if given.signs_in:
        wanted = MachineInput(name=given.name, scopes=[Scope.FOOTPRINTS_READ])
        registered = machines.register(session, act, settings, wanted)
        made.machine_id, secret = registered.shown.machine.id, registered.secret
    session.add(made)
    session.flush()
    machine = None if made.machine_id is None else str(made.machine_id)
    record(session, act, "footprint-partner.entered", "footprint_partner", made.id, name=made.name, client=machine)
    return NewPartner(made, secret, settings.base_url.rstrip("/") + BASE)


def _party_factory(session: Session, user: User, given: PartnerInput) -> UUID | None:
    """The factory of that licence number; a body or factory is no partner of itself."""
    if given.body_id is not None and (given.licence or given.body_id == user.body_id):
        raise _refused("body_id", "another-party")
    if given.body_id is not None and session.get(AssessmentBody, given.body_id) is None:
        raise _refused("body_id", "no-such-party")
    if given.licence is None:
        return None
    found = session.exec(select(Factory.id).where(Factory.licence == given.licence)).one_or_none()
    if found is None or found == user.factory_id:
        raise _refused("licence", "no-such-party")
    return found


def _refused(field: str, key: str) -> InvalidInput:
    return InvalidInput.of(FieldMistake(f"/{field}", key, {}, ROOM))


def _check_addresses(settings: Settings, **addresses: str) -> None:
    for field, address in addresses.items():
        try:
            if address:
                private = settings.webhook_private
                target = target_of(address, private=private)
                if "?" in target.path:
                    raise PartnerAddressUnsafe(field)
                check_host(target, private=private)
        except WebhookAddressUnsafe as error:
            raise PartnerAddressUnsafe(field) from error


def end(session: Session, act: Act, identifier: UUID) -> None:
    """Have nothing to do with a partner any more: it reads nothing, and what waits for it is not sent.

    Raises:
        WrongRole: the programme office.
        PartnerUnknown: none of one's own, or not any more.
    """
    row = partner(session, act, identifier, hold=True)
    row.ended_at, row.client_secret = act.at, ""
    session.add(row)
    session.flush()
    for table in (FootprintShare, FootprintMessage):
        which = col(table.partner_id) == row.id
        unsent = which if table is FootprintShare else sa.and_(which, col(FootprintMessage.state) == JobState.WAITING)
        session.execute(sa.delete(table).where(unsent))
    if row.machine_id is not None:
        machines.end(session, act, session.get_one(Machine, row.machine_id, with_for_update=True))
    record(session, act, "footprint-partner.removed", "footprint_partner", row.id, name=row.name)


def ask(session: Session, act: Act, identifier: UUID, given: FiltersInput) -> FootprintMessage:
    """Ask a partner for footprints; its answer is an event.

    Raises:
        WrongRole: the programme office.
        PartnerUnknown: none of one's own.
        PartnerUnreachable: it has no service.
    """
    row = partner(session, act, identifier)
    if not row.reachable:
        raise PartnerUnreachable(partner=row.name)
    named = (
        ("productId", given.product_ids),
        ("companyId", given.company_ids),
        ("geography", given.geographies),
        ("classification", given.classifications),
        ("validOn", None if given.valid_on is None else given.valid_on.isoformat().replace("+00:00", "Z")),
        ("comment", given.comment),
    )
    made = send(session, act, row, EventName.REQUESTED, {name: value for name, value in named if value})
    session.flush()
    record(session, act, "footprint.requested", "footprint_partner", row.id, event=str(made.id))
    return made


def messages(session: Session, act: Act, identifier: UUID, paging: Paging) -> Slice[FootprintMessage]:
    """What was, is and could not be sent to a partner, the newest first.

    Raises:
        WrongRole, PartnerUnknown, MalformedCursor: as they say.
    """
    statement = select(FootprintMessage).where(FootprintMessage.partner_id == partner(session, act, identifier).id)
    keys = (col(FootprintMessage.created_at), col(FootprintMessage.id))
    return cut(session, statement, keys, paging, descending=True)


def retry(session: Session, act: Act, identifier: UUID, message: UUID) -> FootprintMessage:
    """Have an event sent now: again, or before its next try.

    Raises:
        WrongRole, PartnerUnknown: as they say.
        NoSuchMessage: the partner was sent none such, or it is being sent just now.
    """
    owner = partner(session, act, identifier)
    row = session.get(FootprintMessage, message, with_for_update=True)
    if row is None or row.partner_id != owner.id or row.state is JobState.WORKING:
        raise NoSuchMessage(message=str(message))
    ask_again(row, act.at)
    session.add(row)
    session.flush()
    record(session, act, "footprint.sent-again", "footprint_partner", owner.id, event=str(row.id))
    return row
