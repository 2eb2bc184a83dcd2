"""Assessments: found, planned, moved from step to step, remarked on."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from itti.client.exact import given
from itti.client.proceedings import Comment, Declaration
from itti.client.room import PAGE, Room, assessment
from itti.client.views import Assessment, Preparation, WholeAssessment
from itti.client.wire import Name, path


class Assessments(Room):
    """The assessments that are open to the account."""

    def list_assessments(
        self,
        *,
        state: str | None = None,
        factory_id: Name | None = None,
        assessor_id: Name | None = None,
        reviewer_id: Name | None = None,
        family: str | None = None,
        body_id: Name | None = None,
        planned_from: date | None = None,
        planned_to: date | None = None,
        sort: str | None = None,
    ) -> Iterator[Assessment]:
        """Assessments, newest first, page after page as they are asked for.

        ``sort``: ``created_at`` or ``planned_for``, with ``-`` in front for the latest first.
        """
        asked: dict[str, Any] = {"state": state, "family": family, "body_id": body_id, "sort": sort}
        asked |= {"factory_id": factory_id, "assessor_id": assessor_id, "reviewer_id": reviewer_id}
        asked |= {"planned_from": planned_from, "planned_to": planned_to}
        return self.wire.each(Assessment, "/assessments", **asked, limit=PAGE)

    def read_assessment(self, assessment_id: Name) -> WholeAssessment:
        """One assessment with the moves that are open; its entity tag is kept for :meth:`move_assessment`."""
        return self.wire.read(WholeAssessment, assessment(assessment_id))

    def plan_assessment(
        self, *, factory_id: Name, family: str, assessor_id: Name, planned_for: date, version: str | None = None
    ) -> WholeAssessment:
        """Plan one; ``version`` None: by the latest version of the questionnaire."""
        body = given(
            factory_id=factory_id, family=family, version=version, assessor_id=assessor_id, planned_for=planned_for
        )
        return self.wire.write(WholeAssessment, "POST", "/assessments", body=body)

    def move_assessment(
        self,
        assessment_id: Name,
        move: str,
        *,
        note: str | None = None,
        comments: Sequence[Mapping[str, object]] | None = None,
        assessor_id: Name | None = None,
        tag: str | None = None,
    ) -> WholeAssessment:
        """Make a move against the state that was last read, or against ``tag``.

        Raises:
            Stale: it was changed since; read it again.
            Conflict: the move is not open; ``detail`` says why.
        """
        where = assessment(assessment_id)
        body = given(move=move, note=note, comments=comments, assessor_id=assessor_id)
        based_on = tag or self.wire.tags.of(where)
        return self.wire.write(
            WholeAssessment, "POST", assessment(assessment_id, "moves"), body=body, tag=based_on, keep=where
        )

    def list_declarations(self, assessment_id: Name) -> Iterator[Declaration]:
        """What ties people to the factory, as they declared it."""
        return self.wire.each(Declaration, assessment(assessment_id, "declarations"))

    def declare_independence(self, assessment_id: Name, ties: Sequence[Mapping[str, object]] = ()) -> Declaration:
        """Declare what ties one to the factory; nothing: ``()``."""
        return self.wire.write(
            Declaration, "POST", assessment(assessment_id, "declarations"), body=given(ties=list(ties))
        )

    def list_comments(self, assessment_id: Name) -> Iterator[Comment]:
        """Remarks of the review and replies to them."""
        return self.wire.each(Comment, assessment(assessment_id, "comments"))

    def reply_to_comment(self, comment_id: Name, text: str) -> Comment:
        """Answer a remark."""
        return self.wire.write(Comment, "POST", path("comments", comment_id, "replies"), body=given(text=text))

    def read_papers(self, assessment_id: Name) -> Preparation:
        """How far the papers of an approved assessment are."""
        return self.wire.read(Preparation, assessment(assessment_id, "papers"))
