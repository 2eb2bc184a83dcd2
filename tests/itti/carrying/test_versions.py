"""Answers of every kind, over several versions, and from questionnaires that are no longer what they were."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from itti.assessments.tables import Assessment
from questionnaires import loading
from tests.itti.assessments.story import plan, tell
from tests.itti.assessments.test_kinds import GIVEN, answer_all, fields
from tests.itti.carrying.upgrade import Upgrade, ended, planned
from tests.itti.conftest import World
from tests.itti.expect import problem
from tests.itti.files import samples
from tests.itti.shelf import EVERY_WORD, every_word

OLD = "quality"


@pytest.fixture
def patched(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The published shelf with itti 2.0.1 on it, which is 2.0.0 by another number."""
    shelf = tmp_path / "shelf"
    shutil.copytree(loading.PUBLISHED / "itti", shelf / "itti")
    new = shelf / "itti" / "2.0.1"
    shutil.copytree(shelf / "itti" / "2.0.0", new)
    (new / "migration.yaml").unlink()
    structure = new / "definition.yaml"
    structure.write_text(structure.read_text("utf-8").replace("version: 2.0.0", "version: 2.0.1", 1), "utf-8")
    monkeypatch.setattr(loading, "PUBLISHED", shelf)


@pytest.mark.usefixtures("patched")
def test_over_two_steps(world: World) -> None:
    """From 1.0.0 by 2.0.0 to 2.0.1: what the first step marks is marked, and the first answers are quoted."""
    old = tell(world).started()
    old.answer_all(old.assessor)
    file = ("file", ("work orders.pdf", samples.pdf(), "application/pdf"))
    assert old.api(old.assessor).post(old.evidence_path(OLD), files=[file]).status_code == 201
    old.step(old.office, "withdraw", note="Postponed.")
    both = Upgrade(old, planned(old, "2.0.1").started())
    shown = both.preview(both.new.assessor).json()
    assert (shown["old"], shown["new"]) == ("itti@1.0.0", "itti@2.0.1")
    both.carried(both.new.assessor)
    answers = both.answers(both.new).values()
    assert {answer["look_again"]["why"] for answer in answers} == {"asked-for"}
    assert {answer["look_again"]["version"] for answer in answers} == {"1.0.0"}
    quality = [answer for answer in answers if answer["look_again"]["olds"][0]["question"] == OLD]
    assert {answer["look_again"]["files"] for answer in quality} == {1}
    assert {answer["look_again"]["note"]["en"][:13] for answer in quality} == {"The dimension"}


def test_every_kind_arrives_as_it_was(world: World, tmp_path: Path) -> None:
    with every_word(tmp_path):
        story = tell(world)
        world.accredit(story.assessor, EVERY_WORD)

        def begun() -> Upgrade:
            new = plan(world, story.factory, story.assessor, story.office, family=EVERY_WORD)
            return Upgrade(story, replace(story, id=new).started())

        story.id = begun().new.id
        answer_all(story)
        story.step(story.office, "withdraw", note="Postponed.")
        both = begun()
        both.carried(both.new.assessor)
        answers = both.answers(both.new)
        assert {name: fields(answer) for name, answer in answers.items()} == GIVEN
        assert {name: answer["reason"] for name, answer in answers.items()} == {
            name: answer["reason"] for name, answer in both.answers(story).items()
        }
        assert not any(answer["look_again"] for answer in answers.values())


def test_a_questionnaire_that_was_changed_gives_nothing(world: World) -> None:
    """Answers to another definition under the same number are answers to other questions."""
    old = ended(world)
    both = Upgrade(old, planned(old, "2.0.0").started())
    with world.database.writing() as session:
        row = session.get_one(Assessment, old.id)
        row.digest = "0" * 64
        session.add(row)
    assert both.new.api(both.new.assessor).get(both.path).json()["items"] == []
    problem(both.carry(both.new.assessor), 404, "no-earlier-assessment")
