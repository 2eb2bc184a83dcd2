"""Archive copies: sealed papers stamped again before what proves their seals grows weak.

The issued paper never changes and is the one that is served. Beside it lies an archive copy with a stamp over all of
it; each further stamp makes a further copy, and the register knows the digests of all of them. One paper is one
transaction: whoever is interrupted begins again and finds what is done.
"""

import io
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from functools import partial
from typing import Final
from uuid import UUID

from sqlmodel import Session, col, select

from itti.accounts.roles import require
from itti.accounts.tables import Role
from itti.acts import Act
from itti.audit.service import record
from itti.certificates import jobs, register, verification
from itti.certificates.errors import ArchiveCopyDoubtful, NoArchiveCopy
from itti.certificates.office import Office
from itti.certificates.register import Download
from itti.certificates.tables import ArchiveCopy, Certificate, CertificateFile
from itti.database import Database
from itti.http.paging import Paging, Slice, cut
from reports.archive import ALGORITHM, Archived
from reports.report import Form
from reports.seal import Level
from reports.verify import SealState

AHEAD_DAYS: Final = 400
"""A copy is stamped again when its last stamp's certificate ends within so many days: a yearly run leaves no gap."""

_REST: Final = timedelta(days=30)
"""So long nothing is stamped again: an authority with short certificates would else stamp at every run."""


@dataclass(frozen=True)
class Due:
    """A paper that needs an archive stamp."""

    file_id: UUID
    number: str
    language: str
    form: Form
    sha256: str
    """Of what is to be stamped: the paper, or its newest archive copy."""

    is_first: bool


def due(session: Session, now: datetime, ahead_days: int = AHEAD_DAYS) -> list[Due]:
    """The papers of all certificates that need an archive stamp, in the order of their numbers."""
    newest = {copy.file_id: copy for copy in session.exec(select(ArchiveCopy).order_by(col(ArchiveCopy.stamped_at)))}
    statement = (
        select(CertificateFile, Certificate.number)
        .join(Certificate, col(Certificate.id) == CertificateFile.certificate_id)
        .order_by(Certificate.number, CertificateFile.form, CertificateFile.language)
    )
    found = []
    for paper, number in session.exec(statement):
        copy = newest.get(paper.id)
        if copy is None or _is_due(copy, now, ahead_days):
            sha256 = paper.sha256 if copy is None else copy.sha256
            found.append(Due(paper.id, number, paper.language, paper.form, sha256, copy is None))
    return found


def _is_due(copy: ArchiveCopy, now: datetime, ahead_days: int) -> bool:
    if copy.algorithm != ALGORITHM:
        return True
    rested = now - copy.stamped_at > _REST or copy.ends_at - now < _REST
    return rested and copy.ends_at - now < timedelta(days=ahead_days)


def stamp(database: Database, office: Office, one: Due, act: Act) -> Archived:
    """Stamp one paper, verify the copy as anybody would, keep it and enter it; one transaction, after the stamp.

    Raises:
        FileLost: the paper is not on the shelf, or was changed there.
        ArchiveCopyDoubtful: what came out does not verify; nothing was kept.
        reports.errors.ReportFault: as stamping says; some of them may be tried again.
    """
    made = office.sealing.run(jobs.stamp_copy, jobs.Copy(office.shelf.read(one.sha256), office.key, act.at))
    found = verification.examine(office, made.pdf)
    if found.seal.state is not SealState.INTACT or found.seal.level != Level.LTA.value:
        raise ArchiveCopyDoubtful(number=one.number, reason=found.seal.code)
    kept = office.shelf.keep(io.BytesIO(made.pdf))
    with database.writing() as session:
        session.add(
            ArchiveCopy(
                file_id=one.file_id,
                sha256=kept.sha256,
                size=kept.size,
                algorithm=ALGORITHM,
                stamped_at=made.stamped_at,
                stamped_by=made.stamped_by[:300],
                ends_at=made.ends,
            )
        )
        paper = session.get_one(CertificateFile, one.file_id)
        details = {"number": one.number, "language": one.language, "form": one.form.value, "sha256": kept.sha256}
        record(session, act, "certificate.archive-stamped", "certificate", paper.certificate_id, **details)
    return made


