"""Whose token a request carries, where it is that of a machine."""

from __future__ import annotations

from sqlmodel import Session

from itti.accounts.tables import ApiToken
from itti.acts import Acting
from itti.machines.tables import Machine


def by_token(session: Session, token: ApiToken) -> Acting | None:
    """The machine that acts by ``token``; None: a person does."""
    if token.machine_id is None:
        return None
    machine = session.get_one(Machine, token.machine_id)
    return Acting(machine.id, machine.name, machine.body_id, machine.factory_id)
