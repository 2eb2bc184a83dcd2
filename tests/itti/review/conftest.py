"""Factories with certificates, put there without papers, to compare an assessment with."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

from sqlmodel import Session

from itti.accounts.tables import User
from itti.assessments import packed
from itti.assessments.library import questionnaire
from itti.assessments.tables import Answer, Assessment, AssessmentState, Phase
from itti.factories.tables import Factory
from tests.itti.assessments.story import REASON
from tests.itti.conftest import FAMILY, World


def certified(  # noqa: PLR0917 - who, where and what
    world: World,
    factory: Factory,
    assessor: User,
    levels: Mapping[str, int],
    own: Mapping[str, int] | None = None,
    days: int = 100,
    version: str = "1.0.0",
) -> Assessment:
    """An assessment that was approved ``days`` ago, with answers of these levels."""
    asked = questionnaire(FAMILY, version)
    at = datetime.now(UTC) - timedelta(days=days)
    assert assessor.body_id is not None
    one = Assessment(
        factory_id=factory.id, family=FAMILY, definition_version=version, digest=asked.digest,
        state=AssessmentState.CERTIFIED, body_id=assessor.body_id, assessor_id=assessor.id, planned_for=at.date(),
        created_at=at - timedelta(days=9), submitted_at=at, decided_at=at,
    )  # fmt: skip

    def store(session: Session) -> None:
        session.add(one)
        session.flush()
        for phase, given in ((Phase.ASSESSED, levels), (Phase.SELF, own or {})):
            for question, level in given.items():
                session.add(
                    Answer(
                        assessment_id=one.id, phase=phase, question=question, given={"level": level}, reason=REASON,
                        author_id=assessor.id, updated_at=at,
                    )
                )  # fmt: skip
        session.flush()
        packed.keep(session, one, Phase.ASSESSED, asked.plan)

    world.write(store)
    return one
