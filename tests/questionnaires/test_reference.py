"""The reference page: current, complete, and every example on it is one that was checked."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from questionnaires import load_folder
from questionnaires.formula.functions import FUNCTIONS
from questionnaires.formula.kinds import ANY, FormulaMistaken, Scope, check
from questionnaires.formula.parsing import parse
from questionnaires.formula.tree import Call, walk
from questionnaires.loading import EXAMPLE, EXAMPLES, read_file
from questionnaires.model import Structure, Texts
from questionnaires.nodes import Aggregation, RuleKind
from questionnaires.places import read
from questionnaires.reference import DEFINITIONS, Example, page
from scoring import compile_plan, score
from scoring.sheet import read_sheet

ROOT = Path(__file__).parents[2]
TEMPLATE = (EXAMPLE.parent / "reference.md").read_text()
SOURCES = tuple((folder / name).read_text() for folder in EXAMPLES for name in ("definition.yaml", "en.yaml"))
PAGE = (ROOT / "docs" / "language.md").read_text()


def blocks(kind: str) -> list[str]:
    return re.findall(rf"```{kind}\n(.*?)```", PAGE, re.DOTALL)


FORMULAS = [line for block in blocks("formula") for line in block.splitlines()]


def test_current() -> None:
    assert page(DEFINITIONS, TEMPLATE, *SOURCES) == PAGE, "itti questionnaires reference > docs/language.md"


def test_the_examples_are_valid() -> None:
    assert [load_folder(folder).name for folder in EXAMPLES] == [
        "every-word@1.0.0",
        "production-lines@1.0.0",
        "machines-of-lines@1.0.0",
    ]


@pytest.mark.parametrize(
    ("folder", "example", "stated"),
    [(EXAMPLES[0], "a-dairy", 15), (EXAMPLES[1], "two-lines", 3), (EXAMPLES[2], "two-lines", 6)],
)
def test_the_examples_are_scored_as_their_authors_say(folder: Path, example: str, stated: int) -> None:
    sheet = read_sheet(read_file(folder / "examples" / f"{example}.yaml"))
    scorecard = score(compile_plan(load_folder(folder)), sheet.given())
    assert sheet.expected == {node.id: node.value for node in scorecard.nodes if not node.is_profile}
    assert len(sheet.expected) == stated
    assert sheet.expected_bands == {node.id: node.band for node in scorecard.nodes if node.band}
    assert list(sheet.unexpected(scorecard)) == []


@pytest.mark.parametrize("name", DEFINITIONS.words())
def test_every_word_has_its_place_and_an_example(name: str) -> None:
    assert f"\n### {name}\n" in PAGE
    examples = [Example((Structure, Texts)[place % 2], source) for place, source in enumerate(SOURCES)]
    assert [cut for example in examples if (cut := example.of_word(DEFINITIONS.words()[name])) and cut in PAGE]


@pytest.mark.parametrize("name", DEFINITIONS.enumerations())
def test_every_enumeration_has_its_place(name: str) -> None:
    part = PAGE.partition(f"\n### {name}\n")[2].partition("\n### ")[0]
    for value in DEFINITIONS.enumerations()[name]:
        assert f"`{value.value}`" in part


@pytest.mark.parametrize("value", [*Aggregation, *RuleKind])
def test_every_aggregation_and_kind_of_rule_has_an_example(value: Aggregation | RuleKind) -> None:
    assert re.search(rf"(aggregation|kind): {value.value}\b", "\n".join(blocks("yaml")))


@pytest.mark.parametrize("text", blocks("yaml"))
def test_examples_are_cut_whole(text: str) -> None:
    document = read(text.encode(), "example")
    assert [mistake.code for mistake in document.mistakes] in ([], ["file-empty"])
    lines = {line.strip() for source in SOURCES for line in source.splitlines()}
    assert all(line.strip() in lines for line in text.splitlines() if "$schema" not in line)


@pytest.mark.parametrize("text", FORMULAS)
def test_formulas_fit_the_example(text: str) -> None:
    scope = Scope.of(load_folder(EXAMPLE))
    try:
        check(text, scope, "truth")
    except FormulaMistaken:
        check(text, scope, "number", ANY)


def test_every_function_has_an_example() -> None:
    called = {part.function for text in FORMULAS for part in walk(parse(text)) if isinstance(part, Call)}
    assert called == set(FUNCTIONS)


@pytest.mark.parametrize("target", sorted(set(re.findall(r"\]\(#([\w-]+)\)", PAGE))))
def test_links_within_the_page_lead_somewhere(target: str) -> None:
    assert target in {
        line.lstrip("#").strip().lower().replace(" ", "-") for line in PAGE.splitlines() if line[:1] == "#"
    }
