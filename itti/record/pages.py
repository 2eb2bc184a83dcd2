"""The record as pages: for everybody its head and how to check it, for those concerned the acts."""

from __future__ import annotations

import base64
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query
from starlette.responses import PlainTextResponse, Response

from itti.accounts.tables import Role
from itti.assessments.parties import by_id
from itti.audit.proving import consistency
from itti.audit.service import machine_of
from itti.audit.tables import Event
from itti.certificates.office import OfficeOf
from itti.http.paging import PagingOf
from itti.record import service
from itti.record.words import ACTS, act_words
from itti.web.visits import Anyone, Member, Visit
from questionnaires.days import iso_day
from questionnaires.errors import Fault
from reports.merkle import is_consistent
from reports.notes import Head, NoteMalformedError, Verifier

router = APIRouter()

_LONGEST = 4_000


@dataclass(frozen=True)
class ShownAct:
    """An act as pages show it."""

    words: str
    at: datetime
    role: str | None
    person: str | None
    """Name of who acted; for the programme office."""

    machine: str | None
    """What acted for the person."""

    thing: str
    assessment_href: str | None
    details: tuple[tuple[str, str], ...]
    """For the programme office: name and value, as they were recorded."""

    is_erased: bool
    position: int | None


@router.get("/record")
def show_record(visit: Anyone, office: OfficeOf, head: Annotated[str, Query(max_length=_LONGEST)] = "") -> Response:
    """What the record is, its newest head, and whether it still begins with a head that somebody kept."""
    found = service.standing(visit.session, office)
    return visit.show(
        "record/show.html",
        standing=found,
        origin=found.key.partition("+")[0],
        root=None if found.head is None else base64.b64encode(bytes.fromhex(found.head.root)).decode(),
        asked=head,
        answer=_compared(visit, office.record_keys, found, head) if head.strip() else None,
        is_office=visit.reader is not None and visit.reader.role is Role.PROGRAMME,
    )


@router.get("/record/checkpoint")
def show_checkpoint(visit: Anyone, office: OfficeOf) -> Response:
    """The newest head as plain text, where tools for transparency logs look for it."""
    found = service.standing(visit.session, office).head
    if found is None:
        return PlainTextResponse("", 404)
    return PlainTextResponse(found.note, headers={"Cache-Control": "no-store"})


@router.get("/record/acts")
def list_acts(
    visit: Member,
    paging: PagingOf,
    *,
    person: Annotated[str, Query(max_length=254)] = "",
    thing: Annotated[str, Query(max_length=64)] = "",
    action: Annotated[str, Query(max_length=64)] = "",
    day: Annotated[str, Query(max_length=20)] = "",
) -> Response:
    """All acts, by person, thing, kind and day; programme office."""
    chosen = service.Filters(
        person.strip() or None,
        thing.strip() or None,
        action.strip() or None,
        iso_day(day.strip()) if day.strip() else None,
    )
    found = service.acts(visit.session, visit.act, chosen, paging)
    more = visit.request.url.include_query_params(after=found.after).query if found.after else None
    return visit.show(
        "record/acts.html",
        rows=_shown(visit, found.rows, whole=True),
        values={"person": person, "thing": thing, "action": action, "day": day},
        kinds=sorted(((name, act_words(name, visit.language)) for name in ACTS), key=lambda pair: pair[1]),
        next_page=None if more is None else f"/record/acts?{more}",
    )


@router.get("/assessments/{identifier}/record")
def list_acts_of_assessment(identifier: UUID, visit: Member, paging: PagingOf) -> Response:
    """The acts on one assessment, for whoever may read it."""
    found = service.acts_of_assessment(visit.session, visit.act, identifier, paging)
    return visit.show(
        "record/assessment.html",
        assessment_href=f"/assessments/{identifier}",
        rows=_shown(visit, found.rows, whole=visit.role is Role.PROGRAMME),
        next_page=f"/assessments/{identifier}/record?after={found.after}" if found.after else None,
    )


def _shown(visit: Visit, rows: Sequence[Event], *, whole: bool) -> list[ShownAct]:
    people = by_id(visit.session, [row.actor_id for row in rows]) if whole else {}
    return [
        ShownAct(
            act_words(row.action, visit.language),
            row.at,
            row.actor_role,
            visit.called(people[row.actor_id]) if row.actor_id and row.actor_id in people else None,
            machine_of(row),
            row.subject_id,
            f"/assessments/{row.assessment_id}" if row.assessment_id is not None else None,
            tuple((name, _text(value)) for name, value in row.details.items()) if whole else (),
            row.salt is None,
            row.position,
        )
        for row in rows
    ]


def _text(value: object) -> str:
    text = "–" if value is None else str(value)
    return text if len(text) <= 300 else f"{text[:297]}…"


@dataclass(frozen=True)
class Compared:
    """Whether the record begins with a head that somebody kept."""

    tone: str
    words: str


def _compared(visit: Visit, keys: tuple[str, ...], found: service.Standing, text: str) -> Compared:
    try:
        kept = Head.parse("\n".join(line.rstrip() for line in text.strip().splitlines()) + "\n")
    except NoteMalformedError:
        return Compared("warn", visit.say("record.compare.malformed"))
    if kept.signer_among(Verifier.parse(key) for key in keys) is None:
        return Compared("warn", visit.say("record.compare.unknown", origin=kept.origin))
    size = found.head.size if found.head else 0
    try:
        chain = consistency(visit.session, kept.size, size)
    except (Fault, LookupError):
        return Compared("bad", visit.say("record.compare.shorter", kept=kept.size, size=size))
    same = chain.old_root == kept.root
    if same and is_consistent(kept.size, size, chain.old_root, chain.new_root, chain.proof):
        return Compared("good", visit.say("record.compare.holds", kept=kept.size, size=size))
    return Compared("bad", visit.say("record.compare.differs", kept=kept.size))
