"""What the service sends about the way of an assessment: declarations, evidence, remarks, events."""

from __future__ import annotations

from datetime import date, datetime
from typing import ClassVar
from uuid import UUID

from itti.client.views import Party, Sent


class Tie(Sent):
    """One thing that ties the person, or their body, to the factory."""

    schema_name: ClassVar[str] = "TieInput"

    tie: str
    whose: str = ""
    until: date | None = None


class Declaration(Sent):
    """A declaration as it was given."""

    schema_name: ClassVar[str] = "DeclarationView"

    id: UUID
    user_id: UUID
    at: datetime
    ties: tuple[Tie, ...]


class Comment(Sent):
    """A reviewer's remark, or a reply to one."""

    schema_name: ClassVar[str] = "CommentView"

    id: UUID
    version: int
    parent: UUID | None
    demands_change: bool
    for_factory: bool
    resolved_at: datetime | None
    resolved_by: Party | None
    question: str | None
    text: str
    author: Party
    created_at: datetime


class Revision(Sent):
    """One content that evidence had or has."""

    schema_name: ClassVar[str] = "RevisionView"

    number: int
    file_name: str
    media_type: str
    size: int
    sha256: str
    text: str | None = None
    seen_on: date | None = None
    is_stripped: bool
    author_id: UUID
    created_at: datetime
    expired_at: datetime | None = None


class Evidence(Revision):
    """A piece of evidence; the content in force stands at the top."""

    schema_name: ClassVar[str] = "EvidenceView"

    id: UUID
    assessment_id: UUID
    kind: str
    questions: tuple[str, ...]
    revisions: tuple[Revision, ...]


class EventData(Sent):
    """What an event is about."""

    schema_name: ClassVar[str] = "EventDataView"

    assessment_id: UUID
    factory_id: UUID
    state: str | None
    certificate: str | None
    assessment_url: str
    certificate_url: str | None


class Event(Sent):
    """Something that happened to an assessment or a certificate."""

    schema_name: ClassVar[str] = "EventView"

    id: str
    sequence: int
    type: str
    timestamp: datetime
    data: EventData


class Events(Sent):
    """Part of the feed; ``after`` is where the next part begins."""

    schema_name: ClassVar[str] = "EventFeedView"

    items: tuple[Event, ...]
    after: str
    more: bool
