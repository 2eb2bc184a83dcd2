"""Assessments as pages: list, planning, overview, the form, submitting, reviewing, the scorecard."""

from __future__ import annotations

from typing import Final, Literal
from uuid import UUID

from fastapi import APIRouter
from starlette.responses import JSONResponse, Response

from itti.accounts.roles import require
from itti.accounts.tables import Role
from itti.accreditation import granting
from itti.accreditation import service as accreditation
from itti.assessments import (
    asked,
    asking,
    form_page,
    handing_page,
    listing,
    overview,
    removal_page,
    review_page,
    saving,
    scorecard_page,
    service,
    submit_page,
    taking,
    wayfinding,
)
from itti.assessments.errors import AnswerStale
from itti.assessments.moves import MoveName
from itti.assessments.schemas import AnswerGiven, PlanInput
from itti.assessments.tables import APPROVED, AssessmentState, Phase
from itti.assessments.wayfinding import Place
from itti.certificates import service as certificates
from itti.certificates.office import Office, OfficeOf
from itti.evidence import reading as evidence
from itti.factories import service as factories
from itti.http.etags import ExpectedState, etag
from itti.http.paging import MOST, Paging, PagingOf
from itti.targets.reading import targets_of
from itti.web.forms import Form, Posted, taken, typed, version_in
from itti.web.visits import Member, Visit
from questionnaires import load
from questionnaires.errors import Fault
from questionnaires.loading import newest_first

router = APIRouter()

_PLAN: Final = ("factory_id", "family", "version", "assessor_id", "planned_for")
_ALL: Final = Paging(MOST, None)


@router.get("/assessments")
def list_assessments(visit: Member, paging: PagingOf, state: str = "") -> Response:
    """The assessments this person may see, narrowed to a state if asked."""
    numbers = service.counts(visit.session, visit.act)
    chosen = AssessmentState(state) if state in tuple(AssessmentState) else None
    filters = service.Filters(states=(chosen,) if chosen else None)
    found = service.listed(visit.session, visit.act, filters, paging)
    narrowed = f"state={chosen.value}&" if chosen else ""
    return visit.show(
        "assessments/list.html",
        rows=found.rows,
        chosen=chosen.value if chosen else None,
        states=[(each.value, number) for each, number in numbers.items()],
        total=sum(numbers.values()),
        next_page=f"/assessments?{narrowed}after={found.after}" if found.after else None,
    )


@router.get("/assessments/new")
def new_assessment(visit: Member, factory: str = "") -> Response:
    """The form to plan an assessment."""
    require(visit.act, Role.PROGRAMME)
    return _plan_form(visit, Form({"factory_id": factory}))


@router.post("/assessments/new")
def plan(posted: Posted, visit: Member) -> Response:
    """Plan an assessment."""
    family, _, version = posted.get("questionnaire", "").partition("@")
    given = {**posted, "family": family, "version": version}
    try:
        made = service.plan(visit.session, visit.act, taken(PlanInput, given, _PLAN))
    except Fault as fault:
        visit.undo(fault)
        require(visit.act, Role.PROGRAMME)
        form = Form.refused(typed(given, (*_PLAN, "questionnaire")), fault, visit.language)
        return _plan_form(visit, _of_one_field(form), getattr(fault, "status", 422))
    return visit.go(f"/assessments/{made.id}", "assessment-planned")


def _of_one_field(form: Form) -> Form:
    """What is wrong with family or version stands beside the one field in which both are chosen."""
    errors = dict(form.errors)
    found = [words for name in ("family", "version") for words in errors.pop(name, ())]
    return Form(form.values, errors | {"questionnaire": tuple(found)} if found else errors, form.key)


def _plan_form(visit: Visit, form: Form, status: int = 200) -> Response:
    session, act = visit.session, visit.act
    offered = [
        (f"{family}@{version}", f"{load(family, version).words(visit.language).title} · {version}")
        for family, version in newest_first()
    ]
    bodies = {body.id: visit.called(body) for body in accreditation.bodies(session, act, _ALL).rows}
    accredited = {
        one.id: one
        for family in dict.fromkeys(family for family, _ in newest_first())
        for one in granting.accredited_people(session, act, family, act.today)
    }
    if len(offered) == 1 and not form.values.get("questionnaire"):
        form = Form({**form.values, "questionnaire": offered[0][0]}, form.errors, form.key)
    return visit.show(
        "assessments/plan.html",
        status,
        form=form,
        questionnaires=offered,
        factories=[(str(one.id), visit.called(one)) for one in factories.factories(session, act, _ALL).rows],
        assessors=[
            (str(one.id), f"{visit.called(one)} · {bodies.get(one.body_id, '')}" if one.body_id else visit.called(one))
            for one in accredited.values()
        ],
    )


