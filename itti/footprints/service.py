"""The front door of this room: footprints entered, computed, replaced, and read by whom their owner shares them with.

Who may read a footprint: everybody of the body or factory that owns it, and the partners that it was shared with. A
partner that signs in by a machine of its own reads what is shared with it, and nothing else; a partner that is a body
or factory of the programme reads it as one of that body or factory. The programme office reads none.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC
from typing import Any
from uuid import UUID, uuid4

import sqlalchemy as sa
from sqlmodel import Session, col, select

from itti.accounts.roles import require
from itti.accounts.tables import Role, User
from itti.acts import Act
from itti.audit.service import record
from itti.engine.service import turn
from itti.errors import FieldMistake
from itti.footprints.converting import carbon_footprint
from itti.footprints.errors import (
    ROOM,
    FootprintDeprecated,
    FootprintInvalid,
    FootprintUnknown,
    NotComputed,
    PartnerUnknown,
)
from itti.footprints.judging import findings, valid_from, valid_until
from itti.footprints.messages import announce
from itti.footprints.product import SPECIFICATION, CarbonFootprint, Declared, ProductFootprint, Standing
from itti.footprints.schemas import FootprintInput, InventoryInput, ProductInput
from itti.footprints.tables import FootprintKey, FootprintShare, KeyKind, Origin, Partner, StoredFootprint
from itti.http.paging import Paging, Slice, cut
from questionnaires.factors import library
from questionnaires.mistakes import Mistaken
from questionnaires.places import Document
from scoring.footprint import footprint, read_inventory


@dataclass(frozen=True)
class Shown:
    """A footprint as one of its readers sees it."""

    row: StoredFootprint
    own: bool
    partners: Sequence[UUID]
    """Who may read it; empty where it is not one's own."""


def partner_of(session: Session, act: Act) -> Partner | None:
    """The partner whose machine acts; None: somebody else acts."""
    if act.machine is None:
        return None
    return session.exec(select(Partner).where(Partner.machine_id == act.machine.id)).one_or_none()


def readable(session: Session, act: Act) -> sa.ColumnElement[bool]:
    """The footprints that who acts may read.

    Raises:
        SignInNeeded: a stranger.
        WrongRole: the programme office.
    """
    user = require(act, Role.ASSESSOR, Role.FACTORY)
    partner = partner_of(session, act)
    if partner is not None:
        return _shared_with(col(Partner.id) == partner.id)
    party = sa.and_(_party(user), col(Partner.ended_at).is_(None))
    return sa.or_(owned(user), _shared_with(party))


def owned(user: User, table: type[StoredFootprint | Partner] = StoredFootprint) -> sa.ColumnElement[bool]:
    """The rows that belong to the body or factory of a person."""
    if user.role is Role.FACTORY:
        return col(table.factory_id) == user.factory_id
    return col(table.body_id) == user.body_id


def _party(user: User) -> sa.ColumnElement[bool]:
    if user.role is Role.FACTORY:
        return col(Partner.party_factory_id) == user.factory_id
    return col(Partner.party_body_id) == user.body_id


def _shared_with(which: sa.ColumnElement[bool]) -> sa.ColumnElement[bool]:
    shares = select(FootprintShare.footprint_id).join(Partner, col(Partner.id) == col(FootprintShare.partner_id))
    return col(StoredFootprint.id).in_(shares.where(which))


def footprints(session: Session, act: Act, paging: Paging, status: Standing | None = None) -> Slice[Shown]:
    """The footprints that who acts may read, the newest first.

    Raises:
        WrongRole: the programme office.
        MalformedCursor: ``paging`` was not made here.
    """
    statement = select(StoredFootprint).where(readable(session, act))
    if status is not None:
        statement = statement.where(StoredFootprint.status == status)
    keys = (col(StoredFootprint.created_at), col(StoredFootprint.id))
    found = cut(session, statement, keys, paging, descending=True)
    return Slice(shown(session, act, found.rows), found.after)


def one(session: Session, act: Act, identifier: UUID) -> Shown:
    """One of them.

    Raises:
        WrongRole: the programme office.
        FootprintUnknown: none, or none that who acts may read.
    """
    statement = select(StoredFootprint).where(StoredFootprint.id == identifier, readable(session, act))
    found = session.exec(statement).one_or_none()
    if found is None:
        raise FootprintUnknown(footprint=str(identifier))
    return shown(session, act, [found])[0]


def shown(session: Session, act: Act, rows: Sequence[StoredFootprint]) -> Sequence[Shown]:
    """Footprints with who may read them, where they are one's own."""
    user = require(act)
    alien = partner_of(session, act) is not None
    mine = {row.id for row in rows if not alien and is_owner(user, row)}
    shares: dict[UUID, list[UUID]] = {}
    for share in session.exec(select(FootprintShare).where(col(FootprintShare.footprint_id).in_(mine))):
        shares.setdefault(share.footprint_id, []).append(share.partner_id)
    return [Shown(row, row.id in mine, shares.get(row.id, ())) for row in rows]


