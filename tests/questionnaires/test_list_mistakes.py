"""Mistakes of lists: the example of lists, spoilt in one place for each."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from questionnaires import load_folder
from questionnaires.loading import EXAMPLES, read_file
from questionnaires.mistakes import Mistake, Mistaken
from tests.questionnaires.test_mistakes import LIST_MISTAKES, Data, Spoil, all_of, put, thing


@cache
def _example() -> tuple[Data, Data]:
    data, words = (read_file(EXAMPLES[1] / name).data for name in ("definition.yaml", "en.yaml"))
    assert isinstance(data, dict)
    assert isinstance(words, dict)
    return data, words


def add(part: str, **word: Any) -> Spoil:
    def spoil(data: Data) -> None:
        data.setdefault(part, []).append(copy.deepcopy(word))

    return spoil


FUELS = all_of(
    add("questions", id="fuels", kind="items", most=5, asks=["amount"]),
    add("questions", id="amount", kind="number", least=0),
    put("facts", "questions", 0, value="fuels"),
    lambda data: thing(data, "facts")["questions"].append("lines"),
)
"""A second list."""

WITHIN = all_of(
    add("questions", id="fuels", kind="items", most=5, asks=["amount"]),
    add("questions", id="amount", kind="number", least=0),
    put("lines", "asks", 0, value="fuels"),
)
"""A list that is asked of every item of the other."""

CASES: dict[str, tuple[Spoil, str]] = {
    "unknown-question": (put("lines", "asks", 0, value="nothing"), "/questions/0/asks/0"),
    "asked-twice": (put("lines", "asks", 1, value="line-kind"), "/questions/0/asks/1"),
    "asked-twice by two lists": (all_of(FUELS, put("fuels", "asks", 0, value="staff")), "/questions/7/asks/0"),
    "goes-over-already": (
        add("questions", id="spare", kind="computed", formula="max(0, 100 - sum(staff))"),
        "/questions/7/formula",
    ),
    "goes-over-already in a condition": (
        add("conditions", id="crowded", when="count(sum(staff) > 9) >= 1"),
        "/conditions/1/when",
    ),
    "list-in-list": (
        all_of(
            FUELS,
            add("questions", id="shifts", kind="items", most=2, asks=["hours"]),
            add("questions", id="hours", kind="number", least=0),
            put("fuels", "asks", 0, value="shifts"),
            put("lines", "asks", 0, value="fuels"),
        ),
        "/questions/7/asks/0",
    ),
    "cycle of lists": (put("lines", "asks", 0, value="lines"), "/questions/0"),
    "asked-twice an inner list": (
        all_of(FUELS, put("lines", "asks", 0, value="fuels"), put("lines", "asks", 1, value="fuels")),
        "/questions/0/asks/1",
    ),
    "member-in-section an inner list": (
        all_of(FUELS, put("lines", "asks", 0, value="fuels")),
        "/sections/0/questions/0",
    ),
    "list-asks-too-much of inner items": (
        all_of(FUELS, put("lines", "asks", 0, value="fuels"), put("fuels", "most", value=500)),
        "/questions/0/most",
    ),
    "weights-total-of-items within a list": (
        all_of(
            WITHIN,
            put("line", "children", value=[{"of": "amount"}]),
            put("line", "weights_total", value=1),
        ),
        "/nodes/0/weights_total",
    ),
    "formula-item-not-named of an inner list": (
        all_of(WITHIN, put("staff", "applies_when", value="amount > 1")),
        "/questions/3/applies_when",
    ),
    "formula-two-lists within one": (
        all_of(
            WITHIN,
            add("questions", id="tools", kind="items", most=2, asks=["age"]),
            add("questions", id="age", kind="number", least=0),
            put("lines", "asks", 1, value="tools"),
            put("more-on-lines-than-people", "when", value="sum(age * amount) > people"),
        ),
        "/contradictions/1/when",
    ),
    "formula-so-many of inner items": (
        all_of(WITHIN, put("weak-line", "when", value="lowest(101, amount) < 1")),
        "/nodes/1/rules/1/when",
    ),
    "list-asks-too-much": (
        all_of(
            put("lines", "most", value=500),
            put("lines", "asks", value=["line-kind", "staff", "upkeep", "scrap", "scrap-beyond-usual"] * 5),
        ),
        "/questions/0/most",
    ),
    "limits-cross": (put("lines", "least", value=21), "/questions/0/least"),
    "each-of-no-list": (put("line", "each", value="people"), "/nodes/0/each"),
    "child-of-other-list": (
        all_of(FUELS, put("line", "children", value=[{"of": "amount"}])),
        "/nodes/0/children/0/of",
    ),
    "weights-total-of-items": (put("all-lines", "weights_total", value=1), "/nodes/1/weights_total"),
    "weights-in-units": (
        put("all-lines", "children", value=[{"of": "line", "weight": "scrap"}, {"of": "people"}]),
        "/nodes/1/children",
    ),
    "list-as-child": (put("all-lines", "children", value=[{"of": "line"}, {"of": "lines"}]), "/nodes/1/children/1/of"),
    "member-alone": (put("", "index", value="line"), "/index"),
    "member-alone in a category": (put("", "categories", value=["all-lines", "line"]), "/categories/1"),
    "member-alone in a view": (add("views", id="v", nodes=["line"]), "/views/0/nodes/0"),
    "member-alone ranked": (
        add("rankings", id="r", of="line", places=[{"id": "first", "top": "0.5"}]),
        "/rankings/0/of",
    ),
    "member-alone rolled up": (add("roll_ups", id="r", sums=["staff"]), "/roll_ups/0/sums/0"),
    "member-alone telling groups": (add("roll_ups", id="r", sums=["people"], by="line-kind"), "/roll_ups/0/by"),
    "member-alone of a cohort": (add("cohort_figures", id="c", of="staff", figure="mean"), "/cohort_figures/0/of"),
    "member-alone compared": (
        add("crosswalks", id="c", items=[{"id": "i", "of": ["people", "staff"]}]),
        "/crosswalks/0/items/0/of/1",
    ),
    "member-in-section": (put("facts", "questions", value=["lines", "people", "staff"]), "/sections/0/questions/2"),
    "formula-item-not-named": (put("many-wasteful", "when", value="wasteful"), "/nodes/1/rules/0/when"),
    "formula-item-not-named by its value": (put("weak-line", "at_most", value="line"), "/nodes/1/rules/1/at_most"),
    "formula-item-not-named within another list": (
        all_of(FUELS, put("staff", "applies_when", value="amount > 1")),
        "/questions/3/applies_when",
    ),
    "formula-two-lists": (
        all_of(FUELS, put("more-on-lines-than-people", "when", value="sum(staff * amount) > people")),
        "/contradictions/1/when",
    ),
    "formula-score-of-list": (put("weak-line", "when", value="score(lines) < 1"), "/nodes/1/rules/1/when"),
    "formula-so-many": (put("weak-line", "when", value="lowest(21, line) < 1"), "/nodes/1/rules/1/when"),
    "formula-not-whole": (put("weak-line", "when", value="lowest(lines / 3, line) < 1"), "/nodes/1/rules/1/when"),
    "formula-item-not-named among how many": (
        put("weak-line", "when", value="lowest(ceil(staff), line) < 1"),
        "/nodes/1/rules/1/when",
    ),
    "formula-rank-alone": (
        put("steady-yet-wasteful", "when", value="wasteful and rank(people) > 1"),
        "/contradictions/0/when",
    ),
    "formula-item-not-named in a rank": (put("weak-line", "when", value="rank(line) = 1"), "/nodes/1/rules/1/when"),
    "formula-not-an-id": (put("weak-line", "when", value="lines.a < 1"), "/nodes/1/rules/1/when"),
    "formula-unknown-name-near": (put("weak-line", "when", value="lines.zz.yy < 1"), "/nodes/1/rules/1/when"),
    "cycle": (put("lines", "applies_when", value="sum(staff) > 3"), "/questions/0"),
    "in-no-category": (put("facts", "questions", value=["people"]), "/questions/0"),
    "rule-idle": (put("line", "rules", 0, "at_most", value=4), "/nodes/0/rules/0/at_most"),
}


@pytest.fixture
def mistakes(tmp_path: Path) -> Callable[[Spoil], list[Mistake]]:
    def found(spoil: Spoil) -> list[Mistake]:
        data, words = copy.deepcopy(_example())
        spoil(data)
        (tmp_path / "definition.yaml").write_text(json.dumps(data, indent=1))
        (tmp_path / "en.yaml").write_text(json.dumps(words, indent=1))
        try:
            load_folder(tmp_path)
        except Mistaken as fault:
            return list(fault.mistakes)
        return []

    return found


@pytest.mark.parametrize("case", CASES)
def test_found_with_its_place_and_remedy(case: str, mistakes: Callable[[Spoil], list[Mistake]]) -> None:
    code = case.partition(" ")[0]
    spoil, pointer = CASES[case]
    found = mistakes(spoil)
    assert (code, pointer) in [(mistake.code, mistake.pointer) for mistake in found]
    assert all(mistake.sentence("en") != mistake.sentence("ar") for mistake in found)


def test_a_list_that_nobody_is_asked_for_stands_for_all_that_it_asks(
    mistakes: Callable[[Spoil], list[Mistake]],
) -> None:
    found = mistakes(put("facts", "questions", value=["people"]))
    assert [(one.code, one.pointer) for one in found] == [("in-no-category", "/questions/0")]


def test_every_mistake_of_lists_has_a_case() -> None:
    assert {case.partition(" ")[0] for case in CASES} >= LIST_MISTAKES


@pytest.mark.parametrize(
    ("owner", "formula"),
    [
        ("weak-line", "sum(amount) > 3 and lowest(100, amount) < 1"),
        ("weak-line", "sum(amount * staff) / sum(fuels) > max(staff)"),
        ("most-scrap", "sum(amount) > staff and rank(staff) = 1 and fuels > 2"),
    ],
)
def test_inner_items_are_named_in_functions_over_them(
    owner: str, formula: str, mistakes: Callable[[Spoil], list[Mistake]]
) -> None:
    words = {"text-missing", "in-no-category", "never-counted", "text-unknown"}
    found = mistakes(all_of(WITHIN, put(owner, "when", value=formula)))
    assert [mistake for mistake in found if mistake.path[0] == "nodes" and mistake.code not in words] == []


@pytest.mark.parametrize(
    "formula",
    [
        "count(line >= 2) > 1 and lines > 2",
        "highest(3, line) > 4 or median(staff) > 3",
        "highest(ceil(lines / 3), line) / ceil(lines / 3) > 3",
        "lowest(count(wasteful), line) > 3",
        "product(if(wasteful, line / 4, 1)) > 1/2",
        "sum(staff * scrap) / sum(staff) > usual-of-all",
        "count(wasteful and staff > 3) = lines",
        "max(mean(score(upkeep), staff), people) > 3",
    ],
)
def test_all_items_are_named_in_functions_over_them(formula: str, mistakes: Callable[[Spoil], list[Mistake]]) -> None:
    plain = formula.replace("scrap", "upkeep").replace("usual-of-all", "3")
    assert mistakes(put("weak-line", "when", value=plain)) == []
