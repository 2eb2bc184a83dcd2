"""Where factories stand, and that published figures give no small group away."""

from __future__ import annotations

from fractions import Fraction
from itertools import combinations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scoring.benchmark import (
    EVERYBODY,
    Member,
    Percentile,
    Release,
    best_in_class,
    derivable,
    groups_of,
    name_of,
    percent_rank,
    percentile,
    quartile_of,
    ranks,
    release,
    releases,
    size_class,
    standing,
)

VALUES = st.lists(st.integers(0, 500).map(lambda number: Fraction(number, 100)), min_size=1, max_size=12)


@settings(max_examples=60)
@given(VALUES, st.integers(0, 20).map(lambda part: Fraction(part, 20)))
def test_percentiles_are_those_of_numpy(values: list[Fraction], share: Fraction) -> None:
    names = {
        Percentile.INCLUSIVE: "linear",
        Percentile.EXCLUSIVE: "weibull",
        Percentile.MEDIAN_UNBIASED: "median_unbiased",
        Percentile.NEAREST_RANK: "inverted_cdf",
    }
    floats = np.array([float(value) for value in values])
    for method, name in names.items():
        if name == "inverted_cdf" and (len(values) * share).denominator == 1:
            continue  # NumPy looks at n × share in binary floats, and may take the next value
        expected = np.quantile(floats, float(share), method=name)  # type: ignore[call-overload]
        assert float(percentile(values, share, method)) == pytest.approx(float(expected)), method


def test_percentiles_are_exact() -> None:
    tenths = [Fraction(number, 10) for number in (1, 2, 3)]
    assert percentile(tenths, Fraction(1, 4)) == Fraction(3, 20)
    assert percentile(tenths, Fraction(1, 3), Percentile.NEAREST_RANK) == Fraction(1, 10)
    assert percentile(tenths, Fraction(1, 4), Percentile.EXCLUSIVE) == Fraction(1, 10)


def test_percent_rank_is_rank_less_one_over_n_less_one() -> None:
    """The unit case of COINr: ties get the least rank."""
    values = [Fraction(value) for value in (10, 20, 20, 40)]
    assert [percent_rank(values, value) for value in values] == [0, Fraction(1, 3), Fraction(1, 3), 1]
    assert [percent_rank(values, value, less_is_better=True) for value in values] == [
        1,
        Fraction(1, 3),
        Fraction(1, 3),
        0,
    ]
    assert percent_rank([Fraction(3)], Fraction(3)) == 1


ASEM = {"CHE": "68.38", "NLD": "64.82", "DNK": "64.80", "NOR": "64.47", "BEL": "63.54", "SWE": "63.00", "IND": "39.79"}
"""Index of COINr's example; published ranks 1 to 6 and, in its income group, CHE, NLD, DNK, NOR, SWE."""


def test_ranks_are_the_published_ones() -> None:
    index = {country: Fraction(value) for country, value in ASEM.items()}
    assert [country for country, _ in sorted(ranks(index).items(), key=lambda each: each[1])][:6] == list(ASEM)[:6]
    richest = {country: index[country] for country in ("NOR", "SWE", "CHE", "DNK", "NLD")}
    assert ranks(richest) == {"CHE": 1, "NLD": 2, "DNK": 3, "NOR": 4, "SWE": 5}


def test_ties_share_the_best_rank() -> None:
    values = {name: Fraction(value) for name, value in {"a": 3, "b": 2, "c": 3, "d": 1}.items()}
    assert ranks(values) == {"a": 1, "c": 1, "b": 3, "d": 4}
    assert ranks(values, less_is_better=True) == {"d": 1, "b": 2, "a": 3, "c": 3}
    found = standing(values, "c")
    assert (found.rank, found.equals, found.of, found.quartile) == (1, 1, 4, 1)
    assert (found.median, found.to_median) == (Fraction(5, 2), Fraction(1, 2))


