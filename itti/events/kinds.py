"""Which acts on record are events for programs, and what they are called. Names stay; later releases add some."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Final

from itti.assessments.moves import MoveName
from itti.audit.tables import Event


class EventKind(StrEnum):
    """What happened."""

    PLANNED = "assessment.planned"
    SELF_STARTED = "assessment.self-assessment-started"
    SELF_FINISHED = "assessment.self-assessment-finished"
    STARTED = "assessment.started"
    HANDED_OVER = "assessment.handed-over"
    SUBMITTED = "assessment.submitted"
    REVIEW_TAKEN = "assessment.review-taken"
    REVIEW_RELEASED = "assessment.review-released"
    RETURNED = "assessment.returned"
    COMMENT_ASKED = "assessment.comment-asked"
    ACCEPTED = "assessment.accepted"
    REPLIED = "assessment.replied"
    REPLY_LAPSED = "assessment.reply-lapsed"
    APPROVED = "assessment.approved"
    APPEALED = "assessment.appealed"
    APPEAL_WITHDRAWN = "assessment.appeal-withdrawn"
    APPEAL_TAKEN = "assessment.appeal-taken"
    APPEAL_RELEASED = "assessment.appeal-released"
    APPEAL_REJECTED = "assessment.appeal-rejected"
    APPEAL_UPHELD = "assessment.appeal-upheld"
    WITHDRAWN = "assessment.withdrawn"
    CHANGED = "assessment.changed"
    """A move whose particulars were erased from the record since: nothing more can be said of it."""

    PAPERS_FAILED = "papers.failed"
    """A paper of an approved assessment was given up; the programme office has it made again."""

    ISSUED = "certificate.issued"
    EXPIRED = "certificate.expired"
    SUPERSEDED = "certificate.superseded"
    REVOKED = "certificate.revoked"

    @property
    def is_of_certificate(self) -> bool:
        """Whether something became of a certificate."""
        return self.value.startswith("certificate.")


OF_MOVES: Final[Mapping[MoveName, EventKind]] = {
    MoveName.START_SELF_ASSESSMENT: EventKind.SELF_STARTED,
    MoveName.FINISH_SELF_ASSESSMENT: EventKind.SELF_FINISHED,
    MoveName.START: EventKind.STARTED,
    MoveName.HAND_OVER: EventKind.HANDED_OVER,
    MoveName.SUBMIT: EventKind.SUBMITTED,
    MoveName.TAKE_REVIEW: EventKind.REVIEW_TAKEN,
    MoveName.RELEASE_REVIEW: EventKind.REVIEW_RELEASED,
    MoveName.RETURN: EventKind.RETURNED,
    MoveName.HEAR_FACTORY: EventKind.COMMENT_ASKED,
    MoveName.ACCEPT: EventKind.ACCEPTED,
    MoveName.REPLY: EventKind.REPLIED,
    MoveName.LET_REPLY_LAPSE: EventKind.REPLY_LAPSED,
    MoveName.APPROVE: EventKind.APPROVED,
    MoveName.APPEAL: EventKind.APPEALED,
    MoveName.WITHDRAW_APPEAL: EventKind.APPEAL_WITHDRAWN,
    MoveName.TAKE_APPEAL: EventKind.APPEAL_TAKEN,
    MoveName.RELEASE_APPEAL: EventKind.APPEAL_RELEASED,
    MoveName.REJECT_APPEAL: EventKind.APPEAL_REJECTED,
    MoveName.UPHOLD_APPEAL: EventKind.APPEAL_UPHELD,
    MoveName.EXPIRE: EventKind.EXPIRED,
    MoveName.SUPERSEDE: EventKind.SUPERSEDED,
    MoveName.REVOKE: EventKind.REVOKED,
    MoveName.WITHDRAW: EventKind.WITHDRAWN,
}
"""Every move of an assessment is an event; those of the register speak of the certificate."""

MOVED: Final = "assessment.moved"

_OF_ACTS: Final[Mapping[str, EventKind]] = {
    "assessment.planned": EventKind.PLANNED,
    "certificate.issued": EventKind.ISSUED,
    "papers.failed": EventKind.PAPERS_FAILED,
}

ACTS: Final = (MOVED, *_OF_ACTS)
"""The acts that are events: those of :data:`itti.audit.tables.TOLD`."""


def kind_of(act: Event) -> EventKind:
    """What an act of :data:`ACTS` is called."""
    if act.action != MOVED:
        return _OF_ACTS[act.action]
    move = act.details.get("move")
    return EventKind.CHANGED if move is None else OF_MOVES[MoveName(move)]
