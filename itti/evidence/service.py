"""The front door of this room."""

from __future__ import annotations

import io
from collections.abc import Callable
from functools import partial
from hashlib import sha256
from typing import BinaryIO
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlmodel import Session

from itti.acts import Act
from itti.calendar.zones import day_in
from itti.evidence.attaching import KeptFile, attach, check, check_revision, keep, revise, shelf_of
from itti.evidence.errors import EvidenceExpired
from itti.evidence.linking import link, remove, unlink
from itti.evidence.reading import Proof, all_of, by_question, file, files, is_open, listed, of_assessment, whole
from itti.evidence.tables import EvidenceRevision
from itti.files.errors import FileLost
from itti.files.shelf import Contents
from itti.programme import rules

__all__ = [
    "KeptFile",
    "Proof",
    "all_of",
    "attach",
    "by_question",
    "check",
    "check_revision",
    "content",
    "content_of",
    "file",
    "files",
    "is_open",
    "keep",
    "link",
    "listed",
    "of_assessment",
    "remove",
    "revise",
    "shelf_of",
    "unlink",
    "whole",
]


def content(
    session: Session, act: Act, shelf: Contents, identifier: UUID, number: int | None = None
) -> tuple[EvidenceRevision, Callable[[], BinaryIO]]:
    """One revision of evidence (None: the one in force), and what opens its content (:func:`content_of`).

    Raises:
        NoSuchEvidence: none, none for this person, or no such revision.
    """
    revision = file(session, act, identifier).revision(number)
    return revision, partial(content_of, shelf, revision, rules(session).zone)


def content_of(shelf: Contents, revision: EvidenceRevision, zone: ZoneInfo) -> BinaryIO:
    """The content of a revision, checked against its digest: from the shelf, or of a note from its row.

    Raises:
        EvidenceExpired: it is kept no more.
        FileLost: it is not there, or is another.
        StorageUnreachable: the store does not answer.
    """
    if revision.expired_at is not None:
        raise EvidenceExpired(day=day_in(zone, revision.expired_at).isoformat(), sha256=revision.sha256)
    if revision.text is None:
        return shelf.open(revision.sha256)
    text = revision.text.encode()
    if sha256(text).hexdigest() != revision.sha256:
        raise FileLost(sha256=revision.sha256)
    return io.BytesIO(text)