@given(VALUES)
def test_the_best_is_in_the_first_quarter(values: list[Fraction]) -> None:
    assert quartile_of(values, max(values)) == 1
    assert quartile_of(values, min(values), less_is_better=True) == 1
    mirrored = [-value for value in values]
    for value in values:
        assert quartile_of(values, value) == quartile_of(mirrored, -value, less_is_better=True)


def test_best_in_class_is_the_mean_of_the_top_tenth() -> None:
    values = [Fraction(value) for value in range(1, 31)]
    assert best_in_class(values) == (Fraction(29), 3)
    assert best_in_class(values, less_is_better=True) == (Fraction(2), 3)
    assert best_in_class(values[:21])[1] == 3, "a begun tenth counts"


@pytest.mark.parametrize(
    ("employees", "name"), [(1, "1-9"), (9, "1-9"), (10, "10-49"), (249, "50-249"), (250, "250+"), (9000, "250+")]
)
def test_size_classes(employees: int, name: str) -> None:
    assert size_class(employees, [250, 10, 50]) == name
    assert size_class(employees, []) == "1+"


def members(**sizes: int) -> list[Member]:
    """So many members of each sector, values rising."""
    found: list[Member] = []
    for sector, size in sizes.items():
        found += [Member(f"{sector}{n}", Fraction(len(found) + n, 10), {"sector": sector}) for n in range(size)]
    return found


def published(found: Release) -> list[str]:
    return [name_of(cell.group) for cell in found.cells]


def test_a_group_that_would_give_a_smaller_one_away_is_withheld_too() -> None:
    found = release(members(food=12, metal=3, glass=11), ["sector"])
    assert published(found) == ["*", "sector=food"], "all less food less glass would be the three of metal"
    assert [name_of(group) for group in found.withheld] == ["sector=glass", "sector=metal"]
    assert published(release(members(food=12, metal=3, glass=8), ["sector"])) == ["*", "sector=food"]
    assert published(release(members(food=12, metal=10, glass=10), ["sector"]))[1:] == [
        "sector=food",
        "sector=glass",
        "sector=metal",
    ]


def test_differences_across_overlapping_groups_are_seen() -> None:
    """Twelve of the thirteen large factories are the whole of food: large less food is one factory."""
    everybody = [Member(f"f{n}", Fraction(n), {"sector": "food", "size": "large"}) for n in range(12)]
    everybody += [Member("m0", Fraction(99), {"sector": "metal", "size": "large"})]
    everybody += [Member(f"m{n}", Fraction(n), {"sector": "metal", "size": "small"}) for n in range(1, 20)]
    found = release(everybody, ["sector", "size"])
    assert published(found) == ["*", "sector=metal", "sector=food", "sector=food size=large"], (
        "all metal less small metal is one, too"
    )


def test_peers_fall_back_to_the_next_wider_group_and_say_so() -> None:
    found = release(members(food=12, metal=6, glass=21, wood=5), ["sector"])
    metal = found.peers("metal1")
    assert (metal.group, metal.withheld) == (EVERYBODY, ((("sector", "metal"),),))
    assert metal.standing is not None
    assert metal.standing.of == 44
    food = found.peers("food11")
    assert food.group == (("sector", "food"),)
    assert (food.best, food.best_of) == (found.cells[0].best, EVERYBODY), "the top tenth of 12 is too small"
    assert food.standing is not None
    assert food.standing.rank == 1
    nobody = release(members(food=3), ["sector"])
    assert nobody.cells == ()
    assert nobody.peers("food0").group is None


def test_a_member_whose_sector_is_not_known_is_compared_with_everybody() -> None:
    found = release([*members(food=12), *(Member(f"x{n}", Fraction(1)) for n in range(10))], ["sector"])
    assert found.peers("x1").group == EVERYBODY
    assert found.peers("x1").withheld == ()


def test_k_of_one_publishes_everything() -> None:
    found = release(members(food=1, metal=2), ["sector"], least=1)
    assert len(found.cells) == 3
    assert found.withheld == ()
    assert release(members(food=1), ["sector"], least=0).least == 1


