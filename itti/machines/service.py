"""The front door of this room: machines registered, given other secrets, revoked; and what they get for a secret.

An assessor registers machines that act for them, the programme office those of any assessor, who keeps the tools of a
body (:mod:`itti.accounts.keepers`) those of its assessors. People of factories register theirs, for footprints alone
(:mod:`itti.footprints`).
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Final
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Session, col, select

from itti.accounts.roles import require, require_fresh
from itti.accounts.scopes import Scope, joined
from itti.accounts.tables import ApiToken, Role, User
from itti.accounts.telling import Change, tell
from itti.accounts.tokens import keyed_hash, make_secret
from itti.accounts.uses import COARSE
from itti.acts import Act, Acting
from itti.audit.service import record
from itti.errors import FieldMistake
from itti.http.errors import InvalidInput
from itti.machines import keeping
from itti.machines.assertions import Unproven
from itti.machines.errors import ROOM, GrantRefused, MachineRevoked, MachineUnknown, TooManyMachines
from itti.machines.schemas import KeysInput, MachineInput, RotationInput
from itti.machines.shown import Given, Shown
from itti.machines.tables import Machine, MachineSecret
from itti.settings import Settings

MOST: Final = 20
"""Machines in force that act for one person."""

OF_FACTORIES: Final = frozenset({Scope.FOOTPRINTS_READ, Scope.FOOTPRINTS_WRITE})
"""What machines of factories may do, at most."""

TOKEN_GOOD_FOR: Final = timedelta(hours=1)

_SECRET: Final = "machine-secret"  # noqa: S105 - a purpose, not a secret
_TOKEN: Final = "api-token"  # noqa: S105 - likewise; the purpose of all bearer tokens


def machines(session: Session, act: Act) -> Sequence[Shown]:
    """Machines that act for who asks, or that they see to, for the office all; those in force first, then by name."""
    user = require(act)
    statement = select(Machine, User).join(User, col(User.id) == Machine.assessor_id)
    if user.role is not Role.PROGRAMME:
        of_body = col(Machine.body_id) == user.body_id if user.keeps_tools else sa.false()
        statement = statement.where(sa.or_(col(Machine.assessor_id) == user.id, of_body))
    ordered = statement.order_by(col(Machine.revoked_at).is_not(None), col(Machine.name), col(Machine.id))
    found = session.exec(ordered).all()
    good = _good_secrets(session, act, [machine.id for machine, _ in found])
    return [Shown(machine, owner, good.get(machine.id, [])) for machine, owner in found]


def assessors(session: Session, act: Act) -> Sequence[User]:
    """For whom the person who asks may register machines, by name."""
    user = require(act)
    if user.role is not Role.PROGRAMME and not user.keeps_tools:
        return [user]
    statement = select(User).where(User.role == Role.ASSESSOR, col(User.disabled_at).is_(None))
    if user.role is not Role.PROGRAMME:
        statement = statement.where(User.body_id == user.body_id)
    return session.exec(statement.order_by(col(User.name), col(User.id))).all()


def machine(session: Session, act: Act, machine_id: UUID) -> Shown:
    """One of them.

    Raises:
        MachineUnknown: there is none, or none that this person sees to.
    """
    return _shown(session, act, _one(session, act, machine_id))


def register(session: Session, act: Act, settings: Settings, new: MachineInput) -> Given:
    """Register a machine; its first secret is in the answer, and nowhere else.

    Raises:
        FreshSignInNeeded: the proof of who asks is too old.
        InvalidInput: it cannot act for that person, or may not do so much.
        TooManyMachines: there are enough.
    """
    user = require(act)
    require_fresh(act)
    assessor = session.get(User, new.assessor_id) if new.assessor_id else user
    may = assessor is not None and _may_register(user, assessor)
    if assessor is None or not may or not _may_have_machines(assessor):
        raise InvalidInput.of(FieldMistake("/assessor_id", "not-that-assessor", {}, room=ROOM))
    if assessor.role is Role.FACTORY and not OF_FACTORIES.issuperset(new.scopes):
        raise InvalidInput.of(FieldMistake("/scopes", "footprints-alone", {}, room=ROOM))
    # Locked, so that two requests at the same moment do not both make the last one.
    session.exec(select(User.id).where(User.id == assessor.id).with_for_update()).one()
    owned = select(sa.func.count()).where(col(Machine.assessor_id) == assessor.id, col(Machine.revoked_at).is_(None))
    if session.execute(owned).scalar_one() >= MOST:
        raise TooManyMachines(most=MOST)
    made = Machine(
        body_id=assessor.body_id,
        factory_id=assessor.factory_id,
        assessor_id=assessor.id,
        name=new.name,
        scopes=joined(new.scopes),
        created_by=user.id,
        created_at=act.at,
    )
    session.add(made)
    session.flush()
    record(
        session,
        act,
        "machine.registered",
        "machine",
        made.id,
        name=made.name,
        scopes=made.scopes,
        **({"body": str(made.body_id)} if made.body_id else {"factory": str(made.factory_id)}),
        assessor=str(assessor.id),
    )
    if assessor.id != user.id:
        tell(session, act, assessor, Change.MACHINE_ADDED, name=made.name)
    secret = _new_secret(session, act, settings, made, new.secret_days)
    return Given(_shown(session, act, made), secret)


def rotate(session: Session, act: Act, settings: Settings, machine_id: UUID, given: RotationInput) -> Given:
    """Give a machine another secret. The last one is good for some hours more; earlier ones end at once.

    Raises:
        MachineUnknown: there is none, or none that this person sees to.
        FreshSignInNeeded: the proof of who asks is too old.
        MachineRevoked: it gets none any more.
    """
    found = _in_force(session, act, machine_id)
    require_fresh(act)
    until = act.at + timedelta(hours=given.overlap_hours)
    for number, earlier in enumerate(_good_secrets(session, act, [found.id]).get(found.id, [])):
        earlier.expires_at = min(earlier.expires_at, act.at if number else until)
    record(session, act, "machine.rotated", "machine", found.id, overlap_hours=given.overlap_hours)
    secret = _new_secret(session, act, settings, found, given.secret_days)
    return Given(_shown(session, act, found), secret)


def revoke(session: Session, act: Act, machine_id: UUID) -> Shown:
    """Let a machine in no more, at once and for good: its secrets and its tokens end.

    Raises:
        MachineUnknown: there is none, or none that this person sees to.
        MachineRevoked: it was done before.
    """
    found = _in_force(session, act, machine_id)
    end(session, act, found)
    return _shown(session, act, found)


def end(session: Session, act: Act, found: Machine) -> None:
    """The same for a machine whose caller knows that who acts may; nothing happens to one that was revoked before."""
    if found.revoked_at is not None:
        return
    found.revoked_at = act.at
    secrets = sa.update(MachineSecret).where(
        col(MachineSecret.machine_id) == found.id, col(MachineSecret.expires_at) > act.at
    )
    session.execute(secrets.values(expires_at=act.at))
    tokens = sa.update(ApiToken).where(col(ApiToken.machine_id) == found.id, col(ApiToken.revoked_at).is_(None))
    session.execute(tokens.values(revoked_at=act.at))
    session.flush()
    record(session, act, "machine.revoked", "machine", found.id)


def set_keys(session: Session, act: Act, settings: Settings, machine_id: UUID, given: KeysInput) -> Shown:
    """Say by which keys a machine may prove itself; those of before are good no more.

    Raises:
        MachineUnknown: there is none, or none that this person sees to.
        FreshSignInNeeded: the proof of who asks is too old.
        MachineRevoked: it gets none any more.
        InvalidInput: they are no public keys, or lie where nobody may be called.
    """
    found = _in_force(session, act, machine_id)
    require_fresh(act)
    keeping.enter(found, settings, given)
    record(session, act, "machine.keys-changed", "machine", found.id, **keeping.told(found), end=given.end_secrets)
    if given.end_secrets:
        for secret in _good_secrets(session, act, [found.id]).get(found.id, []):
            secret.expires_at = act.at
    session.flush()
    return _shown(session, act, found)


# What machines do themselves


def authenticate(session: Session, act: Act, settings: Settings, machine_id: str, secret: str) -> Machine:
    """The machine of that id and secret.

    Raises:
        GrantRefused: ``invalid_client``: there is none, the secret is not good (any more), it was revoked, or whom it
            acts for was shut out or is of another body or factory now.
    """
    digest = keyed_hash(settings, _SECRET, secret)
    row = session.exec(select(MachineSecret).where(MachineSecret.secret_hash == digest)).one_or_none()
    found = None if row is None or row.expires_at <= act.at else session.get(Machine, row.machine_id)
    if found is None or str(found.id) != machine_id.lower():
        raise GrantRefused("invalid_client")
    return _let_in(session, found)


def authenticate_by_key(session: Session, act: Act, settings: Settings, signed: Unproven, audience: str) -> Machine:
    """The machine that has ``signed`` for ``audience``.

    Raises:
        GrantRefused: ``invalid_client``: it does not hold or came before, or as :func:`authenticate` says.
    """
    return _let_in(session, keeping.check(session, act, settings, signed, audience))


def grant(session: Session, act: Act, settings: Settings, found: Machine, asked: str | None) -> tuple[str, str]:
    """A token for a machine that proved itself, and its scopes: those ``asked`` for, or all it may have.

    Not in the record, where tools that ask for one each time would drown all else: what is done by it is.

    Raises:
        GrantRefused: ``invalid_scope``: it may not have all of them.
    """
    allowed = found.scopes.split()
    wanted = allowed if asked is None else asked.split()
    if not wanted or not set(wanted) <= set(allowed):
        raise GrantRefused("invalid_scope")
    scopes = " ".join(scope for scope in allowed if scope in wanted)
    over = sa.delete(ApiToken).where(col(ApiToken.machine_id) == found.id, col(ApiToken.expires_at) <= act.at)
    session.execute(over)
    secret = make_secret()
    token = ApiToken(
        user_id=found.assessor_id,
        label=found.name,
        token_hash=keyed_hash(settings, _TOKEN, secret),
        created_at=act.at,
        last_used_at=act.at,
        expires_at=act.at + TOKEN_GOOD_FOR,
        scopes=scopes,
        machine_id=found.id,
    )
    session.add(token)
    if found.last_used_at is None or act.at - found.last_used_at >= COARSE:
        found.last_used_at = act.at
    session.flush()
    return secret, scopes


def give_back(session: Session, act: Act, settings: Settings, found: Machine, token: str) -> None:
    """End a token of the machine; nothing happens when it is no such one (RFC 7009, section 2.2)."""
    digest = keyed_hash(settings, _TOKEN, token)
    row = session.exec(select(ApiToken).where(ApiToken.token_hash == digest)).one_or_none()
    if row is not None and row.machine_id == found.id and row.revoked_at is None:
        row.revoked_at = act.at
        session.flush()
        machine = Acting(found.id, found.name, found.body_id, found.factory_id)
        own = act.by(session.get(User, found.assessor_id), machine=machine)
        record(session, own, "token.revoked", "api_token", row.id)


def _let_in(session: Session, found: Machine) -> Machine:
    assessor = session.get_one(User, found.assessor_id)
    stayed = (assessor.body_id, assessor.factory_id) == (found.body_id, found.factory_id)
    is_theirs = _may_have_machines(assessor) and stayed
    if found.revoked_at is not None or not is_theirs:
        raise GrantRefused("invalid_client")
    return found


def _may_have_machines(assessor: User) -> bool:
    return assessor.role in {Role.ASSESSOR, Role.FACTORY} and assessor.disabled_at is None


def _sees_to(user: User, assessor_id: UUID, body_id: UUID | None) -> bool:
    """Whether ``user`` sees to the machines of that assessor: it is themselves, they keep the body's, or the office."""
    return user.role is Role.PROGRAMME or user.id == assessor_id or (user.keeps_tools and user.body_id == body_id)


