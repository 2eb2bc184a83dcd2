"""The page before submitting: it names what is missing, and says what submitting means."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from starlette.responses import Response

from itti.accounts.tables import Role
from itti.assessments import service, wayfinding
from itti.assessments.errors import OpenQuestions, ReasonsMissing
from itti.assessments.moves import MoveName
from itti.assessments.tables import Answer, Assessment, AssessmentState, Phase
from itti.evidence import service as evidence
from itti.web.forms import Form
from itti.web.visits import Visit


@dataclass(frozen=True)
class Item:
    """A dimension that lacks something, and where to mend it."""

    title: str
    href: str


def show(visit: Visit, one: Assessment, status: int = 200, mistake: str | None = None, note: str = "") -> Response:
    """Draw the page for the factory's own answers, or for the assessor's."""
    phase = Phase.SELF if visit.role is Role.FACTORY else Phase.ASSESSED
    move = MoveName.FINISH_SELF_ASSESSMENT if phase is Phase.SELF else MoveName.SUBMIT
    definition = service.shown(one).definition
    answers = service.open_answers(visit.session, visit.act, one, phase)
    titles = definition.words(visit.language).questions

    def items(ids: list[str]) -> list[Item]:
        return [Item(titles[name].title, wayfinding.address(one, name, phase, visit)) for name in ids]

    questions = wayfinding.order(definition)
    unanswered = [name for name in questions if wayfinding.state_of(answers.get(name)) == "open"]
    unreasoned = [name for name in questions if _lacks_reason(answers, name)] if phase is Phase.ASSESSED else []
    files = evidence.files(visit.session, visit.act, one) if phase is Phase.ASSESSED else {}
    unproven = [name for name in questions if _lacks_file(answers, name) and not files.get(name)]
    standing = service.standing(visit.session, visit.act, one, phase)
    return visit.show(
        "assessments/submit.html",
        status,
        assessment=one,
        factory=service.parties_of(visit.session, one).factory,
        phase=phase.value,
        move=move.value,
        unanswered=items(unanswered),
        unreasoned=items(unreasoned),
        unproven=items(unproven) if phase is Phase.ASSESSED else [],
        closed=_closed(one, phase),
        blocked=_blocked(visit, one, move),
        standing=standing,
        index_name=visit.say(wayfinding.index_name(phase, one, complete=standing.complete)),
        scale=service.shown(one).scale(),
        form=Form({"note": note}),
        mistake=mistake,
    )


def _closed(one: Assessment, phase: Phase) -> str | None:
    """Why there is nothing to submit any more: the last part of the sentence's key."""
    if phase is Phase.SELF:
        if one.self_submitted_at is not None:
            return "submitted.self"
        return None if one.state in {AssessmentState.PLANNED, AssessmentState.SELF_ASSESSMENT} else "too-late"
    return "submitted.assessed" if one.state in {AssessmentState.REVIEW, AssessmentState.CERTIFIED} else None


def _lacks_reason(answers: Mapping[str, Answer], question: str) -> bool:
    answer = answers.get(question)
    return wayfinding.state_of(answer) != "open" and answer is not None and not answer.reason.strip()


def _lacks_file(answers: Mapping[str, Answer], question: str) -> bool:
    """Whether a level above the lowest stands without a file; worth a look, no obstacle."""
    answer = answers.get(question)
    return answer is not None and bool(answer.level)


def _blocked(visit: Visit, one: Assessment, move: MoveName) -> str | None:
    """Why it cannot be submitted, apart from what the page lists anyway."""
    for each in service.possible(visit.session, visit.act, one):
        if each.rule.move is move:
            listed = isinstance(each.blocked, (OpenQuestions, ReasonsMissing))
            return each.blocked.sentence(visit.language) if each.blocked and not listed else None
    return visit.say("submit.not-open")
