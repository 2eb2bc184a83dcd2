"""What the programme office keeps an eye on, over HTTP: archive copies, and what has to be seen to in time."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal, Self

from fastapi import APIRouter, Query, Request, Response
from pydantic import BaseModel, Field

from itti.accounts.errors import WrongRole
from itti.certificates import archive, watch
from itti.certificates.archive import CopyState, Line, Shelf
from itti.certificates.errors import NoArchiveCopy, NoSuchCertificate
from itti.certificates.office import OfficeOf
from itti.files.downloads import attachment
from itti.files.errors import FileLost
from itti.http.bearer import ENTRY, SettingsOf, SignedIn
from itti.http.languages import request_language
from itti.http.openapi import problems
from itti.http.paging import PAGED, MalformedCursor, Page, PagingOf, link_next
from itti.http.transactions import Transaction
from reports.report import Form

router = APIRouter()


class ArchiveCopyView(BaseModel):
    """What the archive has of one paper."""

    form: Form = Field(description="`report`: the whole; `short`: the scorecard on two pages.", examples=["report"])
    language: str = Field(description="Language of the paper.", examples=["en"])
    state: CopyState = Field(
        description="`missing`: no copy yet; `due`: its stamp has to be renewed by now; `kept`.", examples=["kept"]
    )
    sha256: str | None = Field(description="SHA-256 of the newest copy, hexadecimal.", examples=["9f2c" * 16])
    size: int | None = Field(description="Its size in bytes.", examples=[243_204])
    stamped_at: datetime | None = Field(
        description="When its last stamp was made (UTC).", examples=["2026-11-22T08:00:00Z"]
    )
    stamped_by: str | None = Field(description="Who made it.", examples=["Example time-stamp authority"])
    ends_at: datetime | None = Field(
        description="When the certificate that made it ends (UTC).", examples=["2031-11-22T08:00:00Z"]
    )

    @classmethod
    def of(cls, line: Line) -> Self:
        """As the API shows ``line``."""
        copy = line.copy
        return cls(
            form=line.paper.form,
            language=line.paper.language,
            state=line.state,
            sha256=copy.sha256 if copy else None,
            size=copy.size if copy else None,
            stamped_at=copy.stamped_at if copy else None,
            stamped_by=copy.stamped_by if copy else None,
            ends_at=copy.ends_at if copy else None,
        )


class ArchiveView(BaseModel):
    """The papers of one certificate with what the archive has of them."""

    number: str = Field(description="Number of the certificate.", examples=["TI-2026-00001"])
    papers: list[ArchiveCopyView] = Field(description="Its papers, by form and language.")

    @classmethod
    def of(cls, shelf: Shelf) -> Self:
        """As the API shows ``shelf``."""
        return cls(number=shelf.certificate.number, papers=[ArchiveCopyView.of(line) for line in shelf.lines])


class NoticeView(BaseModel):
    """One thing that the office has to see to."""

    code: str = Field(description="What it is, as a stable word.", examples=["ends"])
    sentence: str = Field(
        description="What it is and what to do, in the language of the reader.",
        examples=["The certificate that seals ends on 2027-01-15 (54 days). Order a new certificate now."],
    )


@router.get(
    "/archive-copies",
    operation_id="listArchiveCopies",
    summary="List the archive copies of all papers",
    responses=problems(*ENTRY, WrongRole, MalformedCursor) | PAGED,
)
def list_archive_copies(
    request: Request, response: Response, session: Transaction, act: SignedIn, paging: PagingOf
) -> Page[ArchiveView]:
    """Programme office. In the order of the certificates' numbers."""
    found = archive.listed(session, act, paging)
    link_next(request, response, found.after)
    return Page[ArchiveView](items=[ArchiveView.of(shelf) for shelf in found.rows])


@router.get(
    "/certificates/{number}/archive.pdf",
    operation_id="downloadArchiveCopy",
    summary="Download the newest archive copy of a paper",
    response_class=Response,
    responses=problems(*ENTRY, WrongRole, NoSuchCertificate, NoArchiveCopy, FileLost)
    | {
        200: {"description": "The file, as an attachment.", "content": {"application/pdf": {}}},
        304: {"description": "The caller has it already."},
    },
)
def download_archive_copy(  # noqa: PLR0913, PLR0917 - who asks for which copy
    number: str,
    request: Request,
    session: Transaction,
    act: SignedIn,
    office: OfficeOf,
    form: Annotated[Form, Query(description="Form of the paper.")] = Form.FULL,
    language: Annotated[Literal["en", "ar"] | None, Query(description="Language of the paper.")] = None,
) -> Response:
    """Programme office. The issued paper, byte for byte, with its archive stamps after it (PAdES-B-LTA)."""
    chosen = language or request_language(request)
    found = archive.download(session, act, office, number, form=form, language=chosen)
    return attachment(request, found.read, media_type=found.media_type, name=found.name, sha256=found.sha256)


@router.get(
    "/notices",
    operation_id="listNotices",
    summary="List what the office has to see to in time",
    responses=problems(*ENTRY, WrongRole),
)
def list_notices(request: Request, session: Transaction, act: SignedIn, settings: SettingsOf) -> list[NoticeView]:
    """Programme office. Sixty days before the sealing key, a root of time stamps or an archive stamp ends."""
    language = request_language(request)
    return [
        NoticeView(code=notice.code, sentence=notice.sentence(language))
        for notice in watch.notices(session, act, settings)
    ]