def _may_register(user: User, assessor: User) -> bool:
    return user.id == assessor.id or (assessor.role is Role.ASSESSOR and _sees_to(user, assessor.id, assessor.body_id))


def _one(session: Session, act: Act, machine_id: UUID) -> Machine:
    user = require(act)
    found = session.get(Machine, machine_id)
    if found is None or not _sees_to(user, found.assessor_id, found.body_id):
        raise MachineUnknown(machine=machine_id)
    return found


def _in_force(session: Session, act: Act, machine_id: UUID) -> Machine:
    found = _one(session, act, machine_id)
    session.refresh(found, with_for_update=True)
    if found.revoked_at is not None:
        raise MachineRevoked(name=found.name)
    return found


def _shown(session: Session, act: Act, found: Machine) -> Shown:
    good = _good_secrets(session, act, [found.id]).get(found.id, [])
    return Shown(found, session.get_one(User, found.assessor_id), good)


def _good_secrets(session: Session, act: Act, ids: Sequence[UUID]) -> dict[UUID, list[MachineSecret]]:
    statement = (
        select(MachineSecret)
        .where(col(MachineSecret.machine_id).in_(ids), MachineSecret.expires_at > act.at)
        .order_by(col(MachineSecret.created_at).desc(), col(MachineSecret.id))
    )
    found: dict[UUID, list[MachineSecret]] = {}
    for secret in session.exec(statement):
        found.setdefault(secret.machine_id, []).append(secret)
    return found


def _new_secret(session: Session, act: Act, settings: Settings, found: Machine, days: int) -> str:
    secret = make_secret()
    row = MachineSecret(
        machine_id=found.id,
        secret_hash=keyed_hash(settings, _SECRET, secret),
        created_at=act.at,
        expires_at=act.at + timedelta(days=days),
    )
    session.add(row)
    session.flush()
    return secret
