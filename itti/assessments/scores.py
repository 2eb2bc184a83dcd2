"""What an assessment scores so far, for those who may read its answers."""

from collections.abc import Iterable, Mapping

from sqlmodel import Session

from itti.acts import Act
from itti.assessments import library, reading
from itti.assessments.marks import marked
from itti.assessments.standing import (
    Standing,
    WholeStanding,
    contradicting,
    first_to_answer,
    scorecard_of,
    standing_of,
    whole_standing_of,
)
from itti.assessments.tables import Answer, Assessment, Phase
from scoring import Deciding, QuestionScore, Scorecard


def current_scorecard(session: Session, act: Act, one: Assessment, phase: Phase = Phase.ASSESSED) -> Scorecard:
    """The scorecard over the answers given so far; complete only when none is missing.

    Raises:
        NotOpenToYou: the factory asks for the assessor's answers before its certificate.
        DefinitionChanged: the library no longer holds the pinned questionnaire.
    """
    answers = reading.open_answers(session, act, one, phase)
    return scorecard_of(library.pinned(one).asked(answers.values()), answers.values())


def standing(session: Session, act: Act, one: Assessment, phase: Phase = Phase.ASSESSED) -> Standing:
    """Progress and the provisional index. Raises what :func:`current_scorecard` raises."""
    answers = reading.open_answers(session, act, one, phase).values()
    return standing_of(scorecard_of(library.pinned(one).asked(answers), answers), marked(answers))


def whole_standing(session: Session, act: Act, one: Assessment, phase: Phase = Phase.ASSESSED) -> WholeStanding:
    """The same with sub-indices and categories. Raises what :func:`current_scorecard` raises."""
    answers = reading.open_answers(session, act, one, phase).values()
    asked = library.pinned(one).asked(answers)
    first = first_to_answer(asked, answers)
    return whole_standing_of(asked, scorecard_of(asked, answers), marked(answers), first, contradicting(asked, answers))


def first_questions(session: Session, act: Act, one: Assessment, phase: Phase = Phase.ASSESSED) -> tuple[Deciding, ...]:
    """The open questions that decide most, first. Raises what :func:`current_scorecard` raises."""
    answers = reading.open_answers(session, act, one, phase).values()
    return first_to_answer(library.pinned(one).asked(answers), answers)


def scores(one: Assessment, answers: Iterable[Answer]) -> Mapping[str, QuestionScore]:
    """What each question contributes, by its id, whether or not the questionnaire is still the pinned one."""
    given = tuple(answers)
    return {score.id: score for score in scorecard_of(library.shown(one).asked(given), given).questions}
