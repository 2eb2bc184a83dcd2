"""A scene for looking at pages: people of every role, and assessments in every state."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Final
from uuid import UUID

from sqlmodel import Session, select

from itti.accounts.schemas import PersonInput
from itti.accounts.tables import User
from itti.accreditation import granting
from itti.accreditation import service as accreditation
from itti.accreditation.schemas import AccreditationInput, AssessorInput, BodyInput
from itti.acts import Act
from itti.assessments import service as assessments
from itti.assessments.schemas import AnswerGiven, CommentInput, PlanInput
from itti.assessments.tables import Phase
from itti.certificates import service as certificates
from itti.certificates.office import Office
from itti.factories import service as factories
from itti.factories.schemas import FactoryInput
from itti.factories.tables import Factory, Sector
from itti.papers import service as papers
from itti.targets import service as targets
from itti.targets.schemas import TargetsInput
from tests.browser.site import OFFICE, PASSWORD, Site

SCRIPT: Final = "<script>document.title = 'taken over'</script><img src=x onerror=\"document.title = 'taken over'\">"
"""What somebody writes who hopes that a page forgets to escape."""

_REASON: Final = (
    "Work orders are planned from run hours in the maintenance system; spare parts are reserved with them. "
    "Seen on lines 1 and 3 with the shift leader."
)
_OWN: Final = ("We do this on all four lines since March.", "نقوم بذلك في جميع خطوط الإنتاج منذ مارس.")


@dataclass
class Scene:
    """Who and what there is."""

    site: Site
    assessor: str = "omar@gia.example"
    reviewer: str = "layla@meridian.example"
    lapsed: str = "sami@meridian.example"
    factory: str = "mariam@gulf-foods.example"
    office: str = OFFICE
    factory_id: UUID | None = None
    body_id: UUID | None = None
    assessor_id: UUID | None = None
    assessments: dict[str, UUID] = field(default_factory=dict)
    """State → id of an assessment in it; ``returned`` is one that came back with comments."""

    number: str = ""
    """Number of the certificate."""

    questions: tuple[str, ...] = ()


def set_scene(site: Site) -> Scene:
    """Fill the database of ``site``; everything goes through the services, as real use does."""
    scene = Scene(site)
    office = Office(site.settings)
    people = site.write(lambda session: _register(session, site, scene))
    for state in ("planned", "self_assessment", "assessment", "review", "returned", "certified"):
        site.write(lambda session, state=state: _stage(session, scene, people, office, state))  # type: ignore[misc]
    return scene


@dataclass(frozen=True)
class _People:
    office: User
    assessor: User
    reviewer: User
    factory_person: User
    factory: Factory


def _register(session: Session, site: Site, scene: Scene) -> _People:
    office = session.exec(select(User).where(User.email == OFFICE)).one()
    act = Act(actor=office)
    gulf = accreditation.register_body(
        session,
        act,
        BodyInput(name="Gulf Industrial Assessors", name_ar="الخليج للتقييم الصناعي", registration="AB-2024-017"),
    )
    meridian = accreditation.register_body(
        session, act, BodyInput(name="Meridian Assurance", name_ar="ميريديان للتوثيق", registration="AB-2023-004")
    )

    for body in (gulf, meridian):
        days = {"valid_from": act.today - timedelta(days=500), "valid_until": act.today + timedelta(days=500)}
        granting.accredit_body(session, act, body.id, AccreditationInput(family="itti", **days))

    def assessor(email: str, names: tuple[str, str | None], body: UUID, *, first: int, last: int) -> User:
        new = AssessorInput(email=email, name=names[0], name_ar=names[1], body_id=body, password=PASSWORD)
        user = accreditation.register_assessor(session, act, site.settings, new).user
        permission = AccreditationInput(
            family="itti",
            valid_from=act.today + timedelta(days=first),
            valid_until=act.today + timedelta(days=last),
        )
        granting.accredit(session, act, user.id, permission)
        return user

    omar = assessor(scene.assessor, ("Omar Haddad", "عمر حداد"), gulf.id, first=-100, last=300)
    layla = assessor(scene.reviewer, ("Layla Mansour", "ليلى منصور"), meridian.id, first=-100, last=300)
    assessor(scene.lapsed, ("Sami Darwish", None), meridian.id, first=-400, last=-30)
    factory = factories.register_factory(
        session,
        act,
        FactoryInput(
            name="Gulf Foods Processing",
            name_ar="الخليج لتصنيع الأغذية",
            licence="IL-2031-445",
            sector=Sector.FOOD,
            region="Abu Dhabi",
            employees=1180,
        ),
    )
    mariam = factories.register_person(
        session,
        act,
        site.settings,
        factory.id,
        PersonInput(email=scene.factory, name="Mariam Al Suwaidi", name_ar="مريم السويدي", password=PASSWORD),
    ).user
    scene.factory_id, scene.body_id, scene.assessor_id = factory.id, gulf.id, omar.id
    return _People(office, omar, layla, mariam, factory)


def _stage(session: Session, scene: Scene, people: _People, office: Office, state: str) -> None:
    """One assessment, led as far as ``state``."""
    planning = Act(actor=people.office)
    plan = PlanInput(
        factory_id=people.factory.id,
        family="itti",
        version="1.0.0",
        assessor_id=people.assessor.id,
        planned_for=planning.today + timedelta(days=3),
    )
    one = assessments.plan(session, planning, plan)
    scene.assessments[state] = one.id
    scene.questions = tuple(question.id for question in assessments.shown(one).definition.questions)

    def move(actor: User, name: str, note: str = "", comments: Sequence[CommentInput] = ()) -> None:
        assessments.move(session, Act(actor=actor), one.id, name, office=office, note=note, comments=comments)

    if state in {"review", "certified"}:
        aims = {
            "targets": [
                {"part": "overall", "value": "4.25"},
                {"part": "maintenance", "value": 5, "by": "2030", "note": "With the new line."},
            ]
        }
        given = TargetsInput.model_validate({**aims, "by": "2099", "note": f"Agreed with the board. {SCRIPT}"})
        targets.enter(session, Act(actor=people.factory_person), one.id, given, expected=0)
    if state == "planned":
        return
    move(people.factory_person, "start-self-assessment")
    _answer(
        session, scene, people.factory_person, one.id, phase=Phase.SELF, count=9 if state == "self_assessment" else 20
    )
    if state == "self_assessment":
        return
    move(people.factory_person, "finish-self-assessment")
    move(people.assessor, "start")
    _answer(session, scene, people.assessor, one.id, phase=Phase.ASSESSED, count=9 if state == "assessment" else 20)
    if state == "assessment":
        return
    move(people.assessor, "submit", "Line 2 was down for cleaning during the visit.")
    move(people.reviewer, "take-review")
    if state == "review":
        return
    if state == "returned":
        remarks = [CommentInput(question="maintenance", text=SCRIPT), CommentInput(text="Good work otherwise.")]
        move(people.reviewer, "return", f"Two levels lack proof. {SCRIPT}", remarks)
        return
    move(people.reviewer, "approve")
    papers.finish_now(session, Act(actor=people.reviewer), office, assessments.assessment(session, planning, one.id))
    certificate = certificates.of_assessment(session, Act(actor=people.office), one)
    assert certificate is not None
    scene.number = certificate.number


def _answer(session: Session, scene: Scene, author: User, identifier: UUID, *, phase: Phase, count: int) -> None:
    for place, question in enumerate(scene.questions[:count]):
        away = question == "customer-service" and phase is Phase.ASSESSED
        given = AnswerGiven(
            level=None if away else (place * (7 if phase is Phase.SELF else 3)) % 6,
            not_applicable=away,
            reason=_OWN[place % 2] if phase is Phase.SELF else _REASON,
        )
        assessments.save(session, Act(actor=author), identifier, question, phase, given, expected=None)
