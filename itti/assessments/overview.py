"""The overview of one assessment: where it stands, what is open to this person, what has happened."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from starlette.responses import Response

from itti.accounts.tables import Role
from itti.assessments import asking, service, wayfinding
from itti.assessments.asking import Remarked
from itti.assessments.library import Questionnaire
from itti.assessments.move_errors import DeclarationMissing
from itti.assessments.moves import MoveName
from itti.assessments.moving import Possible
from itti.assessments.revising import revision_of
from itti.assessments.standing import Standing
from itti.assessments.tables import APPROVED, IN_REVIEW, OPEN_TO_FACTORY, Assessment, AssessmentState, Phase
from itti.carrying import service as carrying
from itti.certificates import service as certificates
from itti.papers import service as papers
from itti.review import service as review
from itti.targets import service as targets
from itti.web.forms import Form
from itti.web.visits import Visit

S = AssessmentState

_STEPS: Final = ("planned", "self", "assessment", "review", "reply", "certified")
_REACHED: Final = {
    S.PLANNED: 0, S.SELF_ASSESSMENT: 1, S.SELF_ASSESSED: 2, S.ASSESSMENT: 2, S.REVIEW: 3, S.REPLY: 4, S.DECISION: 5,
    **dict.fromkeys(APPROVED, 6),
}  # fmt: skip
"""How many steps of the way lie behind an assessment in each state."""

_FIRST: Final = 5
"""How many of the questions that decide most the page names."""

_ASIDE: Final = frozenset({MoveName.HAND_OVER})
_GRAVE: Final = frozenset({MoveName.WITHDRAW, MoveName.REVOKE})


@dataclass(frozen=True)
class Link:
    """Where an action leads."""

    words: str
    href: str


@dataclass(frozen=True)
class Step:
    """One step of the way."""

    name: str
    look: str
    """``past``, ``now`` or empty."""

    note: str = ""
    """Key of a word about a step that the assessment went past: ``way.skipped`` or ``way.unfinished``."""


@dataclass(frozen=True)
class OfferedMove:
    """A move as the page offers it: by a button, by a page of its own, or with the reason why not."""

    name: str
    words: str
    about: str
    open: bool
    reason: str
    asks_note: bool
    grave: bool
    href: str | None
    aside: bool = False
    """Whether it stands behind the others and never as the next thing to do."""


@dataclass(frozen=True)
class PastEvent:
    """One line of the history."""

    words: str
    by: str
    at: datetime
    note: str
    change: str = ""
    """Of a change of assessor: from whom to whom."""


@dataclass(frozen=True)
class FirstQuestion:
    """An open question that decides much of the index."""

    title: str
    href: str
    decides: str
    """How much of the remaining range, in words."""


@dataclass(frozen=True)
class PlacedRemark:
    """A remark with the question it is about."""

    title: str | None
    href: str | None
    remark: Remarked

    @property
    def talk(self) -> int:
        """How many replies it has."""
        return len(self.remark.replies)


def show(visit: Visit, one: Assessment, status: int = 200, mistake: str | None = None) -> Response:
    """Draw the overview."""
    parties = service.parties_of(visit.session, one)
    phase = _standing_phase(visit, one)
    questionnaire = service.asked_of(visit.session, one, phase or Phase.ASSESSED)
    # Its own answers it may see all along; what the assessor found only once it is certified.
    factory_waits = visit.role is Role.FACTORY and one.state in {S.SELF_ASSESSED, S.ASSESSMENT, S.REVIEW, S.DECISION}
    certificate = certificates.of_assessment(visit.session, visit.act, one)
    standing = service.standing(visit.session, visit.act, one, phase) if phase else None
    passages = service.history(visit.session, visit.act, one)
    return visit.show(
        "assessments/show.html",
        status,
        assessment=one,
        factory=parties.factory,
        assessor=parties.assessor,
        body=parties.body,
        reviewer=parties.reviewer,
        hearer=parties.hearer,
        revision=revision_of(visit.session, one),
        certificate_state=certificates.standing(certificate, visit.act.today).value if certificate else None,
        questionnaire=questionnaire.definition.words(visit.language),
        way=_way(one, passages),
        standing=standing,
        index_name=visit.say(wayfinding.index_name(phase, one, complete=standing.complete))
        if phase and standing
        else None,
        standing_phase=phase.value if phase else None,
        scale=questionnaire.scale(),
        waiting_words=visit.say(f"waiting.{one.state.value}") if phase is None or factory_waits else None,
        answers_href=_answers(visit, one, phase),
        look_href=wayfinding.address(one, questionnaire, standing.look_again[0], phase, visit)
        if phase and standing and standing.look_again
        else None,
        carry_href=_carry(visit, one, standing),
        first=_first(visit, one, questionnaire, phase) if phase and standing and not standing.complete else (),
        scorecard_href=f"/assessments/{one.id}/scorecard" if phase is Phase.ASSESSED else None,
        review_href=f"/assessments/{one.id}/review" if _may_review(visit, one) else None,
        may_aim=targets.may_change(visit.session, visit.act, one),
        primary=_primary(visit, one),
        moves=[offered for each in _offered(visit, one) if (offered := _move(visit, one, each))],
        certificate=certificate,
        papers=papers.on_the_way(visit.session, one),
        remarks=_remarks(visit, one),
        blank=Form(),
        may_reply=review.may_reply(visit.act, one),
        may_settle=review.may_begin(visit.act, one),
        history=_history(visit, one, passages),
        fixed=visit.role is Role.PROGRAMME and one.state in {S.PLANNED, S.SELF_ASSESSMENT, S.SELF_ASSESSED},
        mistake=mistake,
    )


def _standing_phase(visit: Visit, one: Assessment) -> Phase | None:
    """Whose answers this person follows now."""
    if one.state in {S.SELF_ASSESSMENT, S.SELF_ASSESSED}:
        return Phase.SELF
    if visit.role is not Role.FACTORY:
        return Phase.ASSESSED if one.state is not S.PLANNED else None
    if one.state in OPEN_TO_FACTORY:
        return Phase.ASSESSED
    return Phase.SELF if one.self_submitted_at is not None else None


def _first(visit: Visit, one: Assessment, questionnaire: Questionnaire, phase: Phase) -> tuple[FirstQuestion, ...]:
    """The few open questions that decide most of what the index may still become."""
    texts = questionnaire.definition.words(visit.language).questions
    found: list[FirstQuestion] = []
    for each in service.first_questions(visit.session, visit.act, one, phase)[:_FIRST]:
        least, most, average = each.per_cent()
        key = "standing.decides" if least == most else "standing.decides-between"
        words = visit.say(key, least=least, most=most, average=average)
        href = wayfinding.address(one, questionnaire, each.question, phase, visit)
        found.append(FirstQuestion(texts[each.question].title, href, words))
    return tuple(found)


def _answers(visit: Visit, one: Assessment, phase: Phase | None) -> str | None:
    if phase is None:
        return None
    suffix = "" if phase is wayfinding.phase_for(visit, None) else f"?phase={phase.value}"
    return f"/assessments/{one.id}/answers{suffix}"


def _carry(visit: Visit, one: Assessment, standing: Standing | None) -> str | None:
    """The way to start from an earlier assessment, for whoever answers now while something is open."""
    which = carrying.writable(visit.session, visit.act, one)
    if which is None or standing is None or standing.complete:
        return None
    offered = any(which in source.answered for source in carrying.sources(visit.session, visit.act, one))
    return f"/assessments/{one.id}/carry-over" if offered else None


def _may_review(visit: Visit, one: Assessment) -> bool:
    return visit.role is not Role.FACTORY and one.state in IN_REVIEW | APPROVED


def _primary(visit: Visit, one: Assessment) -> Link | None:
    """The one thing to do next on a page of its own, if there is one."""
    base = f"/assessments/{one.id}"
    for phase, key in ((Phase.SELF, "assessment.continue-self"), (Phase.ASSESSED, "assessment.continue")):
        if service.may_write(visit.session, visit.act, one, phase):
            return Link(visit.say(key), f"{base}/answers")
    if one.state in {S.REVIEW, S.DECISION} and visit.reader and one.reviewer_id == visit.reader.id:
        return Link(visit.say("assessment.continue-review"), f"{base}/review")
    if one.state in APPROVED or (one.state is S.REPLY and visit.role is Role.FACTORY):
        return Link(visit.say("assessment.scorecard"), f"{base}/scorecard")
    return None


def _offered(visit: Visit, one: Assessment) -> list[Possible]:
    """The moves worth a place of their own: what a reviewer decides shares the page of the review."""
    found = sorted(service.possible(visit.session, visit.act, one), key=lambda each: each.rule.move in _ASIDE)
    return [each for each in found if each.rule.move not in {MoveName.RETURN, MoveName.HEAR_FACTORY}]


def _move(visit: Visit, one: Assessment, each: Possible) -> OfferedMove | None:
    name = each.rule.move
    base = f"/assessments/{one.id}"
    pages = {
        MoveName.SUBMIT: f"{base}/submit",
        MoveName.FINISH_SELF_ASSESSMENT: f"{base}/submit",
        MoveName.APPROVE: f"{base}/review",
        MoveName.HAND_OVER: f"{base}/hand-over",
    }
    return OfferedMove(
        name=name.value,
        words=visit.say("declaration.first" if isinstance(each.blocked, DeclarationMissing) else f"move.{name.value}"),
        about=visit.say(f"move.{name.value}.about{_while_answering(one, name)}"),
        open=each.blocked is None,
        reason=each.blocked.sentence(visit.language) if each.blocked else "",
        asks_note=each.needs_note,
        grave=name in _GRAVE,
        href=f"{base}/declaration" if isinstance(each.blocked, DeclarationMissing) else pages.get(name),
        aside=name in _ASIDE,
    )


def _while_answering(one: Assessment, name: MoveName) -> str:
    """The warning that beginning takes the answers out of the factory's hands while it still writes them."""
    return "-early" if name is MoveName.START and one.state is S.SELF_ASSESSMENT else ""