def test_nobody() -> None:
    assert release([], ["sector"]).cells == ()


def rank_of(rows: list[list[Fraction]]) -> int:
    """Rank by elimination; the judge of what follows from what."""
    rows = [list(row) for row in rows]
    rank = 0
    for column in range(len(rows[0]) if rows else 0):
        pivot = next((place for place in range(rank, len(rows)) if rows[place][column]), None)
        if pivot is None:
            continue
        rows[rank], rows[pivot] = rows[pivot], rows[rank]
        for place in range(len(rows)):
            if place != rank and rows[place][column]:
                factor = rows[place][column] / rows[rank][column]
                rows[place] = [a - factor * b for a, b in zip(rows[place], rows[rank], strict=True)]
        rank += 1
    return rank


def given_away(sets: list[frozenset[str]], names: list[str], least: int) -> set[frozenset[str]]:
    """By brute force: every set of fewer than ``least`` members that lies in the span of the published sets."""
    rows = [[Fraction(name in each) for name in names] for each in sets]
    rank = rank_of(rows)
    return {
        frozenset(chosen)
        for size in range(1, least)
        for chosen in combinations(names, size)
        if rank_of([*rows, [Fraction(name in chosen) for name in names]]) == rank
    }


@st.composite
def populations(draw: st.DrawFn) -> list[Member]:
    """A few factories by sector, size and region."""
    count = draw(st.integers(1, 9))
    traits = {"sector": st.sampled_from("ab"), "size": st.sampled_from("sl"), "region": st.sampled_from("ne")}
    return [
        Member(f"m{n}", Fraction(n), {trait: draw(kind) for trait, kind in traits.items() if draw(st.integers(0, 9))})
        for n in range(count)
    ]


@settings(max_examples=25, deadline=None)
@given(populations(), st.integers(2, 4))
def test_no_small_group_can_be_worked_out(everybody: list[Member], least: int) -> None:
    traits = ["sector", "size", "region"]
    groups = groups_of(everybody, traits)
    found = release(everybody, traits, least)
    names = [member.name for member in everybody]
    assert given_away([groups[cell.group] for cell in found.cells], names, least) == set()
    assert all(cell.count >= least for cell in found.cells)


@settings(max_examples=25, deadline=None)
@given(populations(), st.integers(2, 4), st.data())
def test_what_is_given_away_is_found(everybody: list[Member], least: int, data: st.DataObject) -> None:
    groups = list(groups_of(everybody, ["sector", "size", "region"]).values())
    sets = data.draw(st.lists(st.sampled_from(groups), min_size=1, max_size=5))
    known = given_away(sets, [member.name for member in everybody], least)
    found = derivable(sets, least)
    assert (found is None) == (not known)
    assert found is None or found in known


SECTORS = st.lists(st.sampled_from(["food", "metals", "textiles"]), min_size=1, max_size=24)


@settings(max_examples=40, deadline=None)
@given(SECTORS, st.lists(st.sets(st.integers(0, 23), max_size=6), min_size=1, max_size=3), st.integers(2, 5))
def test_benchmarks_that_leave_together_give_nobody_away(
    sectors: list[str], absent: list[set[int]], least: int
) -> None:
    """Each dimension does not apply to a few others: the counts of one must not tell of another."""
    members = {
        f"d{number}": [
            Member(f"f{place}", Fraction(place, 7), {"sector": sector})
            for place, sector in enumerate(sectors)
            if place not in gone
        ]
        for number, gone in enumerate([set[int](), *absent])
    }
    found = releases(members, ["sector"], least)
    shown = [
        frozenset(member.name for member in members[name] if set(cell.group) <= set(member.traits.items()))
        for name, each in found.items()
        for cell in each.cells
    ]
    assert derivable(list(dict.fromkeys(shown)), least) is None
    assert all(len(who) >= least for who in shown)
    if len(sectors) >= least:
        assert found["d0"].cell(EVERYBODY) == release(members["d0"], (), least).cell(EVERYBODY)
