"""What can stand in the way of starting from an earlier assessment."""

from __future__ import annotations

from typing import Any, ClassVar, Final

from itti.assessments.move_errors import QuestionsFault
from itti.http.errors import NotFound

ROOM: Final = "itti.carrying"


class NoEarlierAssessment(NotFound):
    """No such earlier assessment of the factory, none open to this person, or no way for its answers."""

    code = "no-earlier-assessment"
    room: ClassVar[str] = ROOM


class AnswersInTheWay(QuestionsFault):
    """Questions are answered already, and the request names them neither to be kept nor to be overwritten."""

    code = "answers-in-the-way"
    room: ClassVar[str] = ROOM
    example: ClassVar[dict[str, Any]] = {"count": "2", "questions": "Maintenance, Quality"}


class AnswersChanged(QuestionsFault):
    """Answers that were to be overwritten are not those that were seen."""

    code = "answers-changed"
    status: ClassVar[int] = 412
    room: ClassVar[str] = ROOM
    example: ClassVar[dict[str, Any]] = {"count": "2", "questions": "Maintenance, Quality"}