def _way(one: Assessment, passages: Sequence[service.Passage]) -> list[Step]:
    reached = _REACHED.get(one.state, 0)
    now = None if one.state in APPROVED | {S.WITHDRAWN} else reached
    begun = any(each.move.move == MoveName.START_SELF_ASSESSMENT for each in passages)

    def step(place: int, name: str) -> Step:
        if place == now:
            return Step(name, "now")
        if name == "reply" and not any(each.move.to_state == S.REPLY for each in passages):
            return Step(name, "", "way.skipped") if place < reached else Step(name, "")
        if name == "self" and place < reached and one.self_submitted_at is None:
            return Step(name, "", "way.unfinished" if begun else "way.skipped")
        return Step(name, "past" if place < reached else "")

    return [step(place, name) for place, name in enumerate(_STEPS)]


def _remarks(visit: Visit, one: Assessment) -> list[PlacedRemark]:
    remarks = asking.readable_remarks(visit, one)
    if not remarks:
        return []
    questionnaire = service.asked_of(visit.session, one, Phase.ASSESSED)

    def href(question: str) -> str | None:
        """Where it is asked; None: of an item that has been removed from its list."""
        if visit.role is Role.FACTORY or questionnaire.definition.question(question) is None:
            return None
        return wayfinding.address(one, questionnaire, question, Phase.ASSESSED, visit)

    asked = dict.fromkeys(each.comment.question for each in remarks)
    return [
        PlacedRemark(
            wayfinding.title_of(questionnaire, question, visit.language) if question else None,
            href(question) if question else None,
            each,
        )
        for question in asked
        for each in asking.remarks_on(visit, remarks, question)
    ]


def _history(visit: Visit, one: Assessment, passages: Sequence[service.Passage]) -> list[PastEvent]:
    """Newest first, down to the planning."""
    events = [
        PastEvent(
            visit.say(f"past.{each.move.move}"),
            visit.called(each.actor) if each.actor else "",
            each.move.at,
            each.note,
            visit.say("past.from-to", left=visit.called(each.left), came=visit.called(each.came))
            if each.left and each.came
            else "",
        )
        for each in passages
    ]
    planner = service.planner(visit.session, one)
    by = visit.called(planner) if planner else ""
    return [*reversed(events), PastEvent(visit.say("past.planned"), by, one.created_at, "")]