@router.get("/assessments/{identifier}")
def show_assessment(identifier: UUID, visit: Member) -> Response:
    """The overview of one assessment."""
    return overview.show(visit, service.assessment(visit.session, visit.act, identifier))


@router.post("/assessments/{identifier}/moves")
def move(identifier: UUID, posted: Posted, visit: Member, office: OfficeOf) -> Response:
    """Make a move, and go where it leads."""
    name = posted.get("move", "")
    try:
        service.move(
            visit.session, visit.act, identifier, name,
            office=office, expected=version_in(posted), seen=posted.get("seen", ""),
            note=posted.get("note", "").strip()[:4000],
        )  # fmt: skip
    except Fault as fault:
        mistake = visit.undo(fault)
        status = getattr(fault, "status", 422)
        one = service.assessment(visit.session, visit.act, identifier)
        if name in {MoveName.SUBMIT, MoveName.FINISH_SELF_ASSESSMENT} and name in _open_to(visit, identifier):
            return submit_page.show(visit, one, status, mistake, note=posted.get("note", ""))
        return overview.show(visit, one, status, mistake)
    return visit.go(_after(identifier, name), f"moved-{name}")


router.include_router(handing_page.router)


def _open_to(visit: Visit, identifier: UUID) -> set[str]:
    one = service.assessment(visit.session, visit.act, identifier)
    return {each.rule.move.value for each in service.possible(visit.session, visit.act, one)}


def _after(identifier: UUID, name: str) -> str:
    base = f"/assessments/{identifier}"
    places = {
        MoveName.START_SELF_ASSESSMENT: f"{base}/answers",
        MoveName.START: f"{base}/answers",
        MoveName.TAKE_REVIEW: f"{base}/review",
        MoveName.RELEASE_REVIEW: "/assessments",
    }
    return places.get(MoveName(name), base)


# The form


@router.get("/assessments/{identifier}/answers")
def first_open(identifier: UUID, visit: Member, phase: str | None = None) -> Response:
    """On to the first question that is still open."""
    one = service.assessment(visit.session, visit.act, identifier)
    whose = wayfinding.phase_for(visit, phase)
    card = service.current_scorecard(visit.session, visit.act, one, whose)
    waiting = asked.open_questions(card)
    questionnaire = service.asked_of(visit.session, one, whose)
    questions = wayfinding.order(questionnaire)
    looks = service.standing(visit.session, visit.act, one, whose).look_again
    first = next((question for question in questions if question in waiting), looks[0] if looks else questions[0])
    return visit.go(wayfinding.address(one, questionnaire, first, whose, visit))


@router.get("/assessments/{identifier}/answers/{name}")
def show_leaf(identifier: UUID, name: str, visit: Member, phase: str | None = None) -> Response:
    """A leaf of the form. A question that shares its leaf leads there; the address keeps the place on it."""
    place = _place(identifier, name, visit, phase)
    if place.leaf.id != name:
        return visit.go(wayfinding.leaf_address(place.one, place.leaf, place.phase, visit))
    return form_page.show(place)


@router.put("/assessments/{identifier}/answers/{question}")
def save_answer(
    identifier: UUID,
    question: str,
    given: AnswerGiven,
    expected: ExpectedState,
    visit: Member,
    phase: str | None = None,
) -> Response:
    """Save one answer as it is given; what the form's script sends, and what else it shows then."""
    whose = wayfinding.phase_for(visit, phase)
    saved = service.save(visit.session, visit.act, identifier, question, whose, given, expected=expected.version)
    place = _place(identifier, question, visit, phase)
    files = evidence.of_assessment(visit.session, identifier)
    said = saved.view.model_dump(mode="json") | asking.after_saving(place, saved.scorecard, files)
    return JSONResponse(said, headers={"ETag": etag(saved.answer.version)})


@router.post("/assessments/{identifier}/answers/{name}")
def save_form(identifier: UUID, name: str, posted: Posted, visit: Member, phase: str | None = None) -> Response:
    """Save all answers of a leaf without a script, each by itself, and go on to the next leaf."""
    place = _place(identifier, name, visit, phase)
    refusals = saving.save_all(place, posted)
    if refusals:
        return form_page.show(_place(identifier, name, visit, phase), refusals)
    return _after_saving(_place(identifier, name, visit, phase), posted.get("then", ""))


def _after_saving(place: Place, then: str) -> Response:
    """On to the next leaf, or here again: to name one more item, or with those that the factory named."""
    page, of = wayfinding.leaf_address(place.one, place.leaf, place.phase, place.visit), then.partition(":")[2]
    if then == "stay":
        return place.visit.go(page, "saved")
    if of not in place.leaf.questions:
        return place.visit.go(place.after)
    if then.startswith("take:"):
        listing.take_over(place, of)
    return place.visit.go(f"{page}#more-{of}")


