"""The keys of machines: entered by people, read anew from where they lie, and what they prove.

Keys that lie at an address are read anew after an hour, and sooner for a key that is not known yet, but never more
often than once a minute: who knows the name of a machine, which is no secret, makes nobody be called more often than
that. What could not be read for a day is good no more, so that a key that was taken away ends even if the address is
gone.
"""

from __future__ import annotations

import http.client
import json
import logging
from datetime import datetime, timedelta
from typing import Final
from urllib.parse import urlsplit
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Session, col, select

from itti.accounts.tokens import keyed_hash
from itti.acts import Act
from itti.audit.service import record
from itti.errors import FieldMistake
from itti.http.errors import InvalidInput
from itti.machines.assertions import Unproven, proven
from itti.machines.errors import ROOM, GrantRefused
from itti.machines.keys import MOST, PublicKey, Unusable, kept, taken
from itti.machines.schemas import KeysInput
from itti.machines.tables import Machine, MachineAssertion
from itti.settings import Settings
from itti.webhooks.addresses import check_host, target_of
from itti.webhooks.calling import fetch
from itti.webhooks.errors import WebhookAddressUnsafe

ANEW_AFTER: Final = timedelta(hours=1)
NOT_SOONER_THAN: Final = timedelta(minutes=1)
GOOD_FOR: Final = timedelta(days=1)

AT_ONCE: Final = 4
"""Requests that may wait for keys at the same time."""

_PURPOSE: Final = "machine-assertion"
_LARGEST: Final = 64_000
_SECONDS: Final = 5.0

_logger = logging.getLogger("itti")


def enter(machine: Machine, settings: Settings, given: KeysInput) -> None:
    """Keep the keys that somebody entered, or where they lie; neither: it has none any more.

    Raises:
        InvalidInput: they are no public keys, or lie where nobody may be called.
    """
    if given.jwks is not None and given.jwks_uri is not None:
        raise _mistake("/jwks_uri", "keys-twice")
    try:
        found = [] if given.jwks is None else taken(given.jwks)
    except Unusable as error:
        raise _mistake("/jwks", error.why) from error
    if given.jwks_uri is not None:
        private = settings.webhook_private
        try:
            check_host(target_of(given.jwks_uri, private=private), private=private)
        except WebhookAddressUnsafe as error:
            raise _mistake("/jwks_uri", "keys-address-unsafe") from error
    machine.keys = [dict(key.members) for key in found]
    machine.keys_address = given.jwks_uri
    machine.keys_read_at = machine.keys_tried_at = None


def _mistake(pointer: str, key: str) -> InvalidInput:
    return InvalidInput.of(FieldMistake(pointer, key, {"most": MOST}, room=ROOM))


def address_of(session: Session, at: datetime, unproven: Unproven) -> tuple[UUID, str] | None:
    """The machine whose keys are to be read before ``unproven`` is checked, and where; None: those kept will do."""
    found = by_name(session, unproven.machine)
    if found is None or found.keys_address is None or found.revoked_at is not None:
        return None
    if found.keys_tried_at is not None and at - found.keys_tried_at < NOT_SOONER_THAN:
        return None
    is_fresh = found.keys_read_at is not None and at - found.keys_read_at < ANEW_AFTER
    if is_fresh and unproven.candidates(kept(found.keys)):
        return None
    return found.id, found.keys_address


def read_from(settings: Settings, address: str) -> list[PublicKey] | None:
    """The keys at an address; None: there are none, or nothing came back. Takes its time: call it in no transaction."""
    private = settings.webhook_private
    try:
        content = fetch(target_of(address, private=private), private=private, most=_LARGEST, seconds=_SECONDS)
        return taken(json.loads(content))
    except (OSError, http.client.HTTPException, ValueError, RecursionError, Unusable, WebhookAddressUnsafe):
        _logger.warning("the keys of a machine could not be read")
        return None


def note(session: Session, act: Act, machine_id: UUID, address: str, found: list[PublicKey] | None) -> None:
    """Keep what was read at ``address``, unless the machine has another one since."""
    machine = session.get(Machine, machine_id, with_for_update=True)
    if machine is None or machine.keys_address != address:
        return
    machine.keys_tried_at = act.at
    if found is not None:
        before, machine.keys_read_at = machine.keys, act.at
        machine.keys = [dict(key.members) for key in found]
        if machine.keys != before:
            record(session, act, "machine.keys-read", "machine", machine.id, **told(machine))
    session.flush()


def told(machine: Machine) -> dict[str, object]:
    """What the record keeps of the keys of a machine."""
    host = urlsplit(machine.keys_address).hostname if machine.keys_address else None
    return {"keys": [key.thumbprint for key in kept(machine.keys)], "host": host}


def check(session: Session, act: Act, settings: Settings, unproven: Unproven, audience: str) -> Machine:
    """The machine that proves itself by what it signed, which counts once.

    Raises:
        GrantRefused: ``invalid_client``: it proves nothing, or did so before.
    """
    found = by_name(session, unproven.machine)
    if found is None:
        raise GrantRefused("invalid_client")
    session.refresh(found, with_for_update=True)  # so that of two at the same moment one comes later
    too_old = found.keys_address is not None and (found.keys_read_at is None or act.at - found.keys_read_at > GOOD_FOR)
    held = proven(unproven, [] if too_old else kept(found.keys), audience, act.at)
    over = sa.delete(MachineAssertion).where(
        col(MachineAssertion.machine_id) == found.id, col(MachineAssertion.expires_at) <= act.at
    )
    session.execute(over)
    name = keyed_hash(settings, _PURPOSE, held.name)
    before = select(MachineAssertion.id).where(
        MachineAssertion.machine_id == found.id, MachineAssertion.name_hash == name
    )
    if session.exec(before).first() is not None:
        raise GrantRefused("invalid_client")
    session.add(MachineAssertion(machine_id=found.id, name_hash=name, expires_at=held.until))
    session.flush()
    return found


def by_name(session: Session, name: str) -> Machine | None:
    """The machine that signs in as ``name``."""
    try:
        return session.get(Machine, UUID(name))
    except ValueError:
        return None
