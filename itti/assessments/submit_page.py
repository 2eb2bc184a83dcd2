"""The page before submitting: it names what is missing, and says what submitting means."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from starlette.responses import Response

from itti.accounts.tables import Role
from itti.assessments import asked, service, wayfinding
from itti.assessments.move_errors import (
    AnswersContradict,
    EvidenceMissing,
    LookAgainLeft,
    OpenQuestions,
    ReasonsMissing,
)
from itti.assessments.moves import MoveName
from itti.assessments.standing import contradicting
from itti.assessments.tables import APPROVED, IN_REVIEW, Answer, Assessment, AssessmentState, Phase
from itti.evidence import service as evidence
from itti.web.forms import Form
from itti.web.visits import Visit
from questionnaires import Definition
from scoring import Scorecard


@dataclass(frozen=True)
class Item:
    """A dimension that lacks something, and where to mend it."""

    title: str
    href: str


@dataclass(frozen=True)
class Contradicting:
    """What contradicts what, and where to mend it."""

    text: str
    places: list[Item]


def show(visit: Visit, one: Assessment, status: int = 200, mistake: str | None = None, note: str = "") -> Response:
    """Draw the page for the factory's own answers, or for the assessor's."""
    phase = Phase.SELF if visit.role is Role.FACTORY else Phase.ASSESSED
    move = MoveName.FINISH_SELF_ASSESSMENT if phase is Phase.SELF else MoveName.SUBMIT
    answers = service.open_answers(visit.session, visit.act, one, phase)
    questionnaire = service.shown(one).asked(answers.values())
    definition = questionnaire.definition
    card = service.current_scorecard(visit.session, visit.act, one, phase)
    titles = definition.words(visit.language).questions

    def items(ids: Iterable[str]) -> list[Item]:
        wanted = set(ids)
        return [
            Item(titles[name].title, wayfinding.address(one, questionnaire, name, phase, visit))
            for name in wayfinding.order(questionnaire)
            if name in wanted
        ]

    assessed = phase is Phase.ASSESSED
    files = evidence.of_assessment(visit.session, one.id) if assessed else {}
    unproven = asked.unproven(definition, card, asked.with_files(files.items())) if assessed else ()
    unreasoned = [name for name in answers if _lacks_reason(definition, card, answers[name])] if assessed else []
    bare = [name for name in answers if answers[name].level and not files.get(name) and name not in unproven]
    standing = service.standing(visit.session, visit.act, one, phase)
    return visit.show(
        "assessments/submit.html",
        status,
        assessment=one,
        factory=service.parties_of(visit.session, one).factory,
        phase=phase.value,
        move=move.value,
        unanswered=items(asked.open_questions(card)),
        unlooked=items(standing.look_again),
        unreasoned=items(unreasoned),
        unproven=items(unproven),
        contradictions=[
            Contradicting(definition.words(visit.language).contradictions[each.id], items(each.questions))
            for each in contradicting(questionnaire, answers.values())
        ],
        bare=items(bare) if assessed else [],
        closed=_closed(one, phase),
        blocked=_blocked(visit, one, move),
        standing=standing,
        index_name=visit.say(wayfinding.index_name(phase, one, complete=standing.complete)),
        scale=questionnaire.scale(),
        form=Form({"note": note}),
        mistake=mistake,
    )


def _closed(one: Assessment, phase: Phase) -> str | None:
    """Why there is nothing to submit any more: the last part of the sentence's key."""
    if phase is Phase.SELF:
        if one.self_submitted_at is not None:
            return "submitted.self"
        return None if one.state in {AssessmentState.PLANNED, AssessmentState.SELF_ASSESSMENT} else "too-late"
    return "submitted.assessed" if one.state in IN_REVIEW | APPROVED else None


def _lacks_reason(definition: Definition, card: Scorecard, answer: Answer) -> bool:
    if answer.given is None or answer.reason.strip():
        return False
    return not asked.away(card.question(answer.question)) and not asked.is_fact(definition, answer.question)


def _blocked(visit: Visit, one: Assessment, move: MoveName) -> str | None:
    """Why it cannot be submitted, apart from what the page lists anyway."""
    for each in service.possible(visit.session, visit.act, one):
        if each.rule.move is move:
            listed = isinstance(
                each.blocked, (OpenQuestions, LookAgainLeft, ReasonsMissing, EvidenceMissing, AnswersContradict)
            )
            return each.blocked.sentence(visit.language) if each.blocked and not listed else None
    return visit.say("submit.not-open")