@router.get("/assessments/{identifier}/answers/{name}/items/{item}/removal")
def ask_removal(identifier: UUID, name: str, item: str, visit: Member, phase: str | None = None) -> Response:
    """Whether an item shall leave its list, with what would go with it."""
    return removal_page.show(_place(identifier, name, visit, phase), name, item)


@router.post("/assessments/{identifier}/answers/{name}/items/{item}/removal")
def remove_item(
    identifier: UUID, name: str, item: str, posted: Posted, visit: Member, phase: str | None = None
) -> Response:
    """Take an item out of its list with its answers and files."""
    place = _place(identifier, name, visit, phase)
    try:
        removal_page.remove(place, name, item, version_in(posted))
    except Fault as fault:
        visit.undo(fault)
        return removal_page.refused(_place(identifier, name, visit, phase), name, item, fault)
    return visit.go(removal_page.back(place), "item-removed")


@router.post("/assessments/{identifier}/answers/{question}/looked-at")
def look_at(identifier: UUID, question: str, posted: Posted, visit: Member, phase: str | None = None) -> Response:
    """Say that one has looked at a carried answer, and go on to the next that waits for it."""
    whose = wayfinding.phase_for(visit, phase)
    try:
        saved = service.looked_at(
            visit.session, visit.act, identifier, question, whose, expected=version_in(posted)
        )  # fmt: skip
    except AnswerStale as fault:
        visit.undo(fault)
        one = service.assessment(visit.session, visit.act, identifier)
        questionnaire = service.asked_of(visit.session, one, whose)
        return visit.go(wayfinding.address(one, questionnaire, question, whose, visit), "look-stale")
    one = service.assessment(visit.session, visit.act, identifier)
    questionnaire = service.asked_of(visit.session, one, whose)
    following = wayfinding.next_of(questionnaire, question, saved.look_again)
    return visit.go(
        wayfinding.address(one, questionnaire, following or question, whose, visit),
        None if following else "looked-at",
    )  # fmt: skip


def _place(identifier: UUID, name: str, visit: Visit, phase: str | None) -> Place:
    one = service.assessment(visit.session, visit.act, identifier)
    whose = wayfinding.phase_for(visit, phase)
    return Place(visit, one, whose, service.asked_of(visit.session, one, whose).leaf(name))


# Submitting, reviewing, the scorecard


@router.get("/assessments/{identifier}/submit")
def show_submit(identifier: UUID, visit: Member) -> Response:
    """What is still missing, and the button to submit."""
    return submit_page.show(visit, service.assessment(visit.session, visit.act, identifier))


@router.get("/assessments/{identifier}/review")
def show_review(identifier: UUID, visit: Member, only: str = "") -> Response:
    """All answers beside the factory's own and the last ones, with remarks; for the reviewer also the decision."""
    one = service.assessment(visit.session, visit.act, identifier)
    return review_page.show(visit, one, only=review_page.narrowed(only))


@router.post("/assessments/{identifier}/review")
def decide(identifier: UUID, posted: Posted, visit: Member, office: OfficeOf) -> Response:
    """Return with remarks, or approve; a second click finds what the first one did."""
    try:
        return _decide(identifier, posted, visit, office)
    except Fault as fault:
        visit.undo(fault)
        one = service.assessment(visit.session, visit.act, identifier)
        if one.state in APPROVED and posted.get("move") == MoveName.APPROVE:
            return visit.go(f"/assessments/{identifier}/papers", "moved-approve")
        return review_page.refused(visit, one, fault, posted)


def _decide(identifier: UUID, posted: Posted, visit: Visit, office: Office) -> Response:
    name = posted.get("move", "")
    service.move(
        visit.session, visit.act, identifier, name,
        office=office, expected=version_in(posted), seen=posted.get("seen", ""),
        note=posted.get("note", "").strip(), comments=review_page.comments_in(posted),
    )  # fmt: skip
    if name == MoveName.APPROVE:
        return visit.go(f"/assessments/{identifier}/papers", "moved-approve")
    return visit.go(f"/assessments/{identifier}", f"moved-{name}")


@router.get("/assessments/{identifier}/scorecard")
def show_scorecard(identifier: UUID, visit: Member, office: OfficeOf) -> Response:
    """The scorecard with charts, and how each number came about."""
    one = service.assessment(visit.session, visit.act, identifier)
    certificate = certificates.of_assessment(visit.session, visit.act, one)
    return scorecard_page.show(visit, office, one, certificate)


@router.get("/assessments/{identifier}/scorecard.{form}")
def take_scorecard(identifier: UUID, form: Literal["csv", "xlsx"], visit: Member) -> Response:
    """The scorecard over the answers given so far, for spreadsheets."""
    one = service.assessment(visit.session, visit.act, identifier)
    card = service.current_scorecard(visit.session, visit.act, one)
    asked = service.asked_of(visit.session, one, Phase.ASSESSED).definition
    return taking.taken(form, card, asked, visit.language, targets_of(visit.session, one))
