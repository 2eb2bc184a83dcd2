"""The front door of exports: asked for by the programme office, made by a worker, fetched."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Session, col, select

from itti.accounts.roles import require
from itti.accounts.tables import Role
from itti.acts import Act
from itti.audit.service import record
from itti.certificates.tables import Certificate
from itti.errors import FieldMistake
from itti.http.errors import InvalidInput
from itti.http.paging import Paging, Slice, cut
from itti.queue.rows import JobState
from itti.results.errors import ExportNotReady, ExportUnknown
from itti.results.schemas import ExportInput
from itti.results.tables import ResultExport


def certified(session: Session, act: Act) -> Sequence[tuple[str, str]]:
    """Family and version of every questionnaire by which anybody was certified.

    Raises:
        SignInNeeded, WrongRole: not for this person.
    """
    require(act, Role.PROGRAMME)
    pair = (col(Certificate.family), col(Certificate.definition_version))
    return [(family, version) for family, version in session.execute(sa.select(*pair).distinct().order_by(*pair))]


def ask(session: Session, act: Act, given: ExportInput) -> ResultExport:
    """Have an export made; one that waits for its turn is not asked for twice.

    Raises:
        SignInNeeded, WrongRole: not for this person.
        InvalidInput: nobody was certified by that version.
    """
    user = require(act, Role.PROGRAMME)
    if (given.family, given.version) not in certified(session, act):
        raise InvalidInput.of(FieldMistake("/version", "nobody-certified", {}, room="itti.results"))
    waiting = select(ResultExport).where(
        ResultExport.family == given.family,
        ResultExport.version == given.version,
        ResultExport.state == JobState.WAITING,
    )
    found = session.exec(waiting).first()
    if found is not None:
        return found
    made = ResultExport(
        state=JobState.WAITING,
        next_try=act.at,
        family=given.family,
        version=given.version,
        asked_by=user.id,
        created_at=act.at,
    )
    session.add(made)
    session.flush()
    record(session, act, "results.asked", "result_export", made.id, family=made.family, version=made.version)
    return made


def exports(session: Session, act: Act, paging: Paging) -> Slice[ResultExport]:
    """Those asked for, the newest first.

    Raises:
        SignInNeeded, WrongRole: not for this person.
        MalformedCursor: ``paging`` was not made here.
    """
    require(act, Role.PROGRAMME)
    keys = (col(ResultExport.created_at), col(ResultExport.id))
    return cut(session, select(ResultExport), keys, paging, descending=True)


def one(session: Session, act: Act, identifier: UUID) -> ResultExport:
    """One of them.

    Raises:
        SignInNeeded, WrongRole: not for this person.
        ExportUnknown: there is none of that id.
    """
    require(act, Role.PROGRAMME)
    found = session.get(ResultExport, identifier)
    if found is None:
        raise ExportUnknown(export=identifier)
    return found


def files(session: Session, act: Act, identifier: UUID) -> tuple[ResultExport, bytes, bytes]:
    """One of them with its Parquet file and its dictionary.

    Raises:
        SignInNeeded, WrongRole: not for this person.
        ExportUnknown: there is none of that id.
        ExportNotReady: it is not made yet, or could not be.
    """
    found = one(session, act, identifier)
    if found.parquet is None or found.dictionary is None:
        raise ExportNotReady(export=identifier)
    return found, found.parquet, found.dictionary
