"""Every published questionnaire can be assessed: its example answered, each of its pages opened in both languages."""

from __future__ import annotations

from typing import Final

import pytest
from sqlmodel import Session

from itti.acts import Act
from itti.assessments import service
from itti.assessments.schemas import AnswerGiven
from itti.assessments.tables import Phase
from itti.commands.explain import explain
from questionnaires import load, published
from questionnaires.loading import examples, read_file
from questionnaires.wording import LANGUAGES
from scoring import Scorecard
from scoring.sheet import AnswerSheet, read_sheet
from scoring.tracing import trace
from tests.itti.assessments.story import REASON, Story, plan, tell
from tests.itti.conftest import World

NAMES: Final = [f"{family}@{version}" for family, version in published()]


def answered(world: World, family: str, version: str, sheet: AnswerSheet) -> Story:
    """An assessment with the answers of a sheet."""
    story = tell(world)
    for user in (story.assessor, story.reviewer):
        world.accredit(user, family)
    story.id = plan(world, story.factory, story.assessor, story.office, family=family, version=version)
    story.started()

    def save(session: Session, act: Act) -> None:
        for question, entry in sheet.answers.items():
            said = entry.model_dump(exclude={"evidence"}, exclude_none=True)
            given = AnswerGiven.model_validate({"level": None, **said, "reason": entry.reason or REASON})
            service.save(session, act, story.id, question, Phase.ASSESSED, given, expected=None)

    story.do(story.assessor, save)
    return story


@pytest.mark.parametrize("name", NAMES)
def test_every_page_opens(world: World, name: str) -> None:
    family, _, version = name.partition("@")
    sheet = read_sheet(read_file(examples(family, version)[0]))
    story = answered(world, family, version, sheet)
    leaves = service.questionnaire(family, version).leaves
    for language in LANGUAGES:
        browser = story.world.browser(story.assessor)
        browser.get(f"/language/{language}")
        paths = [f"{story.path}/{page}" for page in ("", "submit", "review", "scorecard")]
        paths += [f"{story.path}/answers/{leaf.id}" for leaf in leaves]
        paths += [f"/questionnaires/{family}/{version}", "/questionnaires", "/assessments"]
        for path in paths:
            assert browser.get(path.rstrip("/")).status_code == 200, (language, path)
    client = story.api(story.assessor)
    standing = client.get(f"{story.path}/standing").json()
    card = Scorecard.from_json(client.get(f"{story.path}/scorecard").content)
    assert standing["complete"] is card.complete
    assert (standing["answered"] == standing["total"]) is card.complete
    stated = {node.id: node.value or "–" for node in card.nodes}  # an example says so where there is no value
    assert {node: stated[node] for node in sheet.expected} == dict(sheet.expected)
    assert client.get(f"{story.path}/scorecard", params={"format": "csv"}).status_code == 200


@pytest.mark.parametrize("name", NAMES)
def test_every_example_is_explained(name: str) -> None:
    family, _, version = name.partition("@")
    definition, questionnaire = load(family, version), service.questionnaire(family, version)
    for file in examples(family, version):
        given = read_sheet(read_file(file)).given()
        for language in LANGUAGES:
            told = list(explain(definition, trace(questionnaire.plan, given), language))
            assert len(told) > len(definition.nodes)
