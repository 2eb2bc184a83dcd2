"""The calculation in words: every kind of question, every aggregation, rules and gates, with pen and paper."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import Final

import pytest

from itti.commands.explain import explain
from questionnaires.loading import EXAMPLE, load_folder, read_file
from questionnaires.model import Definition, Node
from questionnaires.wording import LANGUAGES
from scoring import Answer, ChoiceAnswer, ChoicesAnswer, LevelAnswer, NumberAnswer, YesNoAnswer, compile_plan, score
from scoring.sheet import read_sheet

DEFINITION: Final = load_folder(EXAMPLE)
PLAN: Final = compile_plan(DEFINITION)
ANSWERS: Final = read_sheet(read_file(EXAMPLE / "examples" / "a-dairy.yaml")).given()


def told(changes: Mapping[str, Answer | None] | None = None, language: str = "en") -> str:
    """The explanation of the example with some answers changed; None: taken away."""
    answers = {**ANSWERS, **(changes or {})}
    given = {question: answer for question, answer in answers.items() if answer is not None}
    return "\n".join(explain(DEFINITION, score(PLAN, given), language))


@pytest.mark.parametrize(
    "line",
    [
        # kinds of questions
        "[maintenance]: level 3 (By condition), weight 1",
        "[energy-review]: Every month, worth 4, weight 1",
        "Certified quality management; Certified environmental management, worth 4",
        "1 + 3 = 4",
        "(1×4 + 2×2) / (1 + 2) = 8/3",
        "[safety-officer]: yes, worth 4",
        "[training]: does not apply, counted with 0",
        "convert(electricity, 'kWh') / output = convert(1200.5, 'kWh') / 12005 = 100",
        "(100 - 200) / (40 - 200) = 5/8, so 5/2",
        "on the step that begins at 1: 3",
        "from 100 to 10000 by the logarithm: 1000 is worth 2.000000…",
        # aggregations
        "mean: (3 + 3) / 2 = 3 → 3.00",
        "weighted mean: (2×3 + 1×8/3 + 1×2) / (2 + 1 + 1) = 8/3 → 2.7",
        "geometric mean: (8/3)^(3/5) × (2.833333…)^(2/5) → 2.73",
        "harmonic mean: (1 + 1) / (1/(3) + 1/(2)) → 2.40",
        "sum: 2×3 + 1×4 = 10 → 10.00",
        "the highest of these decides → 4.00",
        "the lowest of these decides → 3.00",
        "at least 3 is reached by: maintenance, energy-review → 2.00",
        "100 × their weight / (2 + 1) → 100.00",
        "/ (2×4 + 1×4 + 1×4 + 1×4 + 1×4)",
        "convert(1200.5, 'kWh') * 0.4 = 480200 → 480200.00",
        "gate passed: Assured [assured], worth 2: maintenance >= 3 and safety-officer (3 >= 3 and 4)",
        "no more than 7/2 counts here",
        "[no-officer]: did not fire",
    ],
)
def test_every_word_can_be_followed(line: str) -> None:
    assert line in told()


def test_rules_that_fired_tell_what_they_cost() -> None:
    said = told({"safety-officer": YesNoAnswer(yes=False)})
    assert "[no-officer]: fired, 2.41 becomes 0.00, “Developing” becomes “Starting”" in said
    assert "gate not passed: Assured [assured]" in said


def test_a_rule_without_effect_says_so() -> None:
    said = told({"safety-officer": YesNoAnswer(yes=False), "certificates": ChoicesAnswer(choices=("fined",))})
    assert "[fine]: fired, and changed nothing" in said
    assert "(-2) = -2, held within the limits of the question: 0" in said


@pytest.mark.parametrize(
    ("electricity", "line"),
    [
        ("12005", "1000 does not reach 200, where the curve begins: 0"),
        ("120.05", "10 is beyond 40, where the curve stays: 4"),
    ],
)
def test_ends_of_a_curve(electricity: str, line: str) -> None:
    assert line in told({"electricity": NumberAnswer(number=Fraction(electricity))})


def dated() -> Definition:
    """The example with a node that counts the years of the permit, by whether it is reviewed."""
    formula = "if(picked(records, 'production', 'mixed'), years(permit-issued, permit-until), 0)"
    children = [{"of": "permit-issued"}, {"of": "permit-until"}, {"of": "records"}]
    node = Node.model_validate({"id": "weakest", "aggregation": "formula", "children": children, "formula": formula})
    nodes = tuple(node if each.id == "weakest" else each for each in DEFINITION.nodes)
    return DEFINITION.model_copy(update={"nodes": nodes})


@pytest.mark.parametrize(("language", "day"), [("en", "29 February 2024"), ("ar", "29 فبراير 2024")])
def test_dates_are_told_in_words_and_put_into_formulas(language: str, day: str) -> None:
    definition = dated()
    definition = definition.model_copy(update={"texts": {language: DEFINITION.texts["en"]}, "languages": (language,)})
    said = "\n".join(explain(definition, score(compile_plan(definition), ANSWERS), language))
    assert f"[permit-issued]: {day}" in said
    assert "if(picked(records, 'production', 'mixed'), years(date('2024-02-29'), date('2029-02-28')), 0) = 4" in said


def test_rules_wait_for_answers() -> None:
    assert "[no-officer]: waits for answers" in told({"safety-officer": None})


def test_disregarded_answers_are_named() -> None:
    said = told({"sector": ChoiceAnswer(choice="cement"), "waste-water": LevelAnswer(level=2)})
    assert "Waste water [waste-water]: not asked here; the answer “2” does not count" in said
    assert "[waste-water]: left out, does not apply" in said


def test_computed_questions_are_not_called_open() -> None:
    said = told({"output": None, "maintenance": None})
    assert "2 questions are open: maintenance, output" in said


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("taken", ["", *ANSWERS])
def test_any_missing_answer_can_be_explained(taken: str, language: str) -> None:
    assert "[overall]" in told({taken: None} if taken else None, language)
