"""Every questionnaire that ships: frozen, in both languages, with scored examples and honest about its sources."""

from __future__ import annotations

import re

import pytest

from questionnaires import Definition, load, published
from questionnaires.loading import check_frozen, examples, frozen, read_file
from scoring import compile_plan, score
from scoring.sheet import read_sheet

NAMES = [f"{family}@{version}" for family, version in published()]
ARABIC = re.compile(r"[\u0600-\u06FF]")


@pytest.fixture(params=NAMES)
def definition(request: pytest.FixtureRequest) -> Definition:
    family, _, version = str(request.param).partition("@")
    return load(family, version)


def test_the_lock_names_exactly_what_is_published() -> None:
    assert sorted(f"{family}@{version}" for family, version in frozen()) == sorted(NAMES)


def test_every_family_of_the_mission_ships() -> None:
    wanted = {
        "itti",
        "industrial-cluster",
        "zero-carbon-park",
        "zero-carbon-park-jiangsu",
        "taicang-park",
        "green-factory",
        "green-supply-chain",
        "green-park",
        "gradient",
        "carbon-footprint-management",
        "epd-check",
    }
    assert wanted <= {family for family, _ in published()}


def test_it_is_what_was_published(definition: Definition) -> None:
    check_frozen(definition)


def test_it_speaks_english_and_arabic(definition: Definition) -> None:
    assert set(definition.languages) == {"en", "ar"}
    for question in definition.questions:
        titles = {code: definition.words(code).questions[question.id].title for code in ("en", "ar")}
        assert ARABIC.search(titles["ar"]), question.id
        assert not ARABIC.search(titles["en"]), question.id


def test_it_says_how_certain_its_sources_are_and_claims_no_approval(definition: Definition) -> None:
    assert definition.sources
    assert any(source.certainty == "own" for source in definition.sources)
    english = definition.words("en")
    said = f"{english.origin} {english.method} {english.limits} {english.summary}".lower()
    assert re.search(r"\b(no|not|none|nor|neither)\b[^.]*\b(approv|issued|link)", said), said


def test_examples_give_their_expected_scores(definition: Definition) -> None:
    plan = compile_plan(definition)
    sheets = [read_sheet(read_file(path)) for path in examples(definition.family, definition.version)]
    assert len(sheets) >= 2
    for sheet in sheets:
        card = score(plan, sheet.given())
        assert sheet.expected
        assert {node: card.node(node).value or "–" for node in sheet.expected} == dict(sheet.expected)


def test_without_answers_it_states_nothing(definition: Definition) -> None:
    card = score(compile_plan(definition), {})
    assert not card.complete
    assert card.headline.value is None
