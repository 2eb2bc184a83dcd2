"""Whose results are exported: the factories whose certificate is in force, with the values that it states."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

import sqlalchemy as sa
from sqlmodel import Session, col

from itti.certificates.tables import Certificate, CertificateState
from itti.factories.tables import Factory
from questionnaires.digest import digest
from questionnaires.model import Definition
from reports.report import Standing
from scoring.benchmark import Member, size_class

TRAITS = ("sector", "size", "region")
"""What groups are made by, the most important first."""

_AT_ONCE = 256


@dataclass(frozen=True)
class Counted:
    """Who counts in an export."""

    members: Mapping[str, list[Member]]
    """Node → everybody who states a value there."""

    certificates: Mapping[str, str]
    """Member → the number of the certificate that counts."""


def members_of(session: Session, definition: Definition, on: date, sizes: Sequence[int], standing: Standing) -> Counted:
    """Everybody whose certificate of this very questionnaire is in force on that day, by the nodes that it values.

    Members are named by the ids of their factories, each once; traits are those of the factory today. Scorecards are
    read a few at a time. Checks no rights.
    """
    found: dict[str, list[Member]] = {node.id: [] for node in definition.nodes}
    statement = (
        sa.select(
            col(Certificate.factory_id),
            col(Certificate.number),
            col(Certificate.scorecard),
            col(Factory.sector),
            col(Factory.employees),
            col(Factory.region),
        )
        .join(Factory, col(Factory.id) == col(Certificate.factory_id))
        .where(
            col(Certificate.digest) == digest(definition),
            col(Certificate.standing) == standing.value,
            col(Certificate.state) == CertificateState.ISSUED,
            col(Certificate.issued_on) <= on,
            col(Certificate.expires_on) >= on,
        )
        .order_by(col(Certificate.factory_id), col(Certificate.issued_on).desc(), col(Certificate.number).desc())
        .execution_options(yield_per=_AT_ONCE)
    )
    last, numbers = None, dict[str, str]()
    for factory, number, scorecard, sector, employees, region in session.connection().execute(statement):
        if factory == last:
            continue
        last = factory
        numbers[str(factory)] = number
        traits = {"sector": sector.value, "size": size_class(employees, sizes), "region": region}
        for node in json.loads(scorecard)["nodes"]:
            if node["value"] is not None and node["id"] in found:
                found[node["id"]].append(Member(str(factory), Fraction(node["value"]), traits))
    return Counted(found, numbers)
