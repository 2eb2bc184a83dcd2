"""Heads of the record that lie outside of it: in issued papers, and in files that were exported.

Whoever can write to the database can take the newest acts out of it along with tiles and heads, and leave a shorter
record that holds in itself. A head that somebody else keeps says how long it was.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from sqlmodel import Session, col, select

from itti.certificates.office import Office
from itti.certificates.tables import Certificate, CertificateFile
from itti.files.errors import FileLost
from itti.record.troubles import Troubles
from reports.notes import Head, NoteMalformedError, Verifier
from reports.recorded import carried


@dataclass(frozen=True)
class Anchor:
    """A head, and where it was found."""

    where: str
    head: Head


def in_papers(session: Session, office: Office, keys: Sequence[Verifier], troubles: Troubles) -> Iterator[Anchor]:
    """The heads in all issued papers; a paper that is lost or was changed is a trouble."""
    statement = (
        select(Certificate.number, CertificateFile)
        .join(CertificateFile, col(CertificateFile.certificate_id) == Certificate.id)
        .order_by(Certificate.number, CertificateFile.language, CertificateFile.form)
    )
    for number, row in session.exec(statement):
        try:
            record = carried(office.shelf.read(row.sha256))
        except FileLost:
            troubles.add("paper-lost", number=number, language=row.language, sha256=row.sha256)
            continue
        if record is not None:
            yield from _anchor(f"{number} ({row.form.value}, {row.language})", record.head, keys, troubles)


def in_files(paths: Sequence[Path], keys: Sequence[Verifier], troubles: Troubles) -> Iterator[Anchor]:
    """The heads in exported files."""
    for path in paths:
        try:
            text = path.read_text("utf-8")
        except (OSError, UnicodeDecodeError):
            troubles.add("anchor-unreadable", where=str(path))
            continue
        yield from _anchor(str(path), text, keys, troubles)


def _anchor(where: str, note: str, keys: Sequence[Verifier], troubles: Troubles) -> Iterator[Anchor]:
    try:
        head = Head.parse(note)
    except NoteMalformedError:
        troubles.add("anchor-unreadable", where=where)
        return
    if head.signer_among(keys) is None:
        troubles.add("anchor-unknown-key", where=where)
        return
    yield Anchor(where, head)
