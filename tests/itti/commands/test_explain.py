"""The calculation in words: every kind of question, every aggregation, rules and gates, with pen and paper."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import Final

import pytest

from itti.commands.columns import WIDTH, columns
from itti.commands.explain import explain
from questionnaires.loading import EXAMPLE, examples, load, load_folder, read_file
from questionnaires.model import Definition, Node
from questionnaires.wording import LANGUAGES
from scoring import Answer, ChoiceAnswer, ChoicesAnswer, LevelAnswer, NumberAnswer, YesNoAnswer, compile_plan
from scoring.sheet import read_sheet
from scoring.tracing import trace

DEFINITION: Final = load_folder(EXAMPLE)
PLAN: Final = compile_plan(DEFINITION)
ANSWERS: Final = read_sheet(read_file(EXAMPLE / "examples" / "a-dairy.yaml")).given()


def told(changes: Mapping[str, Answer | None] | None = None, language: str = "en") -> str:
    """The explanation of the example with some answers changed; None: taken away."""
    answers = {**ANSWERS, **(changes or {})}
    given = {question: answer for question, answer in answers.items() if answer is not None}
    return "\n".join(explain(DEFINITION, trace(PLAN, given), language, width=1000))


@pytest.mark.parametrize(
    "line",
    [
        # kinds of questions
        "[maintenance]: level 3 (By condition); contributes 3 / 2 = 1.5",
        "[energy-review]: Every month, worth 4; weight 1, contributes 4 × 1 × 4 / 24 = 2/3 ≈ 0.6667",
        "Certified quality management, Certified environmental management, worth 4",
        "options added up: 1 + 3 = 4",
        "weight times value of each row, over the weights: (1 × 4 + 2 × 2) / (1 + 2) = 8/3 ≈ 2.6667",
        "[safety-officer]: Yes, worth 4",
        "[training]: does not apply, counts with 0",
        "reason given: All operators come trained",
        "computed: electricity * 1000 / output = 1200.5 × 1000 / 12005 = 100",
        "lead value: lead-intensity = 40",
        "Leading electricity per tonne by sector [lead-intensity], “",
        "place on the way from 200 (worth 0) to 40 (worth 4): (100 - 200) / (40 - 200) = 0.625",
        "so it is worth 0 + 0.625 × 4 = 2.5",
        "4.2 lies above 1 and below 5: worth 3",
        "by the logarithm: (ln(1000) - ln(100)) / (ln(10000) - ln(100)) = 0.5000000000…",
        # aggregations
        "Mean, the contributions added up: 1.5 + 1.5 = 3",
        "weight 2 of 4, contributes 3 × 2 / 4 = 1.5",
        "Weighted mean, the contributions added up: 1.5 + 2/3 + 0.5 = 8/3 ≈ 2.6667",
        "Geometric mean: (8/3)^0.6 × 2.8333333333…^0.4 = 2.7321233799…",
        "Harmonic mean: (1 + 1) / (1 / 3 + 1 / 2) = 2.4",
        "Sum of the contributions: 6 + 4 = 10",
        "The highest of the parts: max(3, 4) = 4",
        "The lowest of the parts: min(3, 4) = 3",
        "worth 8/3 ≈ 2.6667; reaches 2, contributes 1",
        "How many parts reach it: 1 + 1 + 1 = 3",
        "Weight of “How often are energy figures reviewed?”: review-weight = 1",
        "Band: Small emitter, up to 1000000",
        "reaches 3, contributes 2 × 100 / 3 = 200/3 ≈ 66.6667",
        "Share of the weight that reaches it: 200/3 + 100/3 = 100",
        "The most that could be achieved, weight times highest value: 2 × 4 + 1 × 4 + 1 × 4 + 1 × 4 + 1 × 4 = 24",
        "Formula: electricity * 1000 * grid-factor = 1200.5 × 1000 × 0.4 = 480200",
        "Gate passed: Assured [assured], worth 2; maintenance >= 3 and safety-officer holds: 3 ≥ 3 and yes",
        # what is stated
        "Rounded to 1 decimal, halves to the even digit: 8/3 ≈ 2.6667 → 2.7",
        "Rounded to 2 decimals, halves up: 2.7321233799… → 2.73",
        "Band: Developing, from 2 to below 3",
        "[no-officer]: changes nothing, as safety-officer holds: yes",
        "years(permit-issued, permit-until) < 2 does not hold: years(2024-02-29, 2029-02-28) < 2",
    ],
)
def test_every_word_can_be_followed(line: str) -> None:
    assert line in told()


def test_rules_that_fired_tell_what_they_cost() -> None:
    said = told({"safety-officer": YesNoAnswer(yes=False)})
    assert "[no-officer]: applied, as safety-officer does not hold: no" in said
    assert "the value becomes 0: 2.4120945619… becomes 0" in said
    assert "it costs 2.41: stated 2.41 becomes 0.00" in said
    assert "it costs the band: “Developing” becomes “Starting”" in said


def test_the_gate_that_stops_the_climb_names_its_condition() -> None:
    said = told({"safety-officer": YesNoAnswer(yes=False)})
    assert "Gate not passed, the climb ends here: Assured [assured], worth 2" in said
    assert "does not hold: safety-officer; here: no" in said
    said = told({"maintenance": LevelAnswer(level=1)})
    assert "Gate not passed, the climb ends here: Managed [managed], worth 1; maintenance >= 2 does not hold" in said
    assert "Gate not reached: Assured [assured], worth 2" in said


def test_a_rule_without_effect_says_so() -> None:
    said = told({"safety-officer": YesNoAnswer(yes=False), "certificates": ChoicesAnswer(choices=("fined",))})
    assert "[fine]: applied, as has(certificates, 'fined') holds: yes\n    the value is no more than 2" in said
    assert "it costs nothing here" in said
    assert "options added up: (-2) = -2" in said
    assert "held within the limits (at least 0, at most 4): -2 becomes 0" in said


def test_a_cap_says_what_it_cut_off() -> None:
    said = told({"training": NumberAnswer(number=Fraction(40))})
    assert "[people]: 4; weight 1 of 4, contributes 3.5 × 1 / 4 = 0.875" in said
    assert "of 4 no more than 3.5 counts here" in said


@pytest.mark.parametrize(
    ("electricity", "line"),
    [
        ("12005", "1000 does not go beyond the base value 200: worth 0"),
        ("120.05", "10 reaches the lead value 40: worth 4"),
    ],
)
def test_ends_of_a_curve(electricity: str, line: str) -> None:
    assert line in told({"electricity": NumberAnswer(number=Fraction(electricity))})


@pytest.mark.parametrize(
    ("name", "number", "line"),
    [
        ("scrap", "1", "1 does not lie above 1: worth 4"),
        ("scrap", "5", "5 is 5 or more: worth 0"),
        ("training", "0", "0 does not lie beyond the first corner 0: worth 0"),
        ("training", "50", "50 lies at the last corner 40 or beyond: worth 4"),
        ("training", "20", "place on the way from 8 (worth 3) to 40 (worth 4): (20 - 8) / (40 - 8) = 0.375"),
    ],
)
def test_steps_and_corners(name: str, number: str, line: str) -> None:
    assert line in told({name: NumberAnswer(number=Fraction(number))})


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
    said = "\n".join(explain(definition, trace(compile_plan(definition), ANSWERS), language, width=1000))
    assert day in said
    assert "= years(2024-02-29, 2029-02-28) = 4" in said
    condition = "picked(records, 'production', 'mixed')"
    assert condition in said


def test_rules_wait_for_answers() -> None:
    assert "[no-officer]: waits for answers; safety-officer: ?" in told({"safety-officer": None})


def test_disregarded_answers_are_named() -> None:
    said = told({"sector": ChoiceAnswer(choice="cement"), "waste-water": LevelAnswer(level=2)})
    assert "Waste water [waste-water]: not asked here; the answer" in said
    assert "[waste-water]: does not apply, counts with 0" in said
    assert "it applies only where sector = 'dairy'; here: 'cement' = 'dairy'" in said


def test_computed_questions_are_not_called_open() -> None:
    said = told({"output": None, "maintenance": None})
    assert "2 questions are open: maintenance, output" in said


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("taken", ["", *ANSWERS])
def test_any_missing_answer_can_be_explained(taken: str, language: str) -> None:
    assert "[overall]" in told({taken: None} if taken else None, language)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_tree_of_at_most_a_hundred_columns(language: str) -> None:
    """The headline first, each node with its parts further in, each worked out once."""
    definition = load("itti", "2.0.0")
    path = next(path for path in examples("itti", "2.0.0") if path.stem == "dates-packing")
    lines = list(explain(definition, trace(compile_plan(definition), read_sheet(read_file(path)).given()), language))
    assert max(columns(line) for line in lines) <= WIDTH
    places = [place for place, line in enumerate(lines) if line.count("[transformation-strategy]") == 1]
    depths = [len(lines[place]) - len(lines[place].lstrip()) for place in places]
    assert depths[:2] == [6, 6]  # as a part of its category, and as a node below it


@pytest.mark.parametrize(
    ("language", "said"), [("en", "the answers give no number that fits"), ("ar", "الإجابات لا يَنتج عنها عدد صالح")]
)
def test_a_weight_without_a_fitting_number_is_not_called_too_little_weight(language: str, said: str) -> None:
    definition = load_folder(EXAMPLE)
    nodes = [
        node.model_copy(
            update={"children": tuple(child.model_copy(update={"weight": "0 - 1"}) for child in node.children)}
        )
        if node.id == "operation"
        else node
        for node in definition.nodes
    ]
    changed = definition.model_copy(update={"nodes": tuple(nodes)})
    first = "\n".join(explain(changed, trace(compile_plan(changed), ANSWERS), language, width=1000))
    assert said in next(line for line in first.splitlines() if "[operation]" in line)


@pytest.mark.parametrize(("language", "said"), [("en", "something is divided by zero"), ("ar", "قسمة على صفر")])
def test_a_division_by_zero_is_named_as_why_there_is_no_value(language: str, said: str) -> None:
    definition = load_folder(EXAMPLE)
    at = next(place for place, node in enumerate(definition.nodes) if node.id == "emissions")
    nodes = [*definition.nodes]
    nodes[at] = nodes[at].model_copy(update={"formula": "electricity / (output - output)"})
    changed = definition.model_copy(update={"nodes": tuple(nodes), "categories": ("emissions",)})
    first = "\n".join(explain(changed, trace(compile_plan(changed), ANSWERS), language, width=1000))
    assert [line for line in first.splitlines() if "[emissions]" in line and said in line]
