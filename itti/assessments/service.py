"""The front door of this room for pages and other rooms: everything that can be done with assessments.

All functions take ``(session, act, …)``, flush and never commit, and raise faults of
:mod:`itti.assessments.errors`, of moves :mod:`itti.assessments.move_errors`.
"""

from itti.assessments.answers import HANDS, Saved, may_write, save
from itti.assessments.library import Questionnaire, pinned, questionnaire, shown
from itti.assessments.looking import looked_at
from itti.assessments.moves import MoveName, Relation
from itti.assessments.moving import Possible, expect_open, move, possible
from itti.assessments.planning import plan
from itti.assessments.reading import (
    Filters,
    Line,
    Passage,
    Remark,
    answers_of,
    asked_of,
    assessment,
    check_open,
    comments,
    counts,
    history,
    listed,
    open_answer,
    open_answers,
    parties_of,
    planner,
    progress,
)
from itti.assessments.scores import current_scorecard, first_questions, scores, standing, whole_standing

__all__ = [
    "HANDS",
    "Filters",
    "Line",
    "MoveName",
    "Passage",
    "Possible",
    "Questionnaire",
    "Relation",
    "Remark",
    "Saved",
    "answers_of",
    "asked_of",
    "assessment",
    "check_open",
    "comments",
    "counts",
    "current_scorecard",
    "expect_open",
    "first_questions",
    "history",
    "listed",
    "looked_at",
    "may_write",
    "move",
    "open_answer",
    "open_answers",
    "parties_of",
    "pinned",
    "plan",
    "planner",
    "possible",
    "progress",
    "questionnaire",
    "save",
    "scores",
    "shown",
    "standing",
    "whole_standing",
]
