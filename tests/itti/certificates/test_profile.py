"""A questionnaire that states a profile and no overall figure: from the first answer to the register."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

import pytest
from sqlmodel import select

from itti.certificates.office import Office
from itti.certificates.tables import Certificate
from questionnaires import loading
from questionnaires.wording import LANGUAGES
from tests.itti.assessments.story import VERSION, tell
from tests.itti.conftest import FAMILY, World

A = TypeVar("A")
R = TypeVar("R")


class InThisProcess:
    """A press whose jobs see the shelf of this test."""

    def run(self, job: Callable[[A], R], argument: A) -> R:
        return job(argument)


@pytest.fixture
def profiled(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The questionnaire of the story, with a profile of its two indices in place of the overall one."""
    folder = tmp_path / "shelf" / FAMILY / VERSION
    shutil.copytree(loading.PUBLISHED / FAMILY / VERSION, folder)
    structure = folder / "definition.yaml"
    before, _, _ = structure.read_text("utf-8").partition("  - id: overall\n")
    profile = "  - id: overall\n    aggregation: profile\n    children: [{of: digital}, {of: sustainability}]\n"
    structure.write_text(before + profile, "utf-8")
    for language in LANGUAGES:  # without the words of the bands
        texts = folder / f"{language}.yaml"
        bandless, count = re.subn(r"^bands:\n(?: .*\n)+", "", texts.read_text("utf-8"), flags=re.MULTILINE)
        assert count == 1
        texts.write_text(bandless, "utf-8")
    monkeypatch.setattr(loading, "PUBLISHED", tmp_path / "shelf")


@pytest.mark.usefixtures("profiled")
def test_from_the_answers_to_the_register(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    story = tell(world).answered()
    client = story.api(story.assessor)
    standing = client.get(f"{story.path}/standing").json()
    assert (standing["profile"], standing["index"], standing["complete"]) == (True, None, True)
    assert [each["index"] for each in standing["sub_indices"]] == ["3.00", "3.00"]
    pages = ("", "/submit", "/review", "/scorecard", "/answers/maintenance")
    for language, said in (("en", "profile and no overall figure"), ("ar", "ملف تفصيلي بلا رقم إجمالي")):
        browser = world.browser(story.assessor)
        browser.get(f"/language/{language}")
        shown = {page: browser.get(story.path + page) for page in pages}
        assert {page.status_code for page in shown.values()} == {200}
        assert [page for page in pages if said in shown[page].text] == ["", "/submit", "/review", "/scorecard"]

    story.step(story.assessor, "submit")
    story.step(story.reviewer, "take-review")
    monkeypatch.setattr(Office, "press", InThisProcess())
    monkeypatch.setattr(Office, "reckoner", InThisProcess())
    story.step(story.reviewer, "approve")
    with world.database.reading() as session:
        row = session.exec(select(Certificate)).one()
    assert (row.index_value, row.band) == (None, None)
    entry = world.api().get(f"/certificates/{row.number}").json()
    assert (entry["index"], entry["state"]) == (None, "valid")
    for reader, path in (
        (story.owner, "/home"),
        (story.office, "/home"),
        (story.office, "/certificates"),
        (story.office, f"/certificates/{row.number}"),
        (story.office, f"/verify/{row.number}"),
        (story.owner, f"{story.path}/scorecard"),
    ):
        page = world.browser(reader).get(path)
        assert page.status_code == 200, path
        assert "None" not in page.text, path
        assert "rofile" in page.text or "Issued on" in page.text, path
