"""The tool of the guide for TypeScript, as printed: it walks every visit that anybody has in hand."""

from __future__ import annotations

import json
from pathlib import Path

from sqlmodel import select

from itti.accounts.tables import Role, User
from itti.assessments.tables import Assessment, AssessmentState
from tests.itti.client.test_typescript import built, ran
from tests.itti.conftest import World
from tests.itti.serving import served


def test_it_walks_every_visit(stage: World, tmp_path: Path) -> None:
    tool = built(tmp_path)
    with stage.database.reading() as session:
        assessors = session.exec(select(User).where(User.role == Role.ASSESSOR)).all()
        hands = session.exec(select(Assessment.assessor_id).where(Assessment.state == AssessmentState.ASSESSMENT)).all()
        session.expunge_all()
    assert len(set(hands)) > 1
    walked = []
    with served(stage) as address:
        for assessor in assessors:
            if assessor.id in hands:
                said = ran(tool, address, stage.token(assessor), folder=tmp_path).splitlines()
                assert len(said) == hands.count(assessor.id)
                walked += [json.loads(line) for line in said]
    for each in walked:
        assert (each["level"], each["refused"], each["kind"]) == (3, 412, "answer-stale"), each
        assert each["tag"] != each["seen"]
        assert each["answered"] > 0
    assert {each["seen"] is None for each in walked} == {True, False}, "visits with and without an earlier answer"
