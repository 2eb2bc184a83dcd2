"""Planning an assessment: by the programme office, or by an accredited assessor for himself."""

from uuid import UUID

from sqlmodel import Session

from itti.accounts.tables import Role, User
from itti.acts import Act
from itti.assessments import library, neutrality, reading
from itti.assessments.errors import NotPlannable, PlanningForbidden
from itti.assessments.permission import refusal
from itti.assessments.schemas import PlanInput
from itti.assessments.tables import Assessment, AssessmentState
from itti.audit.service import record
from itti.factories.tables import Factory
from itti.tidings.moves import tell_planned
from questionnaires.loading import UnknownDefinition, latest


def plan(session: Session, act: Act, planned: PlanInput) -> Assessment:
    """Register an assessment that is to come, with the questionnaire pinned by version and digest.

    Raises:
        PlanningForbidden: a factory plans, or an assessor for somebody else.
        NotPlannable: factory, questionnaire or assessor do not exist or do not fit.
        NotAccredited: the assessor will not be accredited on the day of the visit.
        NotIndependent, RotationDue: the assessor may not assess this factory.
    """
    actor = reading.person(act)
    _permit(actor, planned.assessor_id)
    factory = session.get(Factory, planned.factory_id)
    if factory is None:
        raise NotPlannable.because("factory_id", "no-such-factory", id=planned.factory_id)
    asked = _questionnaire(planned)
    assessor = _assessor(session, planned.assessor_id)
    day = max(act.today, planned.planned_for)
    fault = (
        refusal(session, assessor, planned.family, asked.definition.version, factory.sector, day, told=actor)
        or neutrality.tied(session, assessor, factory.id, act.today)
        or neutrality.due_for_rotation(session, assessor, factory.id)
    )
    if fault is not None:
        raise fault
    one = Assessment(
        factory_id=factory.id,
        family=planned.family,
        definition_version=asked.definition.version,
        digest=asked.digest,
        state=AssessmentState.PLANNED,
        body_id=_body(assessor),
        assessor_id=assessor.id,
        planned_for=planned.planned_for,
        created_at=act.at,
    )
    session.add(one)
    session.flush()
    record(
        session,
        act,
        "assessment.planned",
        "assessment",
        one.id,
        factory=str(factory.id),
        assessor=str(assessor.id),
        questionnaire=asked.name,
        digest=asked.digest,
        planned_for=planned.planned_for.isoformat(),
    )
    tell_planned(session, act, one)
    return one


def _permit(actor: User, assessor_id: UUID) -> None:
    if actor.role is Role.PROGRAMME:
        return
    if actor.role is Role.ASSESSOR and actor.id == assessor_id:
        return
    raise PlanningForbidden


def _questionnaire(planned: PlanInput) -> library.Questionnaire:
    try:
        return library.questionnaire(planned.family, planned.version or latest(planned.family))
    except UnknownDefinition as fault:
        wanted = f"{planned.family}@{planned.version or '*'}"
        field = "family" if planned.version is None else "version"
        raise NotPlannable.because(
            field, "no-such-questionnaire", questionnaire=wanted, known=fault.details["known"]
        ) from fault


def _assessor(session: Session, identifier: UUID) -> User:
    found = session.get(User, identifier)
    if found is None or found.role is not Role.ASSESSOR or found.disabled_at is not None:
        raise NotPlannable.because("assessor_id", "no-such-assessor", id=identifier)
    return found


def _body(assessor: User) -> UUID:
    if assessor.body_id is None:
        raise NotPlannable.because("assessor_id", "assessor-without-body", id=assessor.id)
    return assessor.body_id
