"""Only the engine, over HTTP: the same scorecard as everywhere, for whoever may ask, as often as they may."""

from __future__ import annotations

import io
import json
from typing import Any, Final

import openpyxl
import pytest
from starlette.testclient import TestClient

import questionnaires
from itti.engine import service
from questionnaires.loading import examples, latest, read_file
from reports import spreadsheet, table
from scoring import compile_plan
from scoring import score as score_answers
from scoring.sheet import AnswerSheet, read_sheet
from tests.itti.conftest import World, make_settings, running_world
from tests.itti.expect import problem

EXAMPLES: Final = [
    (family, version, path) for family, version in questionnaires.published() for path in examples(family, version)[:1]
]
SHEET: Final[dict[str, Any]] = {
    "family": "itti",
    "version": "1.0.0",
    "answers": {"quality": {"level": 3}, "maintenance": {"level": 2}},
}


def sent(sheet: AnswerSheet) -> dict[str, Any]:
    """A sheet as a tool would send it."""
    answers = {
        name: entry.model_dump(mode="json", exclude_defaults=True, exclude={"evidence"})
        for name, entry in sheet.answers.items()
    }
    return {"family": sheet.questionnaire, "version": sheet.version, "answers": answers}


@pytest.fixture
def tool(world: World) -> TestClient:
    """A tool that is signed in."""
    return world.api(world.create_user())


class TestScore:
    """``POST /score``."""

    def test_anonymous(self, world: World) -> None:
        problem(world.api().post("/score", json=SHEET), 401, "sign-in-needed")

    def test_every_example_scores_as_published(self, world: World) -> None:
        """Whatever is asked in a questionnaire can be sent, and the bytes are those of the engine."""
        user = world.create_user()
        world.app.state.engine_limit = type(world.app.state.engine_limit)("engine", 1000)
        tool = world.api(user)
        assert EXAMPLES
        for family, version, path in EXAMPLES:
            sheet = read_sheet(read_file(path))
            answer = tool.post("/score", json=sent(sheet))
            assert answer.status_code == 200, (family, version, answer.text)
            expected = score_answers(compile_plan(questionnaires.load(family, version)), sheet.given())
            assert answer.content == expected.to_json()

    def test_newest_version_by_default(self, tool: TestClient) -> None:
        answer = tool.post("/score", json={"family": "itti", "answers": {}})
        assert answer.json()["version"] == latest("itti")

    def test_missing_answers_leave_a_range(self, tool: TestClient) -> None:
        headline = tool.post("/score", json=SHEET).json()["nodes"][0]
        assert headline["value"] is None
        assert headline["lowest"] < headline["highest"]

    @pytest.mark.parametrize("kind", [table.MEDIA_TYPE, spreadsheet.MEDIA_TYPE])
    def test_as_a_table(self, tool: TestClient, kind: str) -> None:
        answer = tool.post("/score", json=SHEET, headers={"Accept": kind, "Accept-Language": "ar"})
        assert answer.status_code == 200
        assert answer.headers["content-type"].startswith(kind)
        assert answer.headers["RateLimit"].startswith('"engine";r=')
        if kind == spreadsheet.MEDIA_TYPE:
            assert openpyxl.load_workbook(io.BytesIO(answer.content)).worksheets[0].sheet_view.rightToLeft
        else:
            assert "الجودة" in answer.content.decode("utf-8-sig")

    def test_no_form_that_is_accepted(self, tool: TestClient) -> None:
        problem(tool.post("/score", json=SHEET, headers={"Accept": "image/png"}), 406, "not-acceptable")

    @pytest.mark.parametrize(("family", "version"), [("nothing", None), ("itti", "9.9.9")])
    def test_not_existing(self, tool: TestClient, family: str, version: str | None) -> None:
        body = SHEET | {"family": family, "version": version}
        problem(tool.post("/score", json=body), 404, "questionnaire-unknown")

    def test_stale(self, tool: TestClient) -> None:
        """Another questionnaire than the one that the answers were given to is published by now."""
        problem(tool.post("/score", json=SHEET | {"digest": "0" * 64}), 409, "other-digest")

    def test_all_mistakes_at_once(self, tool: TestClient) -> None:
        answers = {
            "quality": {"level": 9},
            "maintenance": {"yes": True},
            "no-such": {"level": 1},
            "lines.line-1.output": {"number": "1"},
            "product-design": {"not_applicable": True},
            "planning-and-scheduling": {},
        }
        found = problem(tool.post("/score", json=SHEET | {"answers": answers}), 422, "answers-invalid")
        places = {each["pointer"]: each["code"] for each in found["errors"]}
        assert places["/answers/quality/level"] == "level-out-of-range"
        assert places["/answers/maintenance/yes"] == "wrong-kind-of-answer"
        assert places["/answers/no-such"] == "unknown-question"
        assert places["/answers/lines.line-1.output"] == "unknown-question"
        assert places["/answers/product-design/reason"] == "not-applicable-without-reason"

    def test_a_binary_float_is_refused(self, tool: TestClient) -> None:
        body = {"family": "zero-carbon-park", "answers": {"energy-carbon-intensity": {"number": 0.1}}}
        found = problem(tool.post("/score", json=body), 422, "invalid-input")
        assert found["errors"][0]["code"] == "exact-number"

    def test_too_many_answers(self, tool: TestClient) -> None:
        body = SHEET | {"answers": {f"q{number}": {"level": 1} for number in range(2001)}}
        found = problem(tool.post("/score", json=body), 422, "invalid-input")
        assert found["errors"][0]["pointer"] == "/answers"

    def test_too_large(self, tool: TestClient) -> None:
        body = SHEET | {"answers": {f"q{number}": {"level": 1, "reason": "x" * 3000} for number in range(100)}}
        problem(tool.post("/score", json=body), 413, "too-large")

    def test_malformed(self, tool: TestClient) -> None:
        problem(tool.post("/score", content=b"{", headers={"Content-Type": "application/json"}), 422, "invalid-input")