def is_owner(user: User, row: StoredFootprint | Partner) -> bool:
    """Whether a row belongs to the body or factory of a person."""
    owner = row.factory_id if user.role is Role.FACTORY else row.body_id
    return owner is not None and owner == (user.factory_id if user.role is Role.FACTORY else user.body_id)


def calculation(session: Session, act: Act, identifier: UUID) -> str:
    """How a footprint was counted, as canonical JSON; for its owner alone: it tells what the factory uses.

    Raises:
        FootprintUnknown: none of one's own.
        NotComputed: it was entered.
    """
    row = _own(session, act, identifier)
    if row.calculation is None:
        raise NotComputed(footprint=str(identifier))
    return row.calculation


def enter(session: Session, act: Act, given: FootprintInput) -> Shown:
    """Keep a footprint that its owner declares.

    Raises:
        WrongRole: the programme office.
        FootprintInvalid: something does not hold in it.
        FootprintUnknown, FootprintDeprecated: it cannot take that place.
    """
    return _keep(session, act, given.footprint, given.replaces, "/footprint")


def compute(session: Session, act: Act, given: InventoryInput, language: str) -> Shown:
    """Count an inventory, and keep its footprint; mistakes of the inventory are told in ``language``.

    Raises:
        WrongRole: the programme office.
        FootprintInvalid: every mistake of the inventory and of what is said of the product.
        FootprintUnknown, FootprintDeprecated: it cannot take that place.
        EngineBusy: too many are counted now.
    """
    require(act, Role.ASSESSOR, Role.FACTORY)
    document = Document("inventory", given.inventory)
    try:
        inventory = read_inventory(document)
        with turn():
            counted = footprint(inventory, library(), document)
    except Mistaken as fault:
        raise FootprintInvalid.of(
            *(
                FieldMistake(f"/inventory{each.pointer}", "inventory", {"why": each.sentence(language)}, ROOM)
                for each in fault.mistakes
            )
        ) from fault
    declared = _declared(given.product, carbon_footprint(counted, inventory, given.product))
    rests_on = (json.dumps(given.inventory), counted.to_json().decode())
    return _keep(session, act, declared, given.replaces, "/product", rests_on)


def _declared(product: ProductInput, pcf: CarbonFootprint) -> Declared:
    return Declared.model_validate(
        {
            "companyName": product.company_name,
            "companyIds": product.company_ids,
            "productNameCompany": product.name,
            "productDescription": product.description,
            "productIds": product.ids,
            "productClassifications": product.classifications,
            "validityPeriodStart": product.valid_from,
            "validityPeriodEnd": product.valid_until,
            "comment": product.comment,
            "pcf": pcf,
        }
    )


def _keep(  # noqa: PLR0913, PLR0917 - what a footprint is made of
    session: Session,
    act: Act,
    given: Declared,
    replaces: UUID | None,
    place: str,
    rests_on: tuple[str, str] | None = None,
) -> Shown:
    """Store a footprint; ``rests_on`` are the inventory and the calculation of a computed one."""
    user = require(act, Role.ASSESSOR, Role.FACTORY)
    found = findings(given)
    if found:
        mistakes = [FieldMistake(place + each.pointer, each.key, each.details, ROOM) for each in found]
        raise FootprintInvalid.of(*mistakes)
    before = None if replaces is None else _own(session, act, replaces, hold=True)
    identifier = uuid4()
    content = _content(act, given, identifier, before)
    inventory, calculated = rests_on or (None, None)
    origin = Origin.ENTERED if rests_on is None else Origin.COMPUTED
    row = StoredFootprint(
        id=identifier,
        body_id=user.body_id if user.role is Role.ASSESSOR else None,
        factory_id=user.factory_id,
        origin=origin,
        status=Standing.ACTIVE,
        geography=_geography(given.pcf),
        valid_from=valid_from(given).astimezone(UTC),
        valid_until=valid_until(given).astimezone(UTC),
        content=json.dumps(content),
        replaces=replaces,
        created_by=user.id,
        created_at=act.at,
        inventory=inventory,
        calculation=calculated,
    )
    session.add(row)
    session.flush()
    session.add_all(FootprintKey(footprint_id=row.id, kind=kind, value=value) for kind, value in _keys(given))
    record(session, act, f"footprint.{origin.value}", "product_footprint", row.id, replaces=replaces and str(replaces))
    if before is not None:
        _deprecate(session, act, before)
        heirs = select(Partner).join(FootprintShare, col(FootprintShare.partner_id) == col(Partner.id))
        alive = heirs.where(FootprintShare.footprint_id == before.id, col(Partner.ended_at).is_(None))
        _share(session, act, row, session.exec(alive).all())
    session.flush()
    return shown(session, act, [row])[0]