def ending(session: Session, now: datetime, ahead: timedelta) -> list[datetime]:
    """When the last stamps of papers end, of those that end within ``ahead``."""
    newest = {copy.file_id: copy for copy in session.exec(select(ArchiveCopy).order_by(col(ArchiveCopy.stamped_at)))}
    return [copy.ends_at for copy in newest.values() if copy.ends_at - now < ahead]


class CopyState(StrEnum):
    """What the archive has of a paper; words under ``archive.<name>``."""

    MISSING = "missing"
    """No copy yet."""

    KEPT = "kept"
    DUE = "due"
    """A copy whose stamp has to be renewed by now."""


@dataclass(frozen=True)
class Line:
    """A paper and its newest archive copy."""

    paper: CertificateFile
    copy: ArchiveCopy | None
    state: CopyState


@dataclass(frozen=True)
class Shelf:
    """The papers of one certificate with what the archive has of them."""

    certificate: Certificate
    lines: tuple[Line, ...]


def listed(session: Session, act: Act, paging: Paging) -> Slice[Shelf]:
    """All certificates with what the archive has of their papers, in the order of their numbers. Programme office.

    Raises:
        SignInNeeded, WrongRole: not for this person.
    """
    require(act, Role.PROGRAMME)
    found = cut(session, select(Certificate), (col(Certificate.number),), paging)
    papers = register.files(session, found.rows)
    identifiers = [paper.id for each in papers.values() for paper in each]
    statement = select(ArchiveCopy).where(col(ArchiveCopy.file_id).in_(identifiers))
    newest = {copy.file_id: copy for copy in session.exec(statement.order_by(col(ArchiveCopy.stamped_at)))}
    rows = [
        Shelf(row, tuple(_line(paper, newest.get(paper.id), act.at) for paper in papers[row.id])) for row in found.rows
    ]
    return Slice(rows, found.after)


def _line(paper: CertificateFile, copy: ArchiveCopy | None, now: datetime) -> Line:
    if copy is None:
        return Line(paper, None, CopyState.MISSING)
    return Line(paper, copy, CopyState.DUE if _is_due(copy, now, AHEAD_DAYS) else CopyState.KEPT)


def download(  # noqa: PLR0913 - who asks for which copy
    session: Session, act: Act, office: Office, number: str, *, form: Form, language: str
) -> Download:
    """The newest archive copy of a paper. Programme office.

    Raises:
        SignInNeeded, WrongRole: not for this person.
        NoSuchCertificate: no such number.
        NoArchiveCopy: nothing of that paper was stamped yet.
    """
    require(act, Role.PROGRAMME)
    certificate = register.entry(session, number)
    statement = (
        select(ArchiveCopy)
        .join(CertificateFile, col(CertificateFile.id) == ArchiveCopy.file_id)
        .where(
            CertificateFile.certificate_id == certificate.id,
            CertificateFile.form == form,
            CertificateFile.language == language,
        )
        .order_by(col(ArchiveCopy.stamped_at).desc())
    )
    copy = session.exec(statement).first()
    if copy is None:
        raise NoArchiveCopy(number=certificate.number)
    name = f"{certificate.number}-{'short-' if form is Form.SHORT else ''}{language}-archive.pdf"
    return Download(partial(office.shelf.read, copy.sha256), "application/pdf", name, copy.sha256)


def copies(session: Session, file_id: UUID) -> Iterator[ArchiveCopy]:
    """The archive copies of a paper, the oldest first."""
    yield from session.exec(
        select(ArchiveCopy).where(ArchiveCopy.file_id == file_id).order_by(col(ArchiveCopy.stamped_at))
    )