class TestExplain:
    """``POST /explain``."""

    def test_anonymous(self, world: World) -> None:
        problem(world.api().post("/explain", json=SHEET), 401, "sign-in-needed")

    @pytest.mark.parametrize("language", ["en", "ar"])
    def test_valid(self, tool: TestClient, language: str) -> None:
        told = tool.post("/explain", json=SHEET, headers={"Accept-Language": language}).json()
        titles = questionnaires.load("itti", "1.0.0").words(language)
        assert titles.nodes["overall"].title in told["steps"][0]["heading"]
        assert told["steps"][0]["depth"] == 0
        assert any(
            titles.questions["quality"].title in line["text"] for step in told["steps"] for line in step["lines"]
        )
        assert "\u2068" not in json.dumps(told, ensure_ascii=False)

    def test_answers_that_cannot_be_scored(self, tool: TestClient) -> None:
        problem(tool.post("/explain", json=SHEET | {"answers": {"x": {"level": 1}}}), 422, "answers-invalid")


class TestLimits:
    """Against those who ask too much."""

    def test_one_account_too_often(self, world: World) -> None:
        """Both doors count together; another account has an allowance of its own; headers say what is left."""
        changed = make_settings(world.settings.data_folder, engine_requests=2)
        with running_world(changed) as few:
            tool, other = few.api(few.create_user()), few.api(few.create_user())
            first = tool.post("/score", json=SHEET)
            assert (first.headers["RateLimit-Policy"], first.headers["RateLimit"][:12]) == (
                '"engine";q=2;w=60',
                '"engine";r=1',
            )
            assert tool.post("/explain", json=SHEET).status_code == 200
            refused = tool.post("/score", json=SHEET)
            problem(refused, 429, "too-many-scores")
            assert int(refused.headers["Retry-After"]) <= 60
            assert refused.headers["RateLimit"].startswith('"engine";r=0;t=')
            assert other.post("/score", json=SHEET).status_code == 200

    def test_no_place_at_the_engine(self, tool: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(service, "SECONDS", 0.01)
        taken = 0
        while service._TURNS.acquire(blocking=False):
            taken += 1
        try:
            busy = tool.post("/score", json=SHEET)
        finally:
            for _ in range(taken):
                service._TURNS.release()
        problem(busy, 503, "engine-busy")
        assert busy.headers["Retry-After"]
        assert tool.post("/score", json=SHEET).status_code == 200
