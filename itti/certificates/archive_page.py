"""Archive copies as a page of the programme office."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from urllib.parse import quote

from fastapi import APIRouter, Request
from starlette.responses import Response

from itti.certificates import archive
from itti.certificates.archive import Line, Shelf
from itti.certificates.office import OfficeOf
from itti.files.downloads import attachment
from itti.http.paging import PagingOf
from itti.web.visits import Member
from reports.report import Form

router = APIRouter()


@dataclass(frozen=True)
class ShownCopy:
    """What the archive has of a paper, as the page shows it."""

    form: str
    language: str
    state: str
    stamped_at: datetime | None
    stamped_by: str | None
    ends_at: datetime | None
    href: str | None


@dataclass(frozen=True)
class ShownShelf:
    """The papers of one certificate."""

    number: str
    factory: str
    href: str
    copies: tuple[ShownCopy, ...]


@router.get("/archive")
def list_archive(visit: Member, paging: PagingOf) -> Response:
    """The archive copies of all papers; programme office."""
    found = archive.listed(visit.session, visit.act, paging)
    return visit.show(
        "certificates/archive.html",
        rows=[_shown(shelf, visit.language) for shelf in found.rows],
        next_page=f"/archive?after={found.after}" if found.after else None,
    )


@router.get("/certificates/{number}/archive.pdf")
def download(  # noqa: PLR0913, PLR0917 - who asks for which copy
    number: str, request: Request, visit: Member, office: OfficeOf, form: Form = Form.FULL, language: str = "en"
) -> Response:
    """The newest archive copy of a paper."""
    found = archive.download(visit.session, visit.act, office, number, form=form, language=language)
    return attachment(request, found.read, media_type=found.media_type, name=found.name, sha256=found.sha256)


def _shown(shelf: Shelf, language: str) -> ShownShelf:
    row = shelf.certificate
    arabic = row.factory_name_ar if language == "ar" else None
    href = f"/certificates/{quote(row.number)}"
    return ShownShelf(row.number, arabic or row.factory_name, href, tuple(_copy(href, line) for line in shelf.lines))


def _copy(href: str, line: Line) -> ShownCopy:
    paper, copy = line.paper, line.copy
    return ShownCopy(
        form=paper.form.value,
        language=paper.language,
        state=line.state.value,
        stamped_at=copy.stamped_at if copy else None,
        stamped_by=copy.stamped_by if copy else None,
        ends_at=copy.ends_at if copy else None,
        href=f"{href}/archive.pdf?form={paper.form.value}&language={paper.language}" if copy else None,
    )
