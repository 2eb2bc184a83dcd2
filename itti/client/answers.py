"""Answers: what is asked, what was answered, and where the index stands with it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any, BinaryIO

from itti.client.exact import given
from itti.client.room import Room, assessment
from itti.client.views import Answer, Answers, Asked, Saved, WholeStanding
from itti.client.wire import Name


class Answering(Room):
    """The answers of one assessment; ``phase`` is ``assessed``, or ``self`` for the factory's own."""

    def list_questions(self, assessment_id: Name, *, phase: str = "assessed") -> Iterator[Asked]:
        """All that is asked now, item by item, in the order of the form, titled in the language of the client."""
        return self.wire.each(Asked, assessment(assessment_id, "questions"), phase=phase)

    def list_answers(self, assessment_id: Name, *, phase: str = "assessed") -> Answers:
        """All answers; their entity tags are kept for :meth:`save_answer`."""
        found = self.wire.read(Answers, assessment(assessment_id, "answers"), phase=phase)
        for answer in found.answers:
            self.wire.tags.keep(_kept(assessment_id, answer.question, phase), f'"{answer.version}"')
        return found

    def read_answer(self, assessment_id: Name, question: str, *, phase: str = "assessed") -> Answer:
        """One answer; its entity tag is kept for :meth:`save_answer`.

        Raises:
            NotFound: nothing was answered yet.
        """
        where = assessment(assessment_id, "answers", question)
        keep = _kept(assessment_id, question, phase)
        return self.wire.read(Answer, where, keep=keep, phase=phase)

    def save_answer(
        self,
        assessment_id: Name,
        question: str,
        *,
        reason: str = "",
        level: int | None = None,
        choice: str | None = None,
        choices: Sequence[str] | None = None,
        grid: Mapping[str, str] | None = None,
        yes: bool | None = None,
        number: Decimal | int | str | None = None,
        date: date | None = None,
        items: Sequence[Mapping[str, str]] | None = None,
        not_applicable: bool = False,
        phase: str = "assessed",
        removing: Sequence[str] | None = None,
        tag: str | None = None,
    ) -> Saved:
        """Answer a question by the one field of its kind, whole: what is not said is empty afterwards.

        It is written against the answer last seen by this client (read, listed or saved), against ``tag`` where one is
        given, and as the first answer where none was seen. ``removing`` names items of a list that go with all that
        hangs on them.

        Raises:
            Stale: another answer is in force (``current``, ``tag``). So too where the connection broke after the
                answer was stored, and it was sent again: then ``current`` is what was sent.
            Invalid: ``mistakes`` names each place that does not fit.
            InexactNumber: ``number`` is a float.
        """
        body = given(
            reason=reason,
            level=level,
            choice=choice,
            choices=choices,
            grid=grid,
            yes=yes,
            number=number,
            date=date,
            items=items,
            not_applicable=not_applicable,
        )
        keep = _kept(assessment_id, question, phase)
        return self.wire.write(
            Saved,
            "PUT",
            assessment(assessment_id, "answers", question),
            query={"phase": phase, "removing": removing},
            body=body,
            tag=tag or self.wire.tags.of(keep) or "*",
            keep=keep,
        )

    def look_at_answer(
        self, assessment_id: Name, question: str, *, phase: str = "assessed", tag: str | None = None
    ) -> Saved:
        """Confirm an answer that was carried over, as it stands."""
        keep = _kept(assessment_id, question, phase)
        return self.wire.write(
            Saved,
            "POST",
            assessment(assessment_id, "answers", question, "looked-at"),
            query={"phase": phase},
            tag=tag or self.wire.tags.of(keep),
            keep=keep,
        )

    def read_standing(self, assessment_id: Name, *, phase: str = "assessed") -> WholeStanding:
        """The provisional index, the lowest and highest still possible, and what to answer first."""
        return self.wire.read(WholeStanding, assessment(assessment_id, "standing"), phase=phase)

    def read_scorecard(self, assessment_id: Name, *, phase: str = "assessed") -> Any:
        """The scorecard over the answers given so far, as a JSON document without floats."""
        return self.wire.get(assessment(assessment_id, "scorecard"), phase=phase, format="json")

    def download_scorecard(
        self, assessment_id: Name, to: BinaryIO, *, form: str = "xlsx", phase: str = "assessed"
    ) -> int:
        """Write the scorecard as ``csv`` or ``xlsx`` to ``to``; its size in bytes."""
        return self.wire.fetch(assessment(assessment_id, "scorecard"), to, phase=phase, format=form)


def _kept(assessment_id: Name, question: str, phase: str) -> str:
    """Under which name the tag of an answer is kept: both phases lie at one address."""
    return f"{assessment(assessment_id, 'answers', question)}?phase={phase}"
