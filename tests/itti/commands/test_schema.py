"""``itti questionnaires schema``: what is committed is current, whole definitions fit, mistakes do not."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from jsonschema_rs import Draft202012Validator, meta

from itti.commands.schema import MODELS, schema
from questionnaires import load, published
from questionnaires.factors.loading import published_sets
from questionnaires.loading import EXAMPLE, EXAMPLE_UPGRADE, PUBLISHED, examples, read_file
from questionnaires.places import read
from scoring import compile_plan, score
from scoring.sheet import read_sheet
from tests.itti.commands.conftest import ROOT, Run

STARTING = EXAMPLE.parent / "starting"
UPGRADE = sorted(EXAMPLE_UPGRADE.iterdir())
FOLDERS = [EXAMPLE, STARTING, *UPGRADE, *(PUBLISHED / family / version for family, version in published())]


@pytest.fixture(scope="module")
def example_card() -> bytes:
    plan = compile_plan(load("itti", "1.0.0"))
    return score(plan, read_sheet(read_file(examples("itti", "1.0.0")[0])).given()).to_json()


FILES = {path.stem: path for path in (ROOT / "docs" / "schema").glob("*.json") if path.stem != "openapi"}
"""Those of kinds of files; the description of the API is held by ``tests/itti/contract``."""


def fits(kind: str, value: object) -> bool:
    return Draft202012Validator(json.loads(schema(kind))).is_valid(value)


@pytest.mark.parametrize("kind", MODELS)
def test_is_a_schema(kind: str) -> None:
    assert meta.is_valid(json.loads(schema(kind)))


@pytest.mark.parametrize("path", sorted(FILES.values()), ids=lambda path: path.stem)
def test_what_is_committed_is_current(path: Path) -> None:
    assert path.read_text() == schema(path.stem), f"itti questionnaires schema {path.stem} > {path}"


def test_all_of_them_are_committed() -> None:
    assert set(MODELS) == set(FILES)


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: f"{folder.parent.name}-{folder.name}")
def test_every_definition_fits(folder: Path) -> None:
    assert fits("definition", read_file(folder / "definition.yaml").data)
    for path in folder.glob("??.yaml"):
        assert fits("texts", read_file(path).data), path


def test_answers_fit() -> None:
    paths = [path for family, version in published() for path in examples(family, version)]
    paths += [path for folder in (STARTING, EXAMPLE, *UPGRADE) for path in folder.glob("examples/*.yaml")]
    for path in paths:
        assert fits("answers", read_file(path).data), path


def test_figures_and_measures_of_the_guide_fit() -> None:
    figures = ("priority-figures.yaml", "itti-priority-figures.yaml")
    for kind, path in (("measures", "metal-workshop-measures.yaml"), *(("priority-figures", each) for each in figures)):
        assert fits(kind, read_file(ROOT / "docs" / path).data), path


def test_migrations_fit() -> None:
    steps = [
        {"step": "renamed", "question": "it-security", "to": "cyber-security"},
        {"step": "split", "question": "energy", "to": ["metering", {"question": "targets", "table": {"0": 0, "1": 2}}]},
        {"step": "dropped", "questions": ["fax"], "reason": {"en": "Nobody has one."}},
    ]
    assert fits("migration", {"from": "1.0.0", "steps": steps})
    assert fits("migration", read_file(EXAMPLE_UPGRADE / "2.0.0" / "migration.yaml").data)
    assert not fits("migration", {"from": "1.0.0", "steps": [{"step": "forgotten", "question": "fax"}]})


def test_factor_sets_fit() -> None:
    for _, path in published_sets():
        assert fits(path.stem, read_file(path).data), path
        for texts in path.parent.glob("??.yaml"):
            assert fits("factor-texts", read_file(texts).data), texts


def test_inventories_fit() -> None:
    guide = (ROOT / "docs" / "footprints.md").read_text()
    text = guide.partition("```yaml\n")[2].partition("```")[0]
    data: Any = read(text.encode(), "guide").data
    assert fits("inventory", data)
    assert fits("inventory", {**data, "gwp": {"set": "ar6", "choices": {"sf6": 24300}}})
    assert not fits("inventory", {**data, "gwp": "ar66"})
    assert not fits("inventory", {**data, "lines": []})


def test_numbers_without_quotes_fit_as_editors_see_them() -> None:
    data: Any = copy.deepcopy(read_file(EXAMPLE / "definition.yaml").data)
    data["nodes"][2]["children"][0]["weight"] = 0.5
    assert fits("definition", data)


def _set(*path: str | int, value: object) -> Callable[[Any], None]:
    def change(data: Any) -> None:
        for step in path[:-1]:
            data = data[step]
        data[path[-1]] = value

    return change


def _drop(*path: str | int) -> Callable[[Any], None]:
    def change(data: Any) -> None:
        for step in path[:-1]:
            data = data[step]
        del data[path[-1]]

    return change


@pytest.mark.parametrize(
    "change",
    [
        pytest.param(_set("famly", value="x"), id="unknown-key"),
        pytest.param(_drop("index"), id="missing-key"),
        pytest.param(_set("version", value="1.0"), id="wrong-form"),
        pytest.param(_set("questions", 0, "kind", value="essay"), id="unknown-kind"),
        pytest.param(_set("questions", 0, "highest", value="4"), id="not-whole"),
        pytest.param(_set("questions", 0, "options", value=[{"id": "a"}, {"id": "b"}]), id="key-of-another-kind"),
        pytest.param(_set("questions", 2, "options", value=[{"id": "alone"}]), id="one-option"),
        pytest.param(_set("questions", 10, "curve", "form", value="bell"), id="unknown-curve"),
        pytest.param(_set("nodes", 0, "aggregation", value="mode"), id="unknown-aggregation"),
        pytest.param(_set("nodes", 2, "children", 0, "weight", value="-1"), id="negative-text"),
        pytest.param(_set("nodes", 2, "children", 0, "weight", value=0), id="weight-zero"),
        pytest.param(_set("nodes", 2, "least_counted", value=2), id="share-above-one"),
        pytest.param(_set("constants", 0, "value", value="nothing"), id="not-exact"),
        pytest.param(_set("questions", value=[]), id="empty-list"),
    ],
)
def test_mistakes_do_not_fit(change: Callable[[Any], None]) -> None:
    data = copy.deepcopy(read_file(EXAMPLE / "definition.yaml").data)
    change(data)
    assert not fits("definition", data)


@pytest.mark.parametrize(
    "change",
    [
        pytest.param(_drop("title"), id="missing-key"),
        pytest.param(_set("title", value=""), id="empty"),
        pytest.param(_set("questions", "Not An Id", value={"title": "T"}), id="wrong-id"),
        pytest.param(_set("questions", "scrap", "tilte", value="T"), id="unknown-key"),
    ],
)
def test_mistakes_in_texts_do_not_fit(change: Callable[[Any], None]) -> None:
    data = copy.deepcopy(read_file(EXAMPLE / "en.yaml").data)
    change(data)
    assert not fits("texts", data)


def test_keys_are_explained() -> None:
    made = json.loads(schema("definition"))
    assert made["properties"]["index"]["description"] == "The node that is the headline index."
    node = made["$defs"]["Node"]["properties"]
    assert "share" in node["least_counted"]["description"]
    aggregation = {value["const"]: value["description"] for value in made["$defs"]["Aggregation"]["oneOf"]}
    assert "gate" in aggregation["cumulative"]
    assert "``" not in schema("definition")


@pytest.mark.parametrize(
    "change",
    [
        pytest.param(_drop("digest"), id="missing-key"),
        pytest.param(_drop("nodes", 0, "why"), id="missing-key-that-may-be-empty"),
        pytest.param(_set("nodes", 0, "value", value=2.5), id="binary-float"),
        pytest.param(_set("nodes", 0, "value", value="5/2"), id="not-rounded"),
        pytest.param(_set("nodes", 0, "exact", value="1e3"), id="not-exact"),
        pytest.param(_set("nodes", 0, "state", value="done"), id="unknown-state"),
        pytest.param(_set("nodes", 0, "colour", value="green"), id="unknown-key"),
        pytest.param(_set("format", value="itti-scorecard/2"), id="another-format"),
    ],
)
def test_mistakes_in_scorecards_do_not_fit(example_card: bytes, change: Callable[[Any], None]) -> None:
    data = json.loads(example_card)
    assert fits("scorecard", data)
    change(data)
    assert not fits("scorecard", data)


def test_what_a_scorecard_leaves_out_is_told() -> None:
    """Every other key is always there, so nobody need guess what a missing one means; the guide names the rest."""
    made = json.loads(schema("scorecard"))
    parts = {"Scorecard": made, **{name: part for name, part in made["$defs"].items() if "properties" in part}}
    missed = {f"{name}.{key}" for name, part in parts.items() for key in part["properties"].keys() - part["required"]}
    figures = {"FigureValue.groups", "FigureValue.part", "GroupFigure.part"}
    assert missed == {"Scorecard.cohort", "NodeScore.amounts", *figures}
    page = (ROOT / "docs" / "scorecards.md").read_text()
    assert all(f"`{key.partition('.')[2]}`" in page for key in missed)


def test_the_command_prints_it(itti: Run) -> None:
    assert itti("questionnaires", "schema").out == schema("definition")
    assert itti("questionnaires", "schema", "texts").out == schema("texts")
    assert "essay" in itti("questionnaires", "schema", "essay", code=2).err


@pytest.mark.parametrize(("words", "page"), [((), "language.md"), (("migration",), "migrations.md")])
def test_the_reference_pages_are_current(itti: Run, words: tuple[str, ...], page: str) -> None:
    assert itti("questionnaires", "reference", *words).out == (ROOT / "docs" / page).read_text()
