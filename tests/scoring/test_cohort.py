"""Places in a ranking and sums over assessments."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from questionnaires.model import Definition
from scoring import Answer, Answers, ChoiceAnswer, NumberAnswer, YesNoAnswer, compile_plan
from scoring.cohort import Differing, Placed, rank, roll_up
from tests.scoring.wide import wide_definition


def definition(figures: dict[str, Any] | None = None, **ranking: Any) -> Definition:
    """Points out of 100 for those on the list, places as of the green code; figures by edition."""
    return wide_definition(
        {
            "family": "cohort",
            "version": "1.0.0",
            "origin": "own",
            "languages": ["en"],
            "rounding": {"places": 1, "mode": "half_up"},
            "index": "overall",
            "categories": ["overall"],
            "questions": [
                {"id": "points", "kind": "number", "least": 0, "most": 100},
                {"id": "listed", "kind": "yes_no"},
                {"id": "edition", "kind": "choice", "options": [{"id": "y2025"}, {"id": "y2024"}]},
                {"id": "emissions", "kind": "number", "unit": "MtCO2e", "least": 0},
                {"id": "base-year", "kind": "number", "least": 1990, "places": 0},
            ],
            "nodes": [{"id": "overall", "aggregation": "sum", "children": [{"of": "points"}]}],
            "rankings": [
                {
                    "id": "code",
                    "of": "overall",
                    "eligible": "listed",
                    "places": [
                        {"id": "a-plus", "top": "0.05"},
                        {"id": "a", "top": "0.4"},
                        {"id": "b", "top": 1},
                    ],
                    **ranking,
                }
            ],
            "roll_ups": [
                {"id": "figures", "sums": ["emissions"], "by": "edition", "same": ["base-year"], **(figures or {})}
            ],
        }
    )


def member(points: str | int, *, listed: bool | None = True) -> Answers:
    answers: dict[str, Answer] = {"points": NumberAnswer(number=Fraction(points))}
    if listed is not None:
        answers["listed"] = YesNoAnswer(yes=listed)
    return answers


def places(cohort: dict[str, Answers], **ranking: Any) -> dict[str, str | None]:
    made = definition(**ranking)
    return {each.member: each.place for each in rank(made, compile_plan(made), "code", cohort)}


def test_shares_of_forty() -> None:
    found = places({f"f{number:02}": member(100 - number) for number in range(40)})
    assert [*found.values()] == ["a-plus"] * 2 + ["a"] * 14 + ["b"] * 24


def test_a_share_of_few_is_rounded_down_to_nobody() -> None:
    found = places({f"f{number:02}": member(100 - number) for number in range(19)})
    assert "a-plus" not in found.values()
    assert [*found.values()].count("a") == 7


@pytest.mark.parametrize(
    ("words", "size", "best"),
    [
        ({"rounding": "up"}, 19, 1),
        ({"rounding": "up"}, 20, 1),
        ({"rounding": "up"}, 21, 2),
        ({"rounding": "half_up"}, 9, 0),
        ({"rounding": "half_up"}, 10, 1),
        ({"rounding": "half_even"}, 10, 0),
        ({"rounding": "half_even"}, 30, 2),
        ({"at_least": 1}, 1, 1),
        ({"at_least": 1}, 39, 1),
        ({"at_least": 1}, 40, 2),
        ({"at_least": 3}, 2, 2),
        ({"rounding": "half_up", "at_least": 1}, 2, 1),
        ({"rounding": "half_up", "at_least": 1}, 30, 2),
    ],
)
def test_a_place_says_how_its_share_is_rounded_and_how_many_hold_it_at_least(
    words: dict[str, Any], size: int, best: int
) -> None:
    cohort = {f"f{number:02}": member(100 - number) for number in range(size)}
    tops = [{"id": "a-plus", "top": "0.05", **words}, {"id": "b", "top": 1}]
    assert [*places(cohort, places=tops).values()].count("a-plus") == best


@pytest.mark.parametrize(("ties", "held"), [("together_down", ["b", "b", "b"]), ("together_up", ["a", "a", "b"])])
def test_equals_at_a_limit_are_named(ties: str, held: list[str]) -> None:
    made = definition(ties=ties, places=[{"id": "a", "top": "0.05", "at_least": 1}, {"id": "b", "top": 1}])
    cohort = {"one": member(9), "two": member(9), "last": member(3)}
    found = rank(made, compile_plan(made), "code", cohort)
    assert [(each.member, each.rank, each.place, each.tied) for each in found] == [
        ("one", 1, held[0], ("two",)),
        ("two", 1, held[1], ("one",)),
        ("last", 3, held[2], ()),
    ]


def test_equals_away_from_any_limit_are_no_tie() -> None:
    made = definition(places=[{"id": "a", "members": 1}])
    found = rank(made, compile_plan(made), "code", {"best": member(9), "one": member(5), "two": member(5)})
    assert [each.tied for each in found] == [(), (), ()]


@pytest.mark.parametrize(("ties", "best"), [("together_down", 0), ("together_up", 3)])
def test_equals_stay_together(ties: str, best: int) -> None:
    cohort = {f"f{number:02}": member(90 if number < 3 else 50 - number) for number in range(40)}
    found = places(cohort, ties=ties)
    assert [*found.values()].count("a-plus") == best
    assert len({found[name] for name in ("f00", "f01", "f02")}) == 1


@pytest.mark.parametrize(
    ("numbers", "ranks"),
    [
        ({"one": (2, 2), "two": (1, 4), "less": (3, 1)}, {"one": 1, "two": 1, "less": 3}),
        ({"one": (6, 1), "three": (3, 2), "two": (2, 3)}, {"one": 1, "three": 1, "two": 1}),
        ({"exact": (4, 1), "next": (4, Fraction(10**30 + 1, 10**30))}, {"next": 1, "exact": 2}),
        (
            {"exact": (1, 4), "next": (1, Fraction(4 * 10**18 + 1, 10**18)), "same": (2, 2)},
            {"next": 1, "exact": 2, "same": 2},
        ),
    ],
)
def test_the_same_number_is_a_tie_however_it_was_come_to(
    numbers: dict[str, tuple[Fraction | int, Fraction | int]], ranks: dict[str, int]
) -> None:
    """The product of the roots of 2 and 2 is that of the roots of 1 and 4, though only one of them is known exactly."""
    structure = definition().model_dump(mode="json", by_alias=True, exclude={"texts"}, exclude_defaults=True)
    number = {"kind": "number", "least": 0}
    product = {"aggregation": "formula", "formula": "root(points, 2) * root(with, 2)"}
    node = {"id": "overall", "children": [{"of": "points"}, {"of": "with"}], **product}
    structure |= {"questions": [{"id": "points", **number}, {"id": "with", **number}], "nodes": [node], "roll_ups": []}
    structure["rankings"] = [{"id": "code", "of": "overall", "places": [{"id": "a", "members": 1}]}]
    made = wide_definition(structure)
    cohort: dict[str, Answers] = {
        name: {"points": NumberAnswer(number=Fraction(one)), "with": NumberAnswer(number=Fraction(other))}
        for name, (one, other) in numbers.items()
    }
    assert {each.member: each.rank for each in rank(made, compile_plan(made), "code", cohort)} == ranks


def test_who_takes_no_part_has_no_place_and_does_not_count() -> None:
    cohort = {"in": member(10), "out": member(99, listed=False), "unknown": member(98, listed=None)}
    made = definition()
    assert rank(made, compile_plan(made), "code", cohort) == (
        Placed("in", "10", 1, "b"),
        Placed("out", None, None, None),
        Placed("unknown", None, None, None),
    )


def test_who_may_not_hold_a_place_gets_the_next_and_nobody_moves_up() -> None:
    tops = [
        {"id": "a-plus", "top": "0.1", "eligible": "base-year >= 2020"},
        {"id": "a", "top": "0.4", "eligible": "points > 50"},
    ]
    cohort = {f"f{number:02}": member(100 - 10 * number) for number in range(10)}
    modern = {"base-year": NumberAnswer(number=Fraction(2021))}
    assert [*places(cohort, places=tops).values()] == ["a"] * 4 + [None] * 6, "the year is not known"
    assert [*places(cohort | {"f01": {**cohort["f01"], **modern}}, places=tops).values()] == ["a"] * 4 + [None] * 6
    assert places(cohort | {"f00": {**cohort["f00"], **modern}}, places=tops)["f00"] == "a-plus"
    assert [*places({name: member(5) for name in "ab"}, places=tops, ties="together_up").values()] == [None, None]


def test_nobody_is_ranked_without_a_value() -> None:
    assert places({"open": {"listed": YesNoAnswer(yes=True)}}) == {"open": None}


@given(st.lists(st.integers(0, 100), min_size=1, max_size=60), st.sampled_from(["together_down", "together_up"]))
def test_better_never_stands_lower(points: list[int], ties: str) -> None:
    cohort = {f"f{number:02}": member(value) for number, value in enumerate(points)}
    made = definition(ties=ties)
    found = rank(made, compile_plan(made), "code", cohort)
    order = ["a-plus", "a", "b"]
    standing = [order.index(each.place or "") for each in found]
    assert standing == sorted(standing)
    if ties == "together_down":
        assert standing.count(0) <= len(points) * 5 // 100
        assert sum(place <= 1 for place in standing) <= len(points) * 40 // 100
    for one in found:
        assert len({each.place for each in found if each.value == one.value}) == 1


def cluster(edition: str, emissions: int | None, base_year: int) -> Answers:
    answers: dict[str, Answer] = {
        "edition": ChoiceAnswer(choice=edition),
        "base-year": NumberAnswer(number=Fraction(base_year)),
    }
    if emissions is not None:
        answers["emissions"] = NumberAnswer(number=Fraction(emissions))
    return answers


def test_figures_are_added_up_by_edition_and_differing_base_years_are_told() -> None:
    made = definition()
    cohort = {
        "port": cluster("y2024", 16, 2020),
        "coast": cluster("y2024", 16, 2021),
        "river": cluster("y2024", 143, 2021),
        "hill": cluster("y2025", None, 2021),
    }
    newer, older = roll_up(made, compile_plan(made), "figures", cohort)
    assert (newer.by, older.by) == ("y2025", "y2024")
    assert (older.sums[0].value, older.sums[0].exact) == ("175.0", "175")
    assert older.differing == (Differing("base-year", {"2020": ("port",), "2021": ("coast", "river")}),)
    assert newer.sums[0].value is None
    assert newer.sums[0].without == ("hill",)
    assert newer.differing == ()


def test_a_forecast_is_left_out_knowingly_and_named() -> None:
    rule = {"id": "forecast", "of": "emissions", "when": "base-year > 2026"}
    made = definition(figures={"left_out": [rule]})
    cohort = {
        "port": cluster("y2024", 16, 2021),
        "coast": cluster("y2024", 900, 2050),
        "hill": cluster("y2024", None, 2050),
        "dune": {key: answer for key, answer in cluster("y2024", 7, 2021).items() if key != "base-year"},
    }
    (group,) = roll_up(made, compile_plan(made), "figures", cohort)
    (emissions,) = group.sums
    assert (emissions.exact, emissions.counted, emissions.without) == ("16", ("port",), ("hill",))
    assert emissions.left_out == {"forecast": ("coast", "dune")}, "a year that is not known might be one to come"