def _content(act: Act, given: Declared, identifier: UUID, before: StoredFootprint | None) -> Mapping[str, Any]:
    own = {"id": str(identifier), "specVersion": SPECIFICATION, "created": act.at.astimezone(UTC)}
    lineage: list[str] = []
    if before is not None:
        earlier = json.loads(before.content).get("precedingPfIds", [])
        lineage = [str(before.id), *earlier][:1000]
    whole = {**own, "status": Standing.ACTIVE, "precedingPfIds": lineage or None, **given.wire()}
    sent = ProductFootprint.model_validate(whole).wire()
    del sent["status"]  # the one thing that changes
    return sent


def _geography(pcf: CarbonFootprint) -> str | None:
    named = pcf.geography_country_subdivision or pcf.geography_country or pcf.geography_region_or_subregion
    return None if named is None else named.casefold()


def _keys(given: Declared) -> list[tuple[KeyKind, str]]:
    listed = (
        (KeyKind.PRODUCT, given.product_ids),
        (KeyKind.COMPANY, given.company_ids),
        (KeyKind.CLASSIFICATION, given.product_classifications or []),
    )
    return [(kind, value.casefold()) for kind, values in listed for value in values]


def _own(session: Session, act: Act, identifier: UUID, *, hold: bool = False) -> StoredFootprint:
    """A footprint of one's own; with ``hold`` one that something may take the place of."""
    user = require(act, Role.ASSESSOR, Role.FACTORY)
    statement = select(StoredFootprint).where(StoredFootprint.id == identifier, owned(user))
    row = session.exec(statement.with_for_update() if hold else statement).one_or_none()
    if row is None or partner_of(session, act) is not None:
        raise FootprintUnknown(footprint=str(identifier))
    if hold and row.status is Standing.DEPRECATED:
        raise FootprintDeprecated(footprint=str(identifier))
    return row


def deprecate(session: Session, act: Act, identifier: UUID) -> Shown:
    """Say that a footprint is not to be used any more, and that none takes its place.

    Raises:
        WrongRole: the programme office.
        FootprintUnknown: none of one's own.
        FootprintDeprecated: it was said before.
    """
    row = _own(session, act, identifier, hold=True)
    _deprecate(session, act, row)
    announce(session, act, row, _readers(session, row))
    return shown(session, act, [row])[0]


def _deprecate(session: Session, act: Act, row: StoredFootprint) -> None:
    row.status, row.deprecated_at = Standing.DEPRECATED, act.at
    session.add(row)
    session.flush()
    record(session, act, "footprint.deprecated", "product_footprint", row.id)


def _readers(session: Session, row: StoredFootprint) -> Sequence[Partner]:
    shares = select(FootprintShare.partner_id).where(FootprintShare.footprint_id == row.id)
    return session.exec(select(Partner).where(col(Partner.id).in_(shares), col(Partner.ended_at).is_(None))).all()


def share(session: Session, act: Act, identifier: UUID, partners: Sequence[UUID]) -> Shown:
    """Say who may read a footprint; those who could not before are told of it.

    Raises:
        WrongRole: the programme office.
        FootprintUnknown: none of one's own.
        PartnerUnknown: one of them is none of one's own.
    """
    row = _own(session, act, identifier)
    wanted = set(partners)
    chosen = session.exec(
        select(Partner).where(
            col(Partner.id).in_(wanted), owned(require(act), Partner), col(Partner.ended_at).is_(None)
        )
    ).all()
    missing = wanted - {partner.id for partner in chosen}
    if missing:
        raise PartnerUnknown(partner=str(min(missing)))
    held = session.exec(select(FootprintShare).where(FootprintShare.footprint_id == row.id)).all()
    for each in held:
        if each.partner_id not in wanted:
            session.delete(each)
    before = {each.partner_id for each in held}
    gone = sorted(str(each) for each in before - wanted)
    if gone:
        record(session, act, "footprint.withheld", "product_footprint", row.id, partners=gone)
    _share(session, act, row, [partner for partner in chosen if partner.id not in before])
    session.flush()
    return shown(session, act, [row])[0]


def _share(session: Session, act: Act, row: StoredFootprint, partners: Sequence[Partner]) -> None:
    for partner in partners:
        session.add(FootprintShare(footprint_id=row.id, partner_id=partner.id, shared_at=act.at))
    if partners:
        told = sorted(str(partner.id) for partner in partners)
        record(session, act, "footprint.shared", "product_footprint", row.id, partners=told)
        announce(session, act, row, partners)
