"""Events that partners send (structured CloudEvents 1.0): kept once each, and answered where they ask for something."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Annotated, Any, Final
from uuid import UUID

from pydantic import AwareDatetime, BaseModel, BeforeValidator, Field, ValidationError
from sqlmodel import Session, select

from itti.acts import Act
from itti.audit.service import record
from itti.errors import FieldMistake
from itti.footprints.asking import MOST, Filters, stretch
from itti.footprints.errors import ROOM, EventInvalid, NoAnswerPossible, PartnersAlone
from itti.footprints.judging import findings
from itti.footprints.messages import TYPES, send
from itti.footprints.product import Plain, ProductFootprint
from itti.footprints.schemas import wire_of
from itti.footprints.service import partner_of, readable
from itti.footprints.tables import EventName, FootprintEvent, Partner
from itti.http.mistakes import mistakes_of
from questionnaires import wording

_NAMES: Final = {wire: name for name, wire in TYPES.items()}
_MOST_IDS: Final = 1000


def _listed(value: object) -> object:
    """A filter of one value may stand without a list."""
    return [value] if isinstance(value, str) else value


class Envelope(BaseModel):
    """An event as it comes; attributes that we do not know are left alone, as CloudEvents ask for."""

    type: Annotated[str, Field(max_length=200)]
    specversion: Annotated[str, Field(pattern=r"^1\.\d{1,3}$")]
    id: Annotated[Plain, Field(max_length=200)]
    source: Annotated[Plain, Field(max_length=500)]
    time: AwareDatetime
    data: dict[str, Any]


class Published(BaseModel):
    """What a published event holds."""

    pfIds: Annotated[list[UUID], Field(min_length=1, max_length=_MOST_IDS)]  # noqa: N815 - as it travels


Listed = Annotated[list[Annotated[str, Field(max_length=500)]], BeforeValidator(_listed)]


class Requested(BaseModel):
    """What a request holds: filters, and words for people."""

    productId: Listed = []  # noqa: N815
    companyId: Listed = []  # noqa: N815
    geography: Listed = []
    classification: Listed = []
    status: Listed = []
    validOn: Listed = []  # noqa: N815
    validAfter: Listed = []  # noqa: N815
    validBefore: Listed = []  # noqa: N815
    comment: Annotated[str, Field(max_length=5000)] = ""


class Fulfilled(BaseModel):
    """What an answer holds. The footprints are somebody else's: whatever they are, they are kept as they came."""

    requestEventId: Plain  # noqa: N815
    pfs: Annotated[list[dict[str, Any]], Field(min_length=1, max_length=_MOST_IDS)]


class Refusal(BaseModel):
    """Why a request was rejected."""

    code: Plain
    message: Annotated[str, Field(max_length=5000)]


class Rejected(BaseModel):
    """What a rejection holds."""

    requestEventId: Plain  # noqa: N815
    error: Refusal


_DATA: Final[Mapping[EventName, type[BaseModel]]] = {
    EventName.PUBLISHED: Published,
    EventName.REQUESTED: Requested,
    EventName.FULFILLED: Fulfilled,
    EventName.REJECTED: Rejected,
}


def sender(session: Session, act: Act) -> Partner:
    """The partner whose event it is.

    Raises:
        PartnersAlone: no partner's machine acts.
    """
    found = partner_of(session, act)
    if found is None or found.ended_at is not None:
        raise PartnersAlone
    return found


def receive(session: Session, act: Act, partner: Partner, content: bytes) -> None:
    """Take an event; one that came before is taken for that one, and nothing happens.

    Raises:
        EventInvalid: it is none that PACT 3.0 knows, with every place that is wrong.
        FilterInvalid: a request asks for what cannot be read.
        NoAnswerPossible: a request from somebody whom nothing can be sent to.
    """
    envelope, name, data = _read(content)
    same = select(FootprintEvent).where(
        FootprintEvent.partner_id == partner.id,
        FootprintEvent.source == envelope.source,
        FootprintEvent.event == envelope.id,
    )
    if session.exec(same).first() is not None:
        return
    if isinstance(data, Requested):
        filters = Filters.read(data.model_dump(exclude={"comment"}))
        if not partner.reachable:
            raise NoAnswerPossible
    row = FootprintEvent(
        partner_id=partner.id,
        source=envelope.source,
        event=envelope.id,
        name=name,
        content=json.dumps(json.loads(content)),
        received_at=act.at,
    )
    session.add(row)
    session.flush()
    record(session, act, f"footprint-event.{name.value}", "footprint_event", row.id, partner=str(partner.id))
    if isinstance(data, Requested):
        _answer(session, act, partner, envelope, filters)


def _read(content: bytes) -> tuple[Envelope, EventName, BaseModel]:
    try:
        sent = json.loads(content, parse_constant=_refuse)
        json.dumps(sent, ensure_ascii=False).encode()
    except (ValueError, RecursionError) as error:
        raise EventInvalid(FieldMistake("", "not-json", {})) from error
    envelope = _fitted(Envelope, sent, "body")
    name = _NAMES.get(envelope.type)
    if name is None:
        raise EventInvalid(FieldMistake("/type", "not-a-choice", {"limit": ", ".join(TYPES.values())}))
    return envelope, name, _fitted(_DATA[name], envelope.data, "body", "data")


def _refuse(constant: str) -> None:
    raise ValueError(constant)


def _fitted(kind: type[BaseModel], value: object, *place: str) -> Any:
    try:
        return kind.model_validate(value)
    except ValidationError as error:
        found = [{**each, "loc": (*place, *each["loc"])} for each in error.errors(include_url=False)]
        raise EventInvalid(*mistakes_of(found)) from error


def _answer(session: Session, act: Act, partner: Partner, envelope: Envelope, filters: Filters) -> None:
    """Send what is shared with the partner and fits; where nothing does, that.

    Its owner sees what was asked for, and may share it then: the partner is told of that too.
    """
    found = stretch(session, readable(session, act), filters, MOST, None).rows
    if found:
        fulfilled = {"requestEventId": envelope.id, "pfs": [wire_of(row) for row in found]}
        send(session, act, partner, EventName.FULFILLED, fulfilled)
        return
    refusal = {"code": "NotFound", "message": wording.say(ROOM, "event.nothing-fits", "en")}
    send(session, act, partner, EventName.REJECTED, {"requestEventId": envelope.id, "error": refusal})


def warnings(row: FootprintEvent) -> Iterator[FieldMistake]:
    """What does not hold in the footprints that an event brought, each at its place."""
    footprints: Sequence[Any] = (
        json.loads(row.content)["data"].get("pfs", ()) if row.name is EventName.FULFILLED else ()
    )
    for number, sent in enumerate(footprints):
        place = ("body", "data", "pfs", number)
        try:
            one = ProductFootprint.model_validate(sent)
        except ValidationError as error:
            found = [{**each, "loc": (*place, *each["loc"])} for each in error.errors(include_url=False)]
            yield from mistakes_of(found)
            continue
        for each in findings(one, rounded=True):
            yield FieldMistake(f"/data/pfs/{number}{each.pointer}", each.key, each.details, ROOM)
